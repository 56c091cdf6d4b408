import type { Policy } from '#shared/config/policy.ts';
import { fromEpochMillis, type Instant } from '#shared/kernel/instant.ts';
import { succeed } from '#shared/kernel/result.ts';
import { readWhen } from '#shared/prediction/read-question.ts';
import { comparePages, type PageChange, sampleInstants } from './compare-pages.ts';
import { compareSchedules } from './compare-schedules.ts';
import { type ExitCode, type LoadPolicy, notUnderstood, readOptions, textOf } from './question-options.ts';
import { sampleAlerts } from './sample-alerts.ts';

/** `npm run policy -- diff OTHER.yaml [FILE]`: who would be told differently if OTHER were in force in place of FILE. */
export function runDiff(args: readonly string[], load: LoadPolicy): ExitCode {
  const given = readOptions(args, ['from', 'file'], ['strict']);
  if (!given.ok) return notUnderstood(given.problem);
  const [other, file] = given.value.files;
  if (other === undefined)
    return notUnderstood('No other file is named. Fix: npm run policy -- diff OTHER.yaml [FILE]');
  const before = load(textOf(given.value, 'file') ?? file);
  const after = load(other);
  if (before === null || after === null) return 1;
  const when = textOf(given.value, 'from');
  const from = when === null ? succeed(fromEpochMillis(Date.now())) : readWhen(when, before.workingHours.timeZone);
  if (!from.ok) return notUnderstood(`--from: ${from.problem}`);
  const { lines, loud } = comparePolicies(before, after, from.value);
  console.log(lines.join('\n'));
  return loud && given.value.options.strict === true ? 1 : 0;
}

/** As lines; `loud`: SEV1 or SEV2 page fewer people. */
export function comparePolicies(
  before: Policy,
  after: Policy,
  from: Instant,
): { readonly lines: readonly string[]; readonly loud: boolean } {
  const { samples, unsampled } = sampleAlerts(before, after);
  const instants = sampleInstants(before, from);
  const changes = samples.flatMap((labels) =>
    instants.flatMap((instant) => comparePages([before, after], labels, instant) ?? []),
  );
  const loud = changes.filter(({ severity, fewer }) => fewer && (severity === 'SEV1' || severity === 'SEV2'));
  const schedules = compareSchedules(before, after, from);
  const nothing = changes.length === 0 && schedules.length === 0;
  return {
    loud: loud.length > 0,
    lines: [
      ...groupChanges(loud).map((group) => `FEWER PEOPLE: ${showFewer(group)}`),
      `${before.hash} -> ${after.hash}: ${samples.length} kinds of alerts at ${instants.length} times of the week${nothing ? ': nobody is told differently' : ''}`,
      ...(unsampled.length === 0
        ? []
        : [`not looked at, because no alert was found that they take: ${unsampled.join(', ')}`]),
      ...(schedules.length === 0 ? [] : ['', ...schedules]),
      ...groupChanges(changes).flatMap((group) => ['', ...showGroup(group)]),
    ],
  };
}

/** Alerts that both files tell in the same way, each at the same times, stand together. */
function groupChanges(changes: readonly PageChange[]): readonly (readonly PageChange[])[] {
  const groups = new Map<string, PageChange[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.before, change.after]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].sort(([a], [b]) => rankOf(a) - rankOf(b));
}

/** SEV1 first; what is told nobody last. */
const rankOf = (change: PageChange | undefined): number => Number(change?.severity?.slice(3) ?? 9);

function showFewer(group: readonly PageChange[]): string {
  const [first] = group;
  const lost = first?.lost ?? [];
  return `${first?.severity} no longer pages ${lost.length === 0 ? 'as many' : lost.join(', ')} ${timesOf(group)} for ${alertsOf(group)}`;
}

const showGroup = (group: readonly PageChange[]): readonly string[] => [
  `${alertsOf(group)} ${timesOf(group)}`,
  `  - ${group[0]?.before}`,
  `  + ${group[0]?.after}`,
];

const timesOf = (group: readonly PageChange[]): string => [...new Set(group.map(({ when }) => when))].join(', ');

const shownAlerts = 3;
function alertsOf(group: readonly PageChange[]): string {
  const alerts = [...new Set(group.map(({ alert }) => alert))];
  const more = alerts.length - shownAlerts;
  return `${alerts.slice(0, shownAlerts).join(' ')}${more > 0 ? ` and ${more} more` : ''}`;
}
