import type { Override } from '#shared/on-call/override.ts';
import type { Layer, Restriction, Schedule } from '#shared/on-call/schedule.ts';
import { minuteMillis } from './clock-reference.ts';
import { anOverride } from './schedule-builders.ts';

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws around a minute: `local` is what clocks show then, `utc` the minute since the epoch. */
export interface Draw {
  readonly random: () => number;
  readonly local: number;
  readonly utc: number;
}

const names = ['ann', 'ben', 'cem', 'dan', 'eve'];
const shiftLengths = [1440, 1440, 60, 60, 30, 15, 90, 7, 360, 720, 2880, 7 * 1440];
const dayMinutes = 1440;

const between = ({ random }: Draw, min: number, max: number): number => min + Math.floor(random() * (max - min + 1));
const oneOf = <T>({ random }: Draw, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const localText = (minute: number): string => new Date(minute * minuteMillis).toISOString().slice(0, 16);
const instantOf = (minute: number): string => new Date(minute * minuteMillis).toISOString();
const inDay = (minute: number): number => ((minute % dayMinutes) + dayMinutes) % dayMinutes;

/** Near the time at which clocks are set, so that edges fall into gaps and folds, or anywhere. */
const drawMinute = (draw: Draw): number =>
  draw.random() < 0.5 ? inDay(draw.local + between(draw, -90, 90)) : between(draw, 0, dayMinutes - 1);

function drawRestriction(draw: Draw): Restriction {
  const today = Math.floor(draw.local / dayMinutes);
  const dates = draw.random() < 0.3 ? [localText((today + between(draw, -2, 1)) * dayMinutes).slice(0, 10)] : [];
  return {
    weekdays: [1, 2, 3, 4, 5, 6, 7].filter(() => draw.random() < 0.6),
    dates,
    startMinute: draw.random() < 0.1 ? 0 : drawMinute(draw),
    endMinute: draw.random() < 0.1 ? oneOf(draw, [0, dayMinutes]) : drawMinute(draw),
  };
}

export function drawLayer(draw: Draw, name: string): Layer {
  const shiftMinutes = oneOf(draw, shiftLengths);
  // Years back, so that the turn must be found by arithmetic; or so near that its start is in the gap or the fold.
  const turnsBack = draw.random() < 0.5 ? between(draw, 0, 40_000) : 0;
  const start = draw.local + between(draw, -10 * 60, 90) - turnsBack * shiftMinutes;
  return {
    name,
    members: names.slice(0, between(draw, 1, names.length)),
    shiftMinutes,
    start: localText(start),
    end: draw.random() < 0.15 ? localText(draw.local + between(draw, -300, 600)) : null,
    restrictions: draw.random() < 0.4 ? Array.from({ length: between(draw, 1, 2) }, () => drawRestriction(draw)) : [],
  };
}

function drawOverride(draw: Draw, index: number): Override {
  const start = draw.utc + between(draw, -800, 500);
  return anOverride({
    id: `override-${index}`,
    person: oneOf(draw, ['yun', 'zoe', 'ann']),
    replaces: oneOf(draw, [null, null, 'ann', 'ben', 'zoe']),
    startsAt: instantOf(start),
    endsAt: instantOf(start + between(draw, 1, 900)),
    // Few instants, so that ids must decide as well.
    createdAt: instantOf(draw.utc - between(draw, 1, 3)),
    cancelledAt: draw.random() < 0.3 ? instantOf(start + between(draw, -60, 400)) : null,
  });
}

export function drawOverrides(draw: Draw): readonly Override[] {
  const count = draw.random() < 0.6 ? 0 : between(draw, 1, 4);
  return Array.from({ length: count }, (_, index) => drawOverride(draw, index));
}

export function drawSchedule(draw: Draw, timeZone: string): Schedule {
  const layers = Array.from({ length: between(draw, 1, 3) }, (_, index) => drawLayer(draw, `layer-${index}`));
  return { name: 'web', timeZone, layers, handOffChannel: null };
}
