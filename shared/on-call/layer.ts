import { firstShowing, type ZoneClock } from '../kernel/zone-clock.ts';
import { allowedWithin, cutTo, type Span } from './restriction.ts';
import { localMillisOf, type Turn, turnsBetween } from './rotation.ts';
import type { Layer } from './schedule.ts';

/** A time in which a layer has somebody. */
export interface Stretch extends Span {
  readonly person: string;
}

/** When a layer has whom inside of a span: in order, without overlap, with holes where it has nobody. */
export function stretchesOf(layer: Layer, clock: ZoneClock, span: Span): readonly Stretch[] {
  const end = layer.end === null ? span.endsAt : firstShowing(clock, localMillisOf(layer.end));
  const lifetime = cutTo(span, { startsAt: span.startsAt, endsAt: end });
  if (lifetime.startsAt >= lifetime.endsAt) return [];
  const turns = turnsBetween(layer, clock, lifetime.startsAt, lifetime.endsAt);
  return intersect(turns, allowedWithin(layer.restrictions, clock, lifetime));
}

/** Both lists are in order and without overlap, so one walk over both finds what they share. */
function intersect(turns: readonly Turn[], allowed: readonly Span[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let next = 0;
  for (const turn of turns) {
    for (let span = allowed[next]; span !== undefined && span.startsAt < turn.endsAt; span = allowed[next]) {
      const { startsAt, endsAt } = cutTo(turn, span);
      if (startsAt < endsAt) stretches.push({ startsAt, endsAt, person: turn.member });
      if (span.endsAt > turn.endsAt) break;
      next++;
    }
  }
  return stretches;
}
