import type { Policy } from '../config/policy.ts';
import { incidentName } from '../incident/incident.ts';
import { assert } from '../kernel/assert.ts';
import { compareTexts } from '../kernel/compare-texts.ts';
import { latest } from '../kernel/instant.ts';
import { cleanLines, cutText } from '../notification/clean-text.ts';
import { utf8Length } from '../notification/payload-size.ts';
import {
  keptBytes,
  keptIncidents,
  maxUpdateLength,
  type PublicIncident,
  type PublicUpdate,
  type StatusPageState,
  type StatusUpdate,
  syncComponents,
} from './status-page.ts';

/**
 * The page after one more update. Each incident is made anew from all its updates, so that copies and updates in another
 * order give the same page.
 */
export function applyStatusUpdate(
  state: StatusPageState,
  update: StatusUpdate,
  policy: Pick<Policy, 'statusComponents' | 'services'>,
): StatusPageState {
  const before = state.incidents.find((each) => each.id === update.incidentId);
  if (before?.updates.some((each) => each.id === update.id)) return state;
  const incident = withUpdate(before ?? null, update, componentIdsOf(update, policy));
  const incidents = keepNewest(
    [...state.incidents.filter((each) => each.id !== incident.id), incident].sort(newestFirst),
  );
  const updatedAt = latest(state.page.updatedAt, update.at);
  return syncComponents({ ...state, page: { ...state.page, updatedAt }, incidents }, policy, updatedAt);
}

function withUpdate(
  before: PublicIncident | null,
  update: StatusUpdate,
  componentIds: readonly string[],
): PublicIncident {
  const added: PublicUpdate = {
    id: update.id,
    status: update.status,
    body: cutText(cleanLines(update.text), maxUpdateLength),
    severity: update.severity,
    at: update.at,
  };
  const updates = [...(before?.updates ?? []), added].sort(
    (a, b) => compareTexts(b.at, a.at) || compareTexts(b.id, a.id),
  );
  const newest = updates[0];
  const oldest = updates.at(-1);
  assert(newest && oldest, 'an incident on the page has an update');
  return {
    id: update.incidentId,
    // Never the incident's title: it is made of labels.
    name: `Incident ${incidentName(update.incidentNumber)}`,
    status: newest.status,
    severity: newest.severity,
    componentIds: [...new Set([...(before?.componentIds ?? []), ...componentIds])].sort(),
    createdAt: oldest.at,
    updatedAt: newest.at,
    monitoringAt: updates.findLast(({ status }) => status === 'monitoring')?.at ?? null,
    resolvedAt: newest.status === 'resolved' ? newest.at : null,
    updates,
  };
}

/** An incident without a service, or of one without a component, is told about but breaks nothing on the page. */
function componentIdsOf(
  update: StatusUpdate,
  policy: Pick<Policy, 'statusComponents' | 'services'>,
): readonly string[] {
  const service = update.service === null ? undefined : policy.services[update.service];
  const component = service?.statusComponent ? policy.statusComponents[service.statusComponent] : undefined;
  return component === undefined ? [] : [component.id];
}

/** Unresolved incidents always stay; of the resolved ones the newest, as many and as much as the page keeps. */
function keepNewest(incidents: readonly PublicIncident[]): readonly PublicIncident[] {
  let bytes = 0;
  return incidents.filter((incident, index) => {
    bytes += utf8Length(JSON.stringify(incident));
    return incident.status !== 'resolved' || (index < keptIncidents && bytes <= keptBytes);
  });
}

const newestFirst = (a: PublicIncident, b: PublicIncident) =>
  compareTexts(b.createdAt, a.createdAt) || compareTexts(b.id, a.id);
