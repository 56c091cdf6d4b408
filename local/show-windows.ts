import { formatMatchers } from '#shared/alert/matcher.ts';
import { formatDuration } from '#shared/config/duration.ts';
import { fromEpochMillis, type Instant } from '#shared/kernel/instant.ts';
import { readLocalMillis } from '#shared/kernel/local-clock.ts';
import { isoWeekdayOf } from '#shared/kernel/local-time.ts';
import type { MaintenanceWindow } from '#shared/silence/maintenance-window.ts';
import { nextOccurrences, type WindowOccurrence } from '#shared/silence/window-occurrences.ts';

const shownOccurrences = 5;

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const minutePattern = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/;

/** `Tue 2026-12-08 02:00 to 06:00`; the date of the end only where it is another. */
function showSpan(start: Instant, end: Instant): string {
  const [, startDate = '', startTime = ''] = minutePattern.exec(start) ?? [];
  const [, endDate = '', endTime = ''] = minutePattern.exec(end) ?? [];
  const weekday = weekdays[isoWeekdayOf(startDate) - 1] ?? '';
  return `${weekday} ${startDate} ${startTime} to ${endDate === startDate ? '' : `${endDate} `}${endTime}`;
}

function showOccurrence({ timeZone, start }: MaintenanceWindow, occurrence: WindowOccurrence, now: Instant): string {
  const { startsAt, endsAt } = occurrence;
  const utc = `${showSpan(startsAt, endsAt)} UTC`;
  const inZone = (instant: Instant) => fromEpochMillis(readLocalMillis(instant, timeZone));
  const local = inZone(startsAt);
  const notes = [
    ...(startsAt <= now ? ['runs now'] : []),
    ...(local.slice(11, 16) === start ? [] : [`clocks skip ${start} on that day`]),
  ];
  const spans = timeZone === 'UTC' ? utc : `${showSpan(local, inZone(endsAt))} ${timeZone}, ${utc}`;
  return `  ${spans}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

/** What `npm run policy -- windows` prints: each maintenance window with its next occurrences, in its zone and in UTC. */
export function showWindows(windows: readonly MaintenanceWindow[], now: Instant): string[] {
  if (windows.length === 0) return ['no maintenance windows'];
  return windows.flatMap((window) => {
    const occurrences = nextOccurrences(window, now, shownOccurrences);
    const title = `${window.name}: ${formatDuration(window.durationSeconds)}, silences ${formatMatchers(window.matchers)}`;
    return [
      title,
      ...(occurrences.length === 0
        ? ['  does not come again']
        : occurrences.map((occurrence) => showOccurrence(window, occurrence, now))),
    ];
  });
}
