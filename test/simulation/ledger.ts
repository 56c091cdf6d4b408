import type { AlertRecord, IntakeRow } from '#shared/alert/alert.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { PageRow } from '#shared/notification/page.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { fromItem, type StoredKind } from '#shared/store/codec.ts';
import type { Item } from '#shared/store/table.ts';
import type { Commit } from '#shared/timeline/events.ts';
import type { World } from './world.ts';

/** One committed change, decoded. The order of these is the one order in which things happened; `tx` counts transactions. */
export type Fact = { readonly tx: number } & Change;

type Change =
  | { readonly at: number; readonly kind: 'alert'; readonly before: AlertRecord | null; readonly after: AlertRecord }
  | { readonly at: number; readonly kind: 'incident'; readonly before: Incident | null; readonly after: Incident }
  | { readonly at: number; readonly kind: 'page'; readonly before: PageRow | null; readonly after: PageRow }
  | { readonly at: number; readonly kind: 'commit'; readonly after: Commit }
  | { readonly at: number; readonly kind: 'intake'; readonly after: IntakeRow }
  | { readonly at: number; readonly kind: 'silence'; readonly after: Silence }
  | { readonly at: number; readonly kind: 'override'; readonly after: Override };

/** Within one transaction alerts come before the incidents that they changed, and pages last. */
const rank: Readonly<Record<string, number>> = { alert: 0, incident: 1, commit: 2, page: 3, intake: 4, silence: 5 };

export function factsOf(world: World): readonly Fact[] {
  return world.ledger.flatMap(({ at, changes }, tx) =>
    changes
      .flatMap(({ before, after }): Fact[] =>
        after === null ? [] : decode(at, before, after).map((change) => ({ tx, ...change })),
      )
      .sort((a, b) => (rank[a.kind] ?? 9) - (rank[b.kind] ?? 9)),
  );
}

function decode(at: number, before: Item | null, after: Item): Change[] {
  switch (after.kind) {
    case 'alert':
      return [{ at, kind: 'alert', before: before && read(before, 'alert'), after: read(after, 'alert') }];
    case 'incident':
      return [{ at, kind: 'incident', before: before && read(before, 'incident'), after: read(after, 'incident') }];
    case 'page':
      return [{ at, kind: 'page', before: before && read(before, 'page'), after: read(after, 'page') }];
    case 'commit':
      return before === null ? [{ at, kind: 'commit', after: read(after, 'commit') }] : [];
    case 'intake':
      return before === null ? [{ at, kind: 'intake', after: read(after, 'intake') }] : [];
    case 'silence':
      return [{ at, kind: 'silence', after: read(after, 'silence') }];
    case 'override':
      return [{ at, kind: 'override', after: read(after, 'override') }];
    default:
      return [];
  }
}

const decoded = new WeakMap<Item, unknown>();

/** Items are frozen and handed on from write to write, so each is decoded once. */
function read<K extends StoredKind>(item: Item, kind: K): ReturnType<typeof fromItem<K>> {
  const known = decoded.get(item);
  if (known !== undefined) return known as ReturnType<typeof fromItem<K>>;
  const value = fromItem(item, kind);
  decoded.set(item, value);
  return value;
}

export const incidentsOf = (world: World): readonly Incident[] =>
  world.presentItems('incident').map((item) => read(item, 'incident'));
export const pagesOf = (world: World): readonly PageRow[] =>
  world.presentItems('page').map((item) => read(item, 'page'));
export const alertsOf = (world: World): readonly AlertRecord[] =>
  world.presentItems('alert').map((item) => read(item, 'alert'));
export const commitsOf = (world: World): readonly Commit[] =>
  world.presentItems('commit').map((item) => read(item, 'commit'));
export const overridesOf = (world: World): readonly Override[] =>
  world.presentItems('override').map((item) => read(item, 'override'));
