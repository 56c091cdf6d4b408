import type { AlertRecord } from '../../alert/alert.ts';
import { type Incident, isOpen } from '../../incident/incident.ts';
import { isWorse } from '../../incident/severity.ts';
import type { Judgement } from '../../route/judge-alert.ts';
import type { RoutedAlert } from '../../route/route.ts';
import type { PlanContext, PlannedAlert } from './plan-alert.ts';
import type { AlertTask } from './propose.ts';

/** A route that tells again finds the alert in an incident of less severity, which it shares. */
export interface Rising {
  readonly incidentId: string;
  readonly routed: RoutedAlert;
}

interface Unmuted {
  readonly task: AlertTask;
  readonly before: AlertRecord;
  readonly after: AlertRecord;
  readonly why: string;
}

/** Until when a route that takes the alert was muted as it was told by others. */
export const withMutedUntil = (after: AlertRecord, judgement: Judgement): AlertRecord => {
  const { mutedUntil: _over, ...rest } = after;
  const until = judgement.kind === 'routed' ? judgement.mutedUntil : undefined;
  return until === undefined ? rest : { ...rest, mutedUntil: until };
};

/**
 * What becomes of an alert in an open incident when a route that was muted tells again: it joins the incidents of that route
 * besides, or raises the one that both share. Those who would have been told without the interval are told now.
 */
export function planUnmuted(
  { task, before, after, why }: Unmuted,
  judgement: Extract<Judgement, { kind: 'routed' }>,
  { attached }: PlanContext,
): PlannedAlert {
  const incidents = before.incidentIds.flatMap((id) => attached.get(id) ?? []);
  const byKey = new Map(incidents.map((incident): [string, Incident] => [incident.incidentKey, incident]));
  const joins = judgement.routes.filter(({ incidentKey }) => !byKey.has(incidentKey));
  const rises = judgement.routes.flatMap((routed): readonly Rising[] => {
    const incident = byKey.get(routed.incidentKey);
    const isRaised = incident !== undefined && isOpen(incident) && isWorse(routed.severity, incident.severity);
    return isRaised ? [{ incidentId: incident.id, routed }] : [];
  });
  const planned = { task, before, after: withMutedUntil(after, judgement), joins, leaves: [], row: null };
  if (joins.length === 0 && rises.length === 0) return planned;
  const row = {
    status: 'firing',
    outcome: joins.length > 0 ? 'joined' : 'updated',
    why: `${why}, and a route of it is no longer muted; ${judgement.why}`,
    keptIn: rises.map(({ incidentId }) => incidentId),
  } as const;
  return { ...planned, rises, row };
}
