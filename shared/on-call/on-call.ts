import { addMillis, fromEpochMillis, type Instant, toEpochMillis } from '../kernel/instant.ts';
import { zoneClock } from '../kernel/zone-clock.ts';
import { applyOverrides, inOrderMade } from './apply-overrides.ts';
import { type Stretch, stretchesOf } from './layer.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule.ts';

/** Who is on call, and by which rule. */
export interface OnCall {
  readonly person: string;
  readonly by:
    | { readonly kind: 'layer'; readonly layer: string }
    | {
        readonly kind: 'override';
        readonly id: string;
        readonly madeBy: string;
        /** Who would be on call without it; null: nobody. */
        readonly replaced: string | null;
      };
}

/** A time in which one person, by one rule, or nobody is on call. Half-open. */
export interface Shift {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** Null: a gap. */
  readonly onCall: OnCall | null;
}

/**
 * Who is on call at an instant? The topmost layer that has somebody, then every override that counts then, in the order in
 * which they were made, so that the later made wins; null: nobody.
 */
export const onCallAt = (schedule: Schedule, overrides: readonly Override[], at: Instant): OnCall | null =>
  shiftsBetween(schedule, overrides, at, addMillis(at, 1))[0]?.onCall ?? null;

/**
 * The shifts and gaps from one instant to before another: without a hole, in order, equal neighbours are one. Who is on call changes
 * only where a layer's stretch begins or ends, or an override begins, ends or is cancelled; so it is asked there and nowhere else.
 */
export function shiftsBetween(
  schedule: Schedule,
  overrides: readonly Override[],
  from: Instant,
  to: Instant,
): readonly Shift[] {
  if (from >= to) return [];
  const span = { startsAt: toEpochMillis(from), endsAt: toEpochMillis(to) };
  const clock = zoneClock(schedule.timeZone, from, to);
  const layers = schedule.layers.map((layer) => ({ name: layer.name, stretches: stretchesOf(layer, clock, span) }));
  const ordered = inOrderMade(overrides.filter((each) => isFor(each, schedule, from, to)));
  const byLayers = readLayers(layers);
  const edges = [...layers.flatMap(({ stretches }) => stretches.flatMap(edgesOf)), ...ordered.flatMap(edgesOfOverride)];
  const starts = edges.filter((edge) => edge > span.startsAt && edge < span.endsAt).sort((a, b) => a - b);
  const shifts: Shift[] = [];
  for (const start of new Set([span.startsAt, ...starts])) {
    const startsAt = fromEpochMillis(start);
    appendShift(shifts, { startsAt, endsAt: to, onCall: applyOverrides(byLayers(start), ordered, startsAt) });
  }
  return shifts;
}

const isFor = (override: Override, schedule: Schedule, from: Instant, to: Instant): boolean =>
  override.schedule === schedule.name && override.startsAt < to && override.endsAt > from;

const edgesOf = ({ startsAt, endsAt }: Stretch): number[] => [startsAt, endsAt];

const edgesOfOverride = ({ startsAt, endsAt, cancelledAt }: Override): number[] =>
  [startsAt, endsAt, ...(cancelledAt === null ? [] : [cancelledAt])].map(toEpochMillis);

interface LayerStretches {
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

/** Answers whom the layers have, for instants that rise: each list is walked once. */
function readLayers(layers: readonly LayerStretches[]): (at: number) => OnCall | null {
  const topFirst = layers.toReversed().map(({ name, stretches }) => ({ name, stretches, next: 0 }));
  return (at) => {
    for (const cursor of topFirst) {
      let stretch = cursor.stretches[cursor.next];
      while (stretch !== undefined && stretch.endsAt <= at) stretch = cursor.stretches[++cursor.next];
      if (stretch !== undefined && stretch.startsAt <= at) {
        return { person: stretch.member, by: { kind: 'layer', layer: cursor.name } };
      }
    }
    return null;
  };
}

/** The shift before ends where this one starts; when nothing differs it goes on instead. */
function appendShift(shifts: Shift[], shift: Shift): void {
  const last = shifts.at(-1);
  if (last === undefined) shifts.push(shift);
  else if (!isSame(last.onCall, shift.onCall)) {
    shifts[shifts.length - 1] = { ...last, endsAt: shift.startsAt };
    shifts.push(shift);
  }
}

function isSame(a: OnCall | null, b: OnCall | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.person !== b.person) return false;
  if (a.by.kind === 'layer') return b.by.kind === 'layer' && a.by.layer === b.by.layer;
  return b.by.kind === 'override' && a.by.id === b.by.id && a.by.replaced === b.by.replaced;
}
