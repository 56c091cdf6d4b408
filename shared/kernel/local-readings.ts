import * as PlainDateTimeFns from 'temporal-polyfill/fns/PlainDateTime';
import * as ZonedDateTimeFns from 'temporal-polyfill/fns/ZonedDateTime';
import { fromEpochMillis, type Instant } from './instant.ts';
import { isLocalDate, type LocalDate } from './local-time.ts';

/** What a local time can mean. `once` is what people expect; `never`: clocks skip it; `twice`: they show it again. */
export type LocalReading =
  | { readonly shown: 'once'; readonly at: Instant }
  /** The two readings: before and behind the change for a time that is skipped, in order for one that comes twice. */
  | { readonly shown: 'never' | 'twice'; readonly readings: readonly [Instant, Instant] };

/** When a zone's clocks show a time; `minute` of the day, below 1440. For times that people write by hand. */
export function readLocal(date: LocalDate, minute: number, timeZone: string): LocalReading {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const local = PlainDateTimeFns.create(year, month, day, Math.floor(minute / 60), minute % 60);
  const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
    PlainDateTimeFns.toZonedDateTime(local, timeZone, { disambiguation }),
  );
  if (earlier === undefined || later === undefined) throw new RangeError(`no reading of ${date} in ${timeZone}`);
  const readings = [fromEpochMillis(earlier.epochMilliseconds), fromEpochMillis(later.epochMilliseconds)] as const;
  if (readings[0] === readings[1]) return { shown: 'once', at: readings[0] };
  const isShown = PlainDateTimeFns.equals(ZonedDateTimeFns.toPlainDateTime(earlier), local);
  return { shown: isShown ? 'twice' : 'never', readings };
}

/** `2027-03-28T01:30`, also with a blank for the T; null for anything else, such as a date that no calendar has. */
export function parseLocal(text: string): { readonly date: LocalDate; readonly minute: number } | null {
  const [, date = '', hour = '', minute = ''] = /^(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return isLocalDate(date) ? { date, minute: Number(hour) * 60 + Number(minute) } : null;
}
