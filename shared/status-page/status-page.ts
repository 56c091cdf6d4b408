import type { Policy } from '../config/policy.ts';
import type { PublicStatus } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';

/** The words of Statuspage's public API (PROTOCOLS 7), which readers of status pages know. */
export type ComponentStatus = 'operational' | 'degraded_performance' | 'partial_outage' | 'major_outage';
export type Impact = 'none' | 'minor' | 'major' | 'critical';

/** What the public page shows, stored as one item. Only what people publish is in here: no text of an alert. */
export interface StatusPageState {
  readonly schema: 1;
  readonly page: { readonly id: string; readonly name: string; readonly url: string; readonly updatedAt: Instant };
  /** In the order of the policy file. */
  readonly components: readonly PublicComponent[];
  /** Newest first. */
  readonly incidents: readonly PublicIncident[];
}

export interface PublicComponent {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: ComponentStatus;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface PublicIncident {
  readonly id: string;
  readonly name: string;
  readonly status: PublicStatus;
  readonly severity: Severity;
  readonly componentIds: readonly string[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly monitoringAt: Instant | null;
  readonly resolvedAt: Instant | null;
  /** Newest first; never empty. */
  readonly updates: readonly PublicUpdate[];
}

export interface PublicUpdate {
  /** The same for each delivery of one update. */
  readonly id: string;
  readonly status: PublicStatus;
  readonly body: string;
  readonly severity: Severity;
  readonly at: Instant;
}

/** What a person published with `/incident update`. */
export interface StatusUpdate {
  /** Incident id and commit version: an update that comes twice counts once. */
  readonly id: string;
  readonly incidentId: string;
  readonly incidentNumber: number;
  readonly severity: Severity;
  readonly service: string | null;
  readonly status: PublicStatus;
  readonly text: string;
  readonly at: Instant;
}

/** Incidents kept on the page; those that are not resolved stay whatever their number. */
export const keptIncidents = 50;
/** The state is one item, and DynamoDB takes 400 KB. */
export const keptBytes = 300_000;

/** Statuspage cuts a body at 25,000 characters; nobody reads as much. */
export const maxUpdateLength = 5_000;

const impactOfSeverity: Readonly<Record<Severity, ComponentStatus>> = {
  SEV1: 'major_outage',
  SEV2: 'partial_outage',
  SEV3: 'degraded_performance',
  SEV4: 'operational',
};

export const componentStatusOf = (severity: Severity): ComponentStatus => impactOfSeverity[severity];

/** Ordered from best to worst. */
export const componentStatuses = ['operational', 'degraded_performance', 'partial_outage', 'major_outage'] as const;

const impactOfStatus: Readonly<Record<ComponentStatus, Impact>> = {
  operational: 'none',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
};

export const impactOf = (status: ComponentStatus): Impact => impactOfStatus[status];

export const worstStatus = (statuses: readonly ComponentStatus[]): ComponentStatus =>
  statuses.reduce<ComponentStatus>(
    (worst, status) => (componentStatuses.indexOf(status) > componentStatuses.indexOf(worst) ? status : worst),
    'operational',
  );

/** A page on which everything works. `url` is where the page lies, without a trailing slash. */
export const newStatusPage = (
  page: { readonly name: string; readonly url: string },
  policy: Pick<Policy, 'statusComponents'>,
  now: Instant,
): StatusPageState =>
  syncComponents(
    { schema: 1, page: { id: 'tocsin', ...page, updatedAt: now }, components: [], incidents: [] },
    policy,
    now,
  );

/** Components as the policy file names them now, each with the worst status that an unresolved incident gives it. */
export function syncComponents(
  state: StatusPageState,
  policy: Pick<Policy, 'statusComponents'>,
  now: Instant,
): StatusPageState {
  const components = Object.values(policy.statusComponents).map(({ id, name, description }): PublicComponent => {
    const before = state.components.find((each) => each.id === id);
    const status = worstStatus(
      state.incidents
        .filter((incident) => incident.status !== 'resolved' && incident.componentIds.includes(id))
        .map((incident) => componentStatusOf(incident.severity)),
    );
    const same = before?.status === status && before.name === name && before.description === description;
    return {
      id,
      name,
      description,
      status,
      createdAt: before?.createdAt ?? now,
      updatedAt: same ? before.updatedAt : now,
    };
  });
  return { ...state, components };
}
