import { addDays, hasDay, type LocalDate, localMoment } from '../../kernel/local-time.ts';
import type { MaintenanceWindow } from '../../silence/maintenance-window.ts';
import { validateSilence } from '../../silence/validate-silence.ts';
import { windowDates } from '../../silence/window-dates.ts';
import { formatDuration } from '../duration.ts';
import type { Policy } from '../policy.ts';
import type { Finding, PolicyPath } from '../problem.ts';
import { parseClock } from '../time-range.ts';

const placeOf = (window: MaintenanceWindow, key: string): PolicyPath => ['maintenanceWindows', window.name, key];

/** Each occurrence becomes a silence, so what no silence may be is refused here. */
export const checkWindowSilences = ({ maintenanceWindows }: Policy): Finding[] =>
  maintenanceWindows.flatMap((window): Finding[] => {
    const { matchers, name: createdBy, comment } = window;
    const [startsAt, endsAt] = ['2000-01-01T00:00:00.000Z', '2000-01-02T00:00:00.000Z'];
    const check = validateSilence({ matchers, startsAt, endsAt, createdBy, comment }, startsAt);
    if (check.ok) return [];
    if (check.reason === 'matches everything') {
      const message = `maintenance window ${window.name} silences everything: each of its matchers also accepts a missing label`;
      const fix = `Say what it silences, such as 'team="database"'.`;
      return [{ level: 'error', at: placeOf(window, 'matchers'), message, fix }];
    }
    const message = `maintenance window ${window.name} cannot become a silence: ${check.problem}`;
    return [{ level: 'error', at: ['maintenanceWindows', window.name], message, fix: 'Make it smaller.' }];
  });

/** A weekday comes a fifth time at least every 14 weeks; twice that is enough for whatever recurs. */
const longestPauseDays = 200;

/** Bounds that leave no date over. What recurs without a beginning has always come already. */
export const checkWindowDates = ({ maintenanceWindows }: Policy): Finding[] =>
  maintenanceWindows.flatMap((window): Finding[] => {
    const { from, recurrence } = window;
    const first: LocalDate | null = recurrence.kind === 'once' ? recurrence.date : from;
    if (first === null) return [];
    const [some] = windowDates(window, first, addDays(first, longestPauseDays));
    if (some !== undefined) return [];
    const message = `maintenance window ${window.name} never comes: no date between from and until fits`;
    const at = placeOf(window, from === null ? 'until' : 'from');
    return [{ level: 'error', at, message, fix: 'Change from, until or the days.' }];
  });

const daySeconds = 86_400;

/** A window that begins again before it ends is a silence for ever. */
export const checkWindowPauses = ({ maintenanceWindows }: Policy): Finding[] =>
  maintenanceWindows.flatMap((window): Finding[] => {
    const { recurrence, durationSeconds } = window;
    const isDaily = recurrence.kind === 'daily' || (recurrence.kind === 'weekly' && recurrence.weekdays.length === 7);
    const weekly = recurrence.kind === 'weekly' && recurrence.weekdays.length === 1;
    const period = isDaily ? daySeconds : weekly ? 7 * daySeconds : null;
    if (period === null || durationSeconds < period) return [];
    const message = `maintenance window ${window.name} never ends: it lasts ${formatDuration(durationSeconds)} and begins again every ${formatDuration(period)}`;
    return [{ level: 'error', at: placeOf(window, 'duration'), message, fix: 'Make it shorter, or rarer.' }];
  });

/** A one-off start is what its author counts on to the minute: moved by a change of the clocks it is another one. */
export const checkOneOffWindows = ({ maintenanceWindows }: Policy): Finding[] =>
  maintenanceWindows.flatMap((window): Finding[] => {
    const { recurrence, start, timeZone } = window;
    if (recurrence.kind !== 'once' || localMoment(recurrence.date, parseClock(start) ?? 0, timeZone).exists) return [];
    const isDayMissing = !hasDay(recurrence.date, timeZone);
    const message = isDayMissing
      ? `${timeZone} has no day ${recurrence.date}`
      : `clocks in ${timeZone} skip ${start} on ${recurrence.date}`;
    const at = placeOf(window, isDayMissing ? 'date' : 'start');
    return [{ level: 'error', at, message, fix: `Choose another ${isDayMissing ? 'date' : 'time'}.` }];
  });
