import { addSeconds, type Instant } from '../kernel/instant.ts';
import { addDays, hasDay, type LocalDate, localDateOf, localMoment } from '../kernel/local-time.ts';
import type { MaintenanceWindow } from './maintenance-window.ts';
import { windowDates } from './window-dates.ts';

/** One time that a maintenance window comes: [startsAt, endsAt). */
export interface WindowOccurrence {
  /** The local date on which it begins: with the window's name it tells occurrences apart, whatever clocks do. */
  readonly date: LocalDate;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

const daySeconds = 86_400;

/** No zone is further than a day from UTC, and a start moved by a change of the clocks stays within another. */
const slackDays = 2;

const startMinute = ({ start }: MaintenanceWindow): number => Number(start.slice(0, 2)) * 60 + Number(start.slice(3));

/** Null when the zone left the whole day out. */
function occurrenceOn(window: MaintenanceWindow, date: LocalDate): WindowOccurrence | null {
  const { at, exists } = localMoment(date, startMinute(window), window.timeZone);
  if (!exists && !hasDay(date, window.timeZone)) return null;
  return { date, startsAt: at, endsAt: addSeconds(at, window.durationSeconds) };
}

function* occurrencesFrom(window: MaintenanceWindow, from: Instant, last: LocalDate): Generator<WindowOccurrence> {
  const reach = Math.ceil(window.durationSeconds / daySeconds) + slackDays;
  for (const date of windowDates(window, addDays(localDateOf(from, window.timeZone), -reach), last)) {
    const occurrence = occurrenceOn(window, date);
    if (occurrence !== null && occurrence.endsAt > from) yield occurrence;
  }
}

/**
 * The occurrences that touch [from, until), in order: one that runs at `from` is the first. The start is local, a time that clocks
 * skip moves to the first instant after the gap, one that comes twice means the first; the duration is elapsed time.
 */
export function occurrencesOf(window: MaintenanceWindow, from: Instant, until: Instant): readonly WindowOccurrence[] {
  const last = addDays(localDateOf(until, window.timeZone), slackDays);
  return [...occurrencesFrom(window, from, last)].filter(({ startsAt }) => startsAt < until);
}

/** Some weekday comes a fifth time in a month at least every 14 weeks, the 31st every 62 days; the rest is more frequent. */
const longestPauseDays = 14 * 7 + slackDays;

/** The next `count` occurrences, the one that runs now included; fewer when the window ends before. */
export function nextOccurrences(window: MaintenanceWindow, now: Instant, count: number): readonly WindowOccurrence[] {
  const today = localDateOf(now, window.timeZone);
  const { recurrence } = window;
  const begin = recurrence.kind === 'once' ? recurrence.date : (window.from ?? today);
  const last = addDays(begin > today ? begin : today, longestPauseDays * (count + 1));
  const next: WindowOccurrence[] = [];
  for (const occurrence of occurrencesFrom(window, now, last)) {
    next.push(occurrence);
    if (next.length >= count) break;
  }
  return next;
}
