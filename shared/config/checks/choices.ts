import { type Severity, severities } from '../../incident/severity.ts';
import type { Policy } from '../policy.ts';
import type { Finding, PolicyPath } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import type { EscalationChoiceDocument } from '../schema/escalation-choice.ts';
import { isAlways } from './time-intervals.ts';

type EntryDocument = Exclude<EscalationChoiceDocument, string>[number];

interface PlacedChoice {
  readonly at: PolicyPath;
  readonly entries: readonly EntryDocument[];
}

interface RouteLike {
  readonly escalationPolicy?: EscalationChoiceDocument | undefined;
  readonly routes?: readonly RouteLike[] | undefined;
}

const placed = (at: PolicyPath, choice: EscalationChoiceDocument | undefined): PlacedChoice[] =>
  choice === undefined || typeof choice === 'string' ? [] : [{ at: [...at, 'escalationPolicy'], entries: choice }];

const choicesOfRoutes = (route: RouteLike, at: PolicyPath): PlacedChoice[] => [
  ...placed(at, route.escalationPolicy),
  ...(route.routes ?? []).flatMap((child, index) => choicesOfRoutes(child, [...at, 'routes', index])),
];

const choicesIn = ({ route, services }: PolicyDocument): PlacedChoice[] => [
  ...choicesOfRoutes(route, ['route']),
  ...Object.entries(services ?? {}).flatMap(([name, { escalationPolicy }]) =>
    placed(['services', name], escalationPolicy),
  ),
];

/** Whether an entry takes this severity at least whenever a later one would. */
function takesBefore(earlier: EntryDocument, later: EntryDocument, severity: Severity, policy: Policy): boolean {
  if (earlier.severities !== undefined && !earlier.severities.includes(severity)) return false;
  if (earlier.during === undefined || earlier.during === later.during) return true;
  return (policy.timeIntervals[earlier.during] ?? []).some(isAlways);
}

/** The first entry that holds counts: one whose every case is taken by those before it is never used. */
export const checkChoices = (policy: Policy, document: PolicyDocument): Finding[] =>
  choicesIn(document).flatMap(({ at, entries }) =>
    entries.flatMap((entry, index): Finding[] => {
      const before = entries.slice(0, index);
      const takers = (entry.severities ?? severities).map((severity) =>
        before.find((earlier) => takesBefore(earlier, entry, severity, policy)),
      );
      if (takers.includes(undefined)) return [];
      const names = before.flatMap((earlier, each) => (takers.includes(earlier) ? [`entry ${each + 1}`] : []));
      const message = `entry ${index + 1} (use: ${entry.use}) can never be reached: ${names.join(' and ')} ${names.length === 1 ? 'takes' : 'take'} all of it before`;
      const fix = 'Move it in front, or limit what is in front of it by severities: or during:.';
      return [{ level: 'error', at: [...at, index], message, fix }];
    }),
  );
