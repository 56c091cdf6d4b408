import type { Policy } from '#shared/config/policy.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Layer, Restriction, Schedule } from '#shared/on-call/schedule.ts';
import { firstShowing, type Reading, readingAt, readingsOf, type Span } from './clock-table.ts';

/** Who is on call, found by walking through all shifts from the first one; and hours, found by scanning the clock. */

const millis = (instant: string): number => Date.parse(instant);
const minuteMillis = 60_000;

/** Of two that both count the later made has the last word. */
export function referenceOnCall(
  schedule: Schedule,
  overrides: readonly Override[],
  at: number,
  span: Span,
): string | null {
  let person: string | null = null;
  for (const layer of schedule.layers) person = memberOf(layer, schedule, at, span) ?? person;
  const made = overrides
    .filter((override) => override.schedule === schedule.name)
    .sort((a, b) => millis(a.createdAt) - millis(b.createdAt) || (a.id < b.id ? -1 : 1));
  for (const override of made) {
    if (at < millis(override.startsAt) || at >= millis(override.endsAt)) continue;
    if (override.cancelledAt !== null && at >= millis(override.cancelledAt)) continue;
    if (override.replaces !== null && override.replaces !== person) continue;
    person = override.person;
  }
  return person;
}

/** Shift after shift by the face of the clock; the last one that has begun is the present one. */
function memberOf(layer: Layer, { timeZone }: Schedule, at: number, span: Span): string | null {
  const table = readingsOf(timeZone, span);
  if (layer.end !== null && at >= (firstShowing(table, layer.end) ?? Number.POSITIVE_INFINITY)) return null;
  if (layer.restrictions.length > 0 && !layer.restrictions.some((each) => isInside(each, readingAt(table, at)))) {
    return null;
  }
  let member: string | null = null;
  for (let shift = 0; ; shift += 1) {
    const face = new Date(Date.parse(`${layer.start}:00Z`) + shift * layer.shiftMinutes * minuteMillis);
    const startsAt = firstShowing(table, face.toISOString().slice(0, 16));
    if (startsAt === null || startsAt > at) return member;
    member = layer.members[shift % layer.members.length] ?? null;
  }
}

/** A time of the week; what begins before midnight belongs to the day before. */
function isInside({ weekdays, dates, startMinute, endMinute }: Restriction, reading: Reading): boolean {
  const isDay = (date: string, weekday: number) => weekdays.includes(weekday) || dates.includes(date);
  const today = isDay(reading.date, reading.weekday);
  const dayBefore = new Date(Date.parse(`${reading.date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const yesterday = isDay(dayBefore, reading.weekday === 1 ? 7 : reading.weekday - 1);
  if (startMinute < endMinute) return today && reading.minute >= startMinute && reading.minute < endMinute;
  return (today && reading.minute >= startMinute) || (yesterday && reading.minute < endMinute);
}

type WorkingHours = Policy['workingHours'];

function isWorking({ weekdays, start, end, holidays = [] }: WorkingHours, reading: Reading): boolean {
  const time = reading.local.slice(11);
  return weekdays.includes(reading.weekday) && !holidays.includes(reading.date) && time >= start && time < end;
}

export const isInWorkingHours = (hours: WorkingHours, at: number, span: Span): boolean =>
  isWorking(hours, readingAt(readingsOf(hours.timeZone, span), at));

/** The instant itself, or the first quarter of an hour behind it in which people work. */
export function nextWorking(hours: WorkingHours, at: number, span: Span): number {
  const table = readingsOf(hours.timeZone, span);
  if (isWorking(hours, readingAt(table, at))) return at;
  const next = table.find((reading) => reading.at > at && isWorking(hours, reading));
  if (!next) throw new Error('the model has no working hours');
  return next.at;
}
