import { type Instant, parseRfc3339 } from '../kernel/instant.ts';
import { isLocalDate, type LocalDate } from '../kernel/local-time.ts';

/** A moment as people write it: on the clocks of a schedule, unless it names its offset from UTC. */
export type Moment =
  | { readonly kind: 'now' }
  | { readonly kind: 'instant'; readonly at: Instant }
  /** `minute` of the day, 1440 is its end. No day: whichever fits where the moment stands. */
  | { readonly kind: 'local'; readonly day: Day | null; readonly minute: number };

export type Day =
  | { readonly kind: 'date'; readonly date: LocalDate }
  /** From today on: 0 is today. */
  | { readonly kind: 'from today'; readonly days: number }
  /** ISO: 1 is Monday. */
  | { readonly kind: 'weekday'; readonly weekday: number };

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** One word: `now`, `18:00`, `2026-12-24T18:00`, or an instant with its offset; null for anything else. */
export function parseMoment(word: string): Moment | null {
  if (word.toLowerCase() === 'now') return { kind: 'now' };
  const minute = parseClock(word);
  if (minute !== null) return { kind: 'local', day: null, minute };
  const [, date = '', time = ''] = /^(2\d{3}-\d\d-\d\d)[Tt](\d\d:\d\d)(?::00(?:\.0{1,9})?)?$/.exec(word) ?? [];
  const clock = parseClock(time);
  if (clock === null) return parseInstant(word);
  return isLocalDate(date) ? { kind: 'local', day: { kind: 'date', date }, minute: clock } : null;
}

/** RFC 3339, of this millennium; seconds may be left out. */
function parseInstant(word: string): Moment | null {
  const at = parseRfc3339(word.replace(/^(.{10}[Tt]\d\d:\d\d)([Zz+-].*)$/, '$1:00$2'));
  return at?.startsWith('2') ? { kind: 'instant', at } : null;
}

/** `today`, `tomorrow`, a weekday (three letters are enough) or a date; null for anything else. */
export function parseDay(word: string): Day | null {
  const name = word.toLowerCase();
  if (name === 'today' || name === 'tomorrow') return { kind: 'from today', days: name === 'today' ? 0 : 1 };
  if (word.startsWith('2') && isLocalDate(word)) return { kind: 'date', date: word };
  const index = name.length < 3 ? -1 : weekdays.findIndex((weekday) => weekday.startsWith(name));
  return index < 0 ? null : { kind: 'weekday', weekday: index + 1 };
}

/** Minutes of the day in `8:00`, `18:00` or `24:00`; null for anything else. */
export function parseClock(text: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= 1440 ? minute : null;
}
