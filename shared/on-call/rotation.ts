import { assert } from '../kernel/assert.ts';
import { fromEpochMillis } from '../kernel/instant.ts';
import { clocksAt, firstShowing, type ZoneClock, zoneClock } from '../kernel/zone-clock.ts';
import type { Layer, LocalDateTime } from './schedule.ts';
import type { Span } from './span.ts';

/** One shift of a layer before restrictions and other layers. */
export interface Turn extends Span {
  /** 0 is the first. */
  readonly index: number;
  readonly member: string;
}

const minuteMillis = 60_000;
const dayMillis = 86_400_000;

/** What clocks show, as if it were UTC, in milliseconds. */
export function localMillisOf(local: LocalDateTime): number {
  const millis = Date.parse(`${local}:00.000Z`);
  assert(!Number.isNaN(millis), `not a local time: ${local}`);
  return millis;
}

/** When turn n begins. A later turn never begins earlier; in a gap of the clocks several begin at once. */
const turnStart = ({ start, shiftMinutes }: Layer, clock: ZoneClock, index: number): number =>
  firstShowing(clock, localMillisOf(start) + index * shiftMinutes * minuteMillis);

/**
 * A turn that has begun by an instant, and is over or runs then; -1 or less: none has. What the clocks show then was reached, so the
 * turn of that time has begun; it may be over, because clocks that were set back show a time of the turns before.
 */
const turnBegunBy = ({ start, shiftMinutes }: Layer, clock: ZoneClock, at: number): number =>
  Math.floor((clocksAt(clock, at) - localMillisOf(start)) / (shiftMinutes * minuteMillis));

const memberOf = ({ name, members }: Layer, index: number): string => {
  const member = members[index % members.length];
  assert(member !== undefined, `layer ${name} has no members`);
  return member;
};

/** The turns that touch [from, to), cut to it, in order. Turns that are over and those that a gap swallows whole are left out. */
export function turnsBetween(layer: Layer, clock: ZoneClock, from: number, to: number): readonly Turn[] {
  const turns: Turn[] = [];
  let index = Math.max(0, turnBegunBy(layer, clock, from));
  for (let next = turnStart(layer, clock, index); next < to; index++) {
    const startsAt = Math.max(from, next);
    next = turnStart(layer, clock, index + 1);
    const endsAt = Math.min(to, next);
    if (startsAt < endsAt) turns.push({ index, member: memberOf(layer, index), startsAt, endsAt });
  }
  return turns;
}

/** The whole turn that runs at an instant; null: the layer has not begun. What ends the layer does not shorten it. */
export function turnAt(layer: Layer, timeZone: string, at: number): Turn | null {
  // Twice its wall time, and two days for clocks that are set: the turn is inside, whole.
  const reach = 2 * layer.shiftMinutes * minuteMillis + 2 * dayMillis;
  const clock = zoneClock(timeZone, fromEpochMillis(at - reach), fromEpochMillis(at + reach));
  return (
    turnsBetween(layer, clock, at - reach, at + reach).find(({ startsAt, endsAt }) => at >= startsAt && at < endsAt) ??
    null
  );
}
