import type { Override } from '#shared/on-call/override.ts';
import type { Layer, Restriction, Schedule } from '#shared/on-call/schedule.ts';
import { type ClockTable, minuteMillis } from './clock-reference.ts';

const dayMinutes = 1440;

const localMinuteOf = (local: string): number => Date.parse(`${local}:00Z`) / minuteMillis;

/** Days since 1 January 1970, which was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
const dateOf = (day: number): string => new Date(day * dayMinutes * minuteMillis).toISOString().slice(0, 10);

/** Does a restriction hold once clocks have shown at most `latest`? The day before counts for what lasts over midnight. */
function holds(restriction: Restriction, latest: number): boolean {
  const today = Math.floor(latest / dayMinutes);
  return holdsFrom(restriction, today, latest) || holdsFrom(restriction, today - 1, latest);
}

function holdsFrom({ weekdays, dates, startMinute, endMinute }: Restriction, day: number, latest: number): boolean {
  if (!weekdays.includes(weekdayOf(day)) && !(dates.length > 0 && dates.includes(dateOf(day)))) return false;
  const start = day * dayMinutes + startMinute;
  const length = endMinute > startMinute ? endMinute - startMinute : dayMinutes + endMinute - startMinute;
  return latest >= start && latest < start + length;
}

interface ReadLayer {
  readonly layer: Layer;
  readonly start: number;
  readonly end: number;
}

function memberOf({ layer, start, end }: ReadLayer, latest: number): string | undefined {
  if (latest < start || latest >= end) return undefined;
  if (layer.restrictions.length > 0 && !layer.restrictions.some((each) => holds(each, latest))) return undefined;
  return layer.members[Math.floor((latest - start) / layer.shiftMinutes) % layer.members.length];
}

/** Who is on call in each minute of a table, read off it without any arithmetic of instants: a name, or null. */
export function readMinutes(
  { layers }: Schedule,
  overrides: readonly Override[],
  table: ClockTable,
  [first, last]: readonly [number, number],
): (string | null)[] {
  const topFirst = [...layers].reverse().map((layer) => ({
    layer,
    start: localMinuteOf(layer.start),
    end: layer.end === null ? Number.POSITIVE_INFINITY : localMinuteOf(layer.end),
  }));
  const ordered = [...overrides].sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1)).map(readOverride);
  const minutes: (string | null)[] = [];
  for (let minute = first; minute < last; minute++) {
    const latest = table.latestShown[minute - table.from] ?? Number.NaN;
    let person: string | null = null;
    for (const layer of topFirst) {
      person = memberOf(layer, latest) ?? null;
      if (person !== null) break;
    }
    for (const { starts, ends, replaces, name } of ordered) {
      if (minute >= starts && minute < ends && (replaces === null || replaces === person)) person = name;
    }
    minutes.push(person);
  }
  return minutes;
}

const readOverride = ({ startsAt, endsAt, cancelledAt, replaces, person }: Override) => ({
  starts: Date.parse(startsAt) / minuteMillis,
  ends:
    Math.min(Date.parse(endsAt), cancelledAt === null ? Number.POSITIVE_INFINITY : Date.parse(cancelledAt)) /
    minuteMillis,
  replaces,
  name: person,
});
