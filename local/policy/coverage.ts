import type { Policy } from '#shared/config/policy.ts';
import { addSeconds, fromEpochMillis, type Instant, secondsBetween } from '#shared/kernel/instant.ts';
import { fail, type Result, succeed } from '#shared/kernel/result.ts';
import { type Coverage, coverageOf } from '#shared/on-call/coverage.ts';
import type { Schedule } from '#shared/on-call/schedule.ts';
import { readWhen } from '#shared/prediction/read-question.ts';
import { alignRows, showBoth } from '#shared/prediction/show-moment.ts';
import { type ExitCode, type Given, type LoadPolicy, notUnderstood, readOptions, textOf } from './question-options.ts';

const usualDays = 90;
const mostDays = 730;
const daySeconds = 86_400;
/** Of each schedule; the rest is counted. */
const shownGaps = 10;

/** `npm run policy -- coverage`: when nobody is on call, and who carries how much. With --strict a gap is an error. */
export function runCoverage(args: readonly string[], load: LoadPolicy): ExitCode {
  const given = readOptions(args, ['days', 'from', 'file'], ['strict', 'json']);
  if (!given.ok) return notUnderstood(given.problem);
  const policy = load(textOf(given.value, 'file') ?? given.value.files[0]);
  if (policy === null) return 1;
  const span = readSpan(given.value, policy);
  if (!span.ok) return notUnderstood(span.problem);
  const { from, to } = span.value;
  const covered = Object.values(policy.schedules).map((schedule) => ({
    schedule,
    coverage: coverageOf(schedule, [], from, to),
  }));
  const lines = showCoverage(covered, from, to);
  console.log(given.value.options.json === true ? asJson(covered, from, to) : lines.join('\n'));
  const hasGap = covered.some(({ coverage }) => coverage.gaps.length > 0);
  return hasGap && given.value.options.strict === true ? 1 : 0;
}

function readSpan(given: Given, policy: Policy): Result<{ readonly from: Instant; readonly to: Instant }> {
  const text = textOf(given, 'days') ?? String(usualDays);
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > mostDays) return fail(`--days is a whole number from 1 to ${mostDays}.`);
  const when = textOf(given, 'from');
  const from = when === null ? succeed(fromEpochMillis(Date.now())) : readWhen(when, policy.workingHours.timeZone);
  if (!from.ok) return fail(`--from: ${from.problem}`);
  return succeed({ from: from.value, to: addSeconds(from.value, days * daySeconds) });
}

interface Covered {
  readonly schedule: Schedule;
  readonly coverage: Coverage;
}

/** Gaps first: whoever reads only the first line reads what matters. */
function showCoverage(covered: readonly Covered[], from: Instant, to: Instant): readonly string[] {
  if (covered.length === 0) return ['The file has no schedules.'];
  const total = secondsBetween(from, to);
  return [
    ...covered.flatMap(showGaps),
    `${total / daySeconds} days from ${from} to ${to}, without overrides`,
    ...covered.flatMap((each) => ['', ...showShares(each, total)]),
  ];
}

function showGaps({ schedule: { name, timeZone }, coverage: { gaps } }: Covered): readonly string[] {
  const more = gaps.length - shownGaps;
  return [
    ...gaps
      .slice(0, shownGaps)
      .map(
        ({ startsAt, endsAt }) =>
          `NOBODY is on call of ${name} from ${showBoth(startsAt, timeZone)} to ${showBoth(endsAt, timeZone)} (${hours(secondsBetween(startsAt, endsAt))})`,
      ),
    ...(more > 0 ? [`NOBODY is on call of ${name} at ${more} more times`] : []),
  ];
}

function showShares({ schedule: { name, timeZone }, coverage: { people, gaps } }: Covered, total: number) {
  const missing = gaps.reduce((sum, { startsAt, endsAt }) => sum + secondsBetween(startsAt, endsAt), 0);
  const share = (seconds: number) => `${((100 * seconds) / total).toFixed(1)} %`;
  return [
    `${name} (${timeZone})`,
    ...alignRows([
      ['  who', 'on call', 'share', 'of it nights', 'of it weekends'],
      ...people.map(({ person, seconds, nightSeconds, weekendSeconds }) => [
        `  ${person}`,
        hours(seconds),
        share(seconds),
        hours(nightSeconds),
        hours(weekendSeconds),
      ]),
      ...(missing > 0 ? [['  NOBODY', hours(missing), share(missing), '', '']] : []),
    ]),
  ];
}

const hours = (seconds: number): string => `${Math.round(seconds / 360) / 10} h`;

const asJson = (covered: readonly Covered[], from: Instant, to: Instant): string =>
  JSON.stringify(
    {
      from,
      to,
      schedules: covered.map(({ schedule: { name, timeZone }, coverage }) => ({ name, timeZone, ...coverage })),
    },
    null,
    2,
  );
