import type { Instant } from '../../kernel/instant.ts';
import { createSilence, expireSilence } from '../../silence/decide-silence.ts';
import type { Silence } from '../../silence/silence.ts';
import { silenceStateAt } from '../../silence/silence-state.ts';
import {
  draftOccurrence,
  isStale,
  occurrenceId,
  type WantedOccurrence,
  wantedOccurrences,
  withdrawn,
} from '../../silence/window-silences.ts';
import { loadSilence, type SilenceChange, saveSilences } from '../../store/silence-store.ts';
import { ConditionFailed, type Table } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import { requestRejudge } from '../rejudge.ts';
import { currentSilences } from '../silence-cache.ts';
import type { SweepRun } from './sweep-run.ts';

/** Silences of one transaction, which holds the version item too. */
const changesPerWrite = 40;
/** How often one occurrence may leave the policy file and return. */
const revisions = 20;

/**
 * Keeps the silences of maintenance windows as the policy file has them: what begins within two days is made, what no window
 * of the file makes any more is ended. In health this is one read a minute. What began or ended to hold is judged again at
 * once; later beginnings and ends are marks of the silences themselves.
 */
export async function keepWindows(
  deps: Pick<Deps, 'table' | 'queues' | 'ids' | 'policy' | 'log'>,
  { now }: Pick<SweepRun, 'now'>,
): Promise<void> {
  const windows = deps.policy.maintenanceWindows;
  const { silences: known } = await currentSilences(deps.table, now);
  const silences = known.filter((silence) => silenceStateAt(silence, now) !== 'expired');
  const alive = new Set(silences.map(({ id }) => id));
  const made = await Promise.all(
    wantedOccurrences(windows, now)
      .filter((wanted) => !alive.has(occurrenceId(wanted, 0)))
      .map((wanted) => makeOccurrence(deps, wanted, now)),
  );
  const ended = silences.filter((silence) => isStale(silence, windows)).map((silence) => endStale(silence, now));
  // What takes the place of a running one comes with its end, so that nothing is told in between.
  const changes = [...made, ...ended].filter((change) => change !== null).sort(byWindow);
  for (let start = 0; start < changes.length; start += changesPerWrite) {
    await saveChanges(deps, changes.slice(start, start + changesPerWrite), now);
  }
}

const windowOf = ({ after }: SilenceChange): string => after.origin?.window ?? '';
const byWindow = (a: SilenceChange, b: SilenceChange): number => (windowOf(a) < windowOf(b) ? -1 : 1);

/** Null: it was made before. One that a person ended early stays ended; one that was withdrawn is made anew. */
async function makeOccurrence(
  { table, log }: Pick<Deps, 'table' | 'log'>,
  wanted: WantedOccurrence,
  now: Instant,
): Promise<SilenceChange | null> {
  const id = await freeId(table, wanted);
  if (id === null) return null;
  const decision = createSilence(draftOccurrence(wanted), { now, id });
  if (decision.outcome === 'accepted') return { before: null, after: decision.silence };
  log.warn('a maintenance window cannot become a silence', { window: wanted.window.name, reason: decision.reason });
  return null;
}

async function freeId(table: Table, wanted: WantedOccurrence): Promise<string | null> {
  for (let revision = 0; revision < revisions; revision += 1) {
    const id = occurrenceId(wanted, revision);
    const known = await loadSilence(table, id);
    if (known === null) return id;
    if (known.origin?.withdrawnAt === undefined) return null;
  }
  return null;
}

function endStale(silence: Silence, now: Instant): SilenceChange | null {
  const decision = expireSilence(silence, now, 'Tocsin, because the policy file no longer has its window');
  if (decision.outcome !== 'accepted' || silence.origin === undefined) return null;
  return { before: silence, after: { ...decision.silence, origin: withdrawn(silence.origin, now) } };
}

async function saveChanges(
  deps: Pick<Deps, 'table' | 'queues' | 'ids' | 'policy'>,
  changes: readonly SilenceChange[],
  now: Instant,
): Promise<void> {
  try {
    await saveSilences(deps.table, changes, deps.policy);
  } catch (error) {
    // Somebody has changed one of them since: the next minute looks at it as it is then.
    if (error instanceof ConditionFailed) return;
    throw error;
  }
  const held = changes.find(({ before, after }) => (before ?? after).startsAt <= now);
  if (held !== undefined) await requestRejudge(deps, held.after);
}
