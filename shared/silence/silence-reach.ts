import type { AlertRecord } from '../alert/alert.ts';
import { compileWhenAsked } from '../alert/compile-matcher.ts';
import type { Labels } from '../alert/labels.ts';
import { matchesAll } from '../alert/matcher.ts';
import type { Policy } from '../config/policy.ts';
import { type Incident, keepsMembers } from '../incident/incident.ts';
import { type Severity, worst } from '../incident/severity.ts';
import { routeAlert } from '../route/route-alert.ts';
import { matcherSetsOf, type Silence } from './silence.ts';

/** What a silence hides at this moment, among the alerts that were looked at. */
export interface SilenceReach {
  /** Firing alerts that were looked at. */
  readonly looked: number;
  /** False when there were more than one look takes: the counts are then too small. */
  readonly complete: boolean;
  /** Of those, what the silence matches. */
  readonly hidden: number;
  /** Of the hidden, what something else holds back already. */
  readonly alreadySuppressed: number;
  /** Of the hidden, by the severity that their routes give them. */
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  /** The worst first, at most `sampledAlerts`. */
  readonly sample: readonly HiddenAlert[];
  /** Open incidents that lose alerts to it, by number. */
  readonly incidents: readonly TouchedIncident[];
}

export interface HiddenAlert {
  readonly source: string;
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly severity: Severity;
}

export interface TouchedIncident {
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly firing: number;
  readonly hidden: number;
  /** Nothing else fires in it, so it resolves. */
  readonly resolves: boolean;
}

export const sampledAlerts = 10;

type Matching = Pick<Silence, 'matchers' | 'matcherSets' | 'untilResolved'>;

/** The firing alerts that a silence matches, whether or not something holds them back already. */
export function alertsUnder(silence: Matching, alerts: readonly AlertRecord[]): readonly AlertRecord[] {
  const sets = matcherSetsOf(silence).map((matchers) => matchers.map(compileWhenAsked));
  const { untilResolved: only } = silence;
  return alerts.filter(
    ({ status, labels, source, fingerprint }) =>
      status === 'firing' &&
      (only === undefined || (only.source === source && only.fingerprint === fingerprint)) &&
      sets.some((set) => set.length > 0 && matchesAll(set, labels)),
  );
}

/** `looked`: every firing alert, or as many as were loaded; `incidents` hold at least those that the matching alerts are in. */
export function reachOf(
  under: readonly AlertRecord[],
  incidents: readonly Incident[],
  policy: Policy,
  seen: Pick<SilenceReach, 'looked' | 'complete'>,
): SilenceReach {
  const hidden = under
    .map((alert) => ({ alert, severity: severityOf(alert, policy) }))
    .sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0));
  const bySeverity: Partial<Record<Severity, number>> = {};
  for (const { severity } of hidden) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
  return {
    ...seen,
    hidden: hidden.length,
    alreadySuppressed: under.filter(({ suppressedBy }) => suppressedBy !== null).length,
    bySeverity,
    sample: hidden.slice(0, sampledAlerts).map(({ alert: { source, fingerprint, labels }, severity }) => ({
      source,
      fingerprint,
      labels,
      severity,
    })),
    incidents: incidents.flatMap((incident) => touchedBy(under, incident)).sort((a, b) => a.number - b.number),
  };
}

/** What people are paged by: the worst of its routes. */
function severityOf({ source, labels, judgedIn }: AlertRecord, policy: Policy): Severity {
  const { receiver, groupKey } = judgedIn ?? { receiver: '', groupKey: '' };
  return routeAlert(policy, labels, { source, receiver, groupKey })
    .map(({ severity }) => severity)
    .reduce(worst);
}

function touchedBy(under: readonly AlertRecord[], incident: Incident): readonly TouchedIncident[] {
  const hidden = under.filter(({ incidentIds }) => incidentIds.includes(incident.id)).length;
  if (hidden === 0 || !keepsMembers(incident)) return [];
  const { number, title, severity, firing, status } = incident;
  const resolves = hidden >= firing && status !== 'resolved';
  return [{ number, title, severity, firing, hidden, resolves }];
}
