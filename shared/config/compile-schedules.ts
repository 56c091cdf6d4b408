import { assert } from '../kernel/assert.ts';
import type { Layer, Restriction } from '../on-call/schedule.ts';
import { secondsOf } from './compile-escalation.ts';
import { holidayDates } from './compile-working-hours.ts';
import type { Policy } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';
import { parseClock } from './time-range.ts';
import { isoWeekdays } from './weekday.ts';

type LayerDocument = NonNullable<PolicyDocument['schedules']>[string]['layers'][number];
type RestrictionDocument = NonNullable<LayerDocument['when']>[number];

const minutesInDay = 1440;
const wordMinutes: Readonly<Record<string, number>> = { hourly: 60, daily: minutesInDay, weekly: 7 * minutesInDay };

const shiftMinutesOf = (shift: string): number => wordMinutes[shift] ?? secondsOf(shift) / 60;

function minuteOf(clock: string | undefined, otherwise: number): number {
  if (clock === undefined) return otherwise;
  const minute = parseClock(clock);
  assert(minute !== null, `the schema let a wrong time of day through: ${clock}`);
  return minute;
}

const compileRestriction = (restriction: RestrictionDocument, document: PolicyDocument): Restriction => ({
  weekdays: isoWeekdays(restriction.days ?? []),
  dates: restriction.holidays === undefined ? [] : holidayDates(document, restriction.holidays),
  startMinute: minuteOf(restriction.start, 0),
  endMinute: minuteOf(restriction.end, minutesInDay),
});

const compileLayer = (layer: LayerDocument, index: number, document: PolicyDocument): Layer => ({
  name: layer.name ?? String(index + 1),
  members: [...layer.members],
  shiftMinutes: shiftMinutesOf(layer.shift),
  start: layer.start,
  end: layer.end ?? null,
  restrictions: (layer.when ?? []).map((restriction) => compileRestriction(restriction, document)),
});

export const compileSchedules = (document: PolicyDocument): Policy['schedules'] =>
  Object.fromEntries(
    Object.entries(document.schedules ?? {}).map(([name, { timeZone, layers, handOffChannel }]) => [
      name,
      {
        name,
        timeZone,
        layers: layers.map((layer, index) => compileLayer(layer, index, document)),
        handOffChannel: handOffChannel ?? null,
      },
    ]),
  );
