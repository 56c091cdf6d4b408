import { firstShowing, type ZoneClock } from '../kernel/zone-clock.ts';
import { allowedWithin } from './restriction.ts';
import { localMillisOf, turnsBetween } from './rotation.ts';
import type { Layer } from './schedule.ts';
import { cutTo, intersect, type Span } from './span.ts';

/** A time in which a layer has somebody. */
export interface Stretch extends Span {
  readonly member: string;
}

/** When a layer has whom inside of a span: in order, without overlap, with holes where it has nobody. */
export function stretchesOf(layer: Layer, clock: ZoneClock, span: Span): readonly Stretch[] {
  const end = layer.end === null ? span.endsAt : firstShowing(clock, localMillisOf(layer.end));
  const lifetime = cutTo(span, { startsAt: span.startsAt, endsAt: end });
  if (lifetime.startsAt >= lifetime.endsAt) return [];
  const turns = turnsBetween(layer, clock, lifetime.startsAt, lifetime.endsAt);
  return intersect(turns, allowedWithin(layer.restrictions, clock, lifetime));
}
