import type { Policy } from '#shared/config/policy.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import { type Shift, shiftsBetween } from '#shared/on-call/on-call.ts';
import type { Schedule } from '#shared/on-call/schedule.ts';
import { showBoth } from '#shared/prediction/show-moment.ts';

const aheadSeconds = 30 * 86_400;
/** Of each schedule; the rest is counted. */
const shown = 20;

/** Who is on call when by one file and not by the other, in the next 30 days, as lines. */
export function compareSchedules(before: Policy, after: Policy, from: Instant): readonly string[] {
  const names = [...new Set([...Object.keys(before.schedules), ...Object.keys(after.schedules)])].sort();
  return names.flatMap((name) => compareOne(name, before.schedules[name], after.schedules[name], from));
}

function compareOne(
  name: string,
  before: Schedule | undefined,
  after: Schedule | undefined,
  from: Instant,
): readonly string[] {
  const to = addSeconds(from, aheadSeconds);
  const timeZone = (after ?? before)?.timeZone ?? 'UTC';
  const heading = before === undefined ? `schedule ${name} is new` : `schedule ${name} is gone`;
  const changes = differingTimes(shiftsOf(before, from, to), shiftsOf(after, from, to));
  if (changes.length === 0) return before === undefined || after === undefined ? [heading] : [];
  const lines = changes
    .slice(0, shown)
    .map(
      ({ startsAt, endsAt, was, is }) =>
        `  ${showBoth(startsAt, timeZone)} to ${showBoth(endsAt, timeZone)}: ${was ?? 'nobody'} -> ${is ?? 'nobody'}`,
    );
  const more = changes.length - shown;
  const first = before === undefined || after === undefined ? heading : `schedule ${name} changes`;
  return [`${first} (${timeZone})`, ...lines, ...(more > 0 ? [`  and ${more} more times`] : [])];
}

const shiftsOf = (schedule: Schedule | undefined, from: Instant, to: Instant): readonly Shift[] =>
  schedule === undefined ? [{ startsAt: from, endsAt: to, onCall: null }] : shiftsBetween(schedule, [], from, to);

interface Change {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly was: string | null;
  readonly is: string | null;
}

/** Both lists cover the same time without a hole, so each edge of either begins a time of its own. */
function differingTimes(before: readonly Shift[], after: readonly Shift[]): readonly Change[] {
  const edges = [...new Set([...before, ...after].flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]))].sort();
  const personAt = (shifts: readonly Shift[], at: Instant) =>
    shifts.find(({ startsAt, endsAt }) => startsAt <= at && at < endsAt)?.onCall?.person ?? null;
  const changes: Change[] = [];
  for (const [index, startsAt] of edges.slice(0, -1).entries()) {
    const endsAt = edges[index + 1] ?? startsAt;
    const was = personAt(before, startsAt);
    const is = personAt(after, startsAt);
    if (was === is) continue;
    const last = changes.at(-1);
    const goesOn = last !== undefined && last.endsAt === startsAt && last.was === was && last.is === is;
    if (goesOn) changes[changes.length - 1] = { ...last, endsAt };
    else changes.push({ startsAt, endsAt, was, is });
  }
  return changes;
}
