import type { PolicyPath } from '../problem.ts';

/** A piece of the plain data of a file whose shape is not known to be right. */
export interface Place {
  readonly at: PolicyPath;
  readonly value: unknown;
}

function childrenOf(place: Place, key: string): Place[] {
  const { value, at } = place;
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries
    .filter(([each]) => key === '*' || key === each)
    .map(([each, child]) => ({ at: [...at, each], value: child }));
}

/** What stands at a path such as `teams.*.members.*`; `*` is every key or index. */
export const placesAt = (start: Place, pattern: string): Place[] =>
  pattern.split('.').reduce<Place[]>((places, key) => places.flatMap((place) => childrenOf(place, key)), [start]);

/** Of several findings about the same thing, the first. */
export const firstOfEach = <T>(items: readonly T[], keyOf: (item: T) => string): T[] =>
  [...new Map([...items].reverse().map((item) => [keyOf(item), item])).values()].reverse();
