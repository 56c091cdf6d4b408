import type { AlertRecord } from '../../alert/alert.ts';
import type { Policy } from '../../config/policy.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import { inhibitorPlaces, inhibitTargets, type KnownInhibitors, samePlaces } from '../../route/inhibition.ts';
import { loadInhibitors } from '../../store/inhibitor-store.ts';
import type { Table } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import type { PlannedAlert } from './plan-alert.ts';
import type { AlertTask, Proposal } from './propose.ts';

interface Proposed {
  readonly task: AlertTask;
  readonly stored: AlertRecord | null;
  readonly proposal: Proposal;
}

/** What inhibits the alerts that these proposals would have fire, and what already inhibits where they begin to. */
export async function inhibitorsFor(
  table: Table,
  { inhibitRules }: Pick<Policy, 'inhibitRules'>,
  proposed: readonly Proposed[],
): Promise<KnownInhibitors> {
  if (inhibitRules.length === 0) return new Map();
  const places = proposed.flatMap(({ stored, proposal }) => {
    if (proposal.kind !== 'fire' && proposal.kind !== 'judge again') return [];
    const { labels } = proposal.after;
    const filed = stored?.inhibits ?? [];
    return [
      ...inhibitTargets(inhibitRules, labels).map(({ place }) => place),
      ...inhibitorPlaces(inhibitRules, labels)
        .map(({ place }) => place)
        .filter((place) => !filed.some((each) => each.place === place)),
    ];
  });
  return loadInhibitors(table, places);
}

/**
 * The plan with the places in which the alert is filed from now on as an inhibitor. They are remembered in its record: it is
 * taken out of exactly these when it ends, whatever the policy file says then. Where nothing else changes but the file did, they
 * are all that is written.
 */
export function filePlaces(
  planned: PlannedAlert | null,
  { task, stored, proposal }: Proposed,
  { inhibitRules }: Pick<Policy, 'inhibitRules'>,
): PlannedAlert | null {
  const after = planned?.after ?? (planned === null && proposal.kind === 'judge again' ? proposal.after : null);
  if (after === null) return planned;
  const places = after.status === 'firing' ? inhibitorPlaces(inhibitRules, after.labels) : [];
  if (planned === null && samePlaces(places, stored?.inhibits ?? [])) return null;
  const { inhibits: _earlier, ...rest } = after;
  const filed = places.length === 0 ? rest : { ...rest, inhibits: places };
  if (planned !== null) return { ...planned, after: filed };
  return { task, before: stored, after: filed, joins: [], leaves: [], row: null };
}

/** Places in which something began to inhibit, and those that something left. */
export interface InhibitionChange {
  readonly begun: readonly string[];
  readonly left: readonly string[];
}

/** Where an alert more inhibits the same alerts as before, nobody need be told. */
export function inhibitionChange(planned: readonly PlannedAlert[], known: KnownInhibitors): InhibitionChange {
  const changes = planned.flatMap(({ before, after }) =>
    after === null ? [] : [{ earlier: before?.inhibits ?? [], now: after.inhibits ?? [] }],
  );
  const begun = changes.flatMap(({ now }) =>
    now.filter(({ place, sides }) => {
      const first = known.get(place);
      return first === null || (first !== undefined && first.sides === 'two' && sides === 'one');
    }),
  );
  const left = changes.flatMap(({ earlier, now }) =>
    earlier.filter(
      (each) =>
        !samePlaces(
          [each],
          now.filter(({ place }) => place === each.place),
        ),
    ),
  );
  return { begun: distinctPlaces(begun), left: distinctPlaces(left) };
}

const distinctPlaces = (places: readonly { readonly place: string }[]): readonly string[] => [
  ...new Set(places.map(({ place }) => place)),
];

/** Places that one message names. */
const placesPerMessage = 100;
/** One FIFO group: however many alerts begin and end to inhibit, only one handler at a time looks for their targets. */
const inhibitionGroup = 'inhibition';

/**
 * Asks ingest to look for the alerts that are inhibited from now on, or no longer. The best that can be done now: should it
 * fail, or come too late, the sweep compares all firing alerts with what inhibits within a minute.
 */
export async function tellTargets(
  deps: Pick<Deps, 'table' | 'queues' | 'ids' | 'clock' | 'log'>,
  { begun, left }: InhibitionChange,
  correlationId: string,
): Promise<void> {
  if (begun.length === 0 && left.length === 0) return;
  try {
    const remaining = await loadInhibitors(deps.table, left);
    const ended = left.filter((place) => remaining.get(place)?.sides !== 'one');
    const places = [...new Set([...begun, ...ended])];
    for (let start = 0; start < places.length; start += placesPerMessage) {
      const id = deps.ids.next();
      const chunk = places.slice(start, start + placesPerMessage);
      const message = { kind: 'inhibition', correlationId, id, at: deps.clock.now(), places: chunk } as const;
      await deps.queues.send('ingest', message, { group: inhibitionGroup, dedup: id });
    }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.warn('what an alert inhibits is judged again only by the next sweep', { error });
  }
}
