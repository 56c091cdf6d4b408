import type { Policy } from '../config/policy.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { type CalendarShift, calendarShiftsOf } from './ical.ts';
import { shiftsBetween } from './on-call.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule.ts';

const daySeconds = 86_400;
/** What a feed shows: who looks into a calendar asks for the next weeks, or who had the last ones. */
export const calendarDays = { back: 30, ahead: 90 } as const;

interface CalendarContext {
  readonly overrides: readonly Override[];
  readonly now: Instant;
}

/** Overrides that ended before are not asked for. */
export const followedFrom = (now: Instant): Instant => `${Number(now.slice(0, 4)) - 1}-01-01T00:00:00.000Z`;

/**
 * Everybody's shifts of one schedule, as a feed shows them. They are followed from the start of the year before, so that one that
 * began before the feed does keeps its true start, and with it its entry in the calendar.
 */
export function feedOfSchedule(schedule: Schedule, { overrides, now }: CalendarContext): readonly CalendarShift[] {
  const shownFrom = addSeconds(now, -calendarDays.back * daySeconds);
  const shownUntil = addSeconds(now, calendarDays.ahead * daySeconds);
  const shifts = shiftsBetween(schedule, overrides, followedFrom(now), shownUntil);
  return calendarShiftsOf(
    schedule.name,
    shifts.filter(({ endsAt }) => endsAt > shownFrom),
  );
}

/** Lambda answers at most 6 MB, and an entry has at most some 500 bytes. */
const mostEntries = 10_000;

/** One person's shifts of every schedule, in the order in which they begin; of more than can be told the first. */
export const feedOfPerson = (
  person: string,
  { schedules }: Pick<Policy, 'schedules'>,
  context: CalendarContext,
): readonly CalendarShift[] =>
  Object.values(schedules)
    .flatMap((schedule) => feedOfSchedule(schedule, context).filter((shift) => shift.person === person))
    .sort((a, b) => (a.startsAt < b.startsAt ? -1 : Number(a.startsAt > b.startsAt)))
    .slice(0, mostEntries);
