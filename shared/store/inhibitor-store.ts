import type { AlertRecord } from '../alert/alert.ts';
import type { Inhibitor, InhibitorPlace } from '../route/inhibition.ts';
import { fromItem, toItem } from './codec.ts';
import { inhibitorKey, inhibitorPartition } from './keys.ts';
import type { Table, Write } from './table.ts';

/** Places asked side by side. */
const parallelQueries = 20;

/** The first alert that is filed in each place, strongly consistent: one small query a place. */
export async function loadInhibitors(
  table: Table,
  places: readonly string[],
): Promise<ReadonlyMap<string, Inhibitor | null>> {
  const known = new Map<string, Inhibitor | null>();
  const distinct = [...new Set(places)];
  for (let start = 0; start < distinct.length; start += parallelQueries) {
    await Promise.all(
      distinct.slice(start, start + parallelQueries).map(async (place) => {
        const { items } = await table.query({ pk: inhibitorPartition(place), limit: 1 });
        const [first] = items;
        known.set(place, first === undefined ? null : readInhibitor(first));
      }),
    );
  }
  return known;
}

function readInhibitor(item: Parameters<typeof fromItem>[0]): Inhibitor {
  const { source, fingerprint, sides } = fromItem(item, 'inhibitor');
  return { source, fingerprint, sides };
}

const keyOf = ({ source, fingerprint }: AlertRecord, { place, sides }: InhibitorPlace) =>
  inhibitorKey(place, sides, source, fingerprint);

const without = (all: readonly InhibitorPlace[], gone: readonly InhibitorPlace[]): readonly InhibitorPlace[] =>
  all.filter(({ place, sides }) => !gone.some((other) => other.place === place && other.sides === sides));

/**
 * Files an alert in the places where it inhibits from now on, and takes it out of those where it no longer does. In the
 * transaction of the alert, whose version guards them: filed means firing.
 */
export function inhibitorWrites(before: AlertRecord | null, after: AlertRecord): readonly Write[] {
  const [earlier, now] = [before?.inhibits ?? [], after.inhibits ?? []];
  const { source, fingerprint } = after;
  return [
    ...without(now, earlier).map((added): Write => {
      const item = { schema: 1, source, fingerprint, sides: added.sides } as const;
      return { kind: 'put', item: toItem(keyOf(after, added), 'inhibitor', item) };
    }),
    ...without(earlier, now).map((removed): Write => ({ kind: 'delete', key: keyOf(after, removed) })),
  ];
}
