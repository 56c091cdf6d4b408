import { addSeconds, type Instant, secondsBetween } from '../kernel/instant.ts';
import { localDateTimeOf } from '../kernel/local-clock.ts';
import { isoWeekdayOf, localDateOf } from '../kernel/local-time.ts';
import { coverageOf } from '../on-call/coverage.ts';
import type { Schedule } from '../on-call/schedule.ts';
import { formatDuration } from './duration.ts';
import type { Policy } from './policy.ts';
import { type Finding, type PolicyProblem, placeFindings } from './problem.ts';
import { readYaml } from './read-yaml.ts';
import { weekdayNames } from './weekday.ts';

/** How far ahead a gap is looked for: a quarter of a year, so that whoever plans the next one is told in time. */
export const daysAhead = 90;

/** `sat 2026-12-05 18:00` on the clocks of a zone. */
function showLocal(at: Instant, timeZone: string): string {
  const [date = '', time = ''] = localDateTimeOf(at, timeZone).split('T');
  return `${weekdayNames[isoWeekdayOf(date) - 1]} ${date} ${time}`;
}

/** Nobody on call for some time: the first gap, and how many there are. */
function checkGaps(schedule: Schedule, now: Instant): Finding[] {
  const { gaps } = coverageOf(schedule, [], now, addSeconds(now, daysAhead * 86_400));
  const [first] = gaps;
  if (!first) return [];
  const { startsAt, endsAt } = first;
  const more = gaps.length === 1 ? '' : `, the first of ${gaps.length} gaps`;
  const message = `nobody of schedule ${schedule.name} is on call from ${showLocal(startsAt, schedule.timeZone)} for ${formatDuration(Math.round(secondsBetween(startsAt, endsAt)))} (${schedule.timeZone})${more} in the next ${daysAhead} days`;
  const fix = 'Widen when: of a layer, or put a layer in front that always has somebody.';
  return [{ level: 'warning', at: ['schedules', schedule.name], onKey: true, message, fix }];
}

/** A calendar that is over says nothing of the days to come. */
const checkCalendars = ({ holidays, workingHours }: Policy, now: Instant): Finding[] =>
  Object.entries(holidays).flatMap(([name, dates]): Finding[] => {
    const last = dates.at(-1) ?? '';
    if (last >= localDateOf(now, workingHours.timeZone)) return [];
    const message = `the last date of the holidays ${name} is past: ${last}`;
    const fix = 'Add the next year: npm run policy -- import-holidays FILE.ics prints it.';
    return [{ level: 'warning', at: ['holidays', name], onKey: true, message, fix }];
  });

/**
 * What depends on the date: which of it is wrong at `now`? Told beside what `parsePolicy` says of the same text, and like its
 * warnings only refused by `check --strict`. Overrides of the run time are not known here.
 */
export function checkPolicyDates(
  text: string,
  policy: Policy,
  fileName: string,
  now: Instant,
): readonly PolicyProblem[] {
  const yaml = readYaml(text);
  if (!yaml.ok) return [];
  const gaps = Object.values(policy.schedules).flatMap((schedule) => checkGaps(schedule, now));
  return placeFindings([...gaps, ...checkCalendars(policy, now)], fileName, yaml.locate);
}
