import type { AlertRecord } from '../alert/alert.ts';
import { AdapterError } from '../kernel/adapter-error.ts';
import type { Instant } from '../kernel/instant.ts';
import { expireSilence } from '../silence/decide-silence.ts';
import type { Silence } from '../silence/silence.ts';
import { loadAlerts } from '../store/alert-store.ts';
import { loadSilencesById, saveSilence } from '../store/silence-store.ts';
import { ConditionFailed } from '../store/table.ts';
import type { Deps } from './deps.ts';

/**
 * A silence of one alert holds nothing back once that has resolved, whatever the store says (silence-index.ts). It is ended there
 * for the people and tools that list silences, so nothing has to be judged again, and nobody waits for it.
 */
type EndDeps = Pick<Deps, 'table' | 'policy'>;

const silencesPerRead = 100;

/** False when it goes on: it is no such silence, its alert still fires, it has ended already, or somebody has just changed it. */
export async function endWithItsAlert(deps: EndDeps, silence: Silence, now: Instant): Promise<boolean> {
  if (!(await isOver(deps, silence))) return false;
  const decision = expireSilence(silence, now, 'Tocsin, with its alert');
  if (decision.outcome !== 'accepted') return false;
  try {
    await saveSilence(deps.table, silence, decision.silence, deps.policy);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}

async function isOver({ table }: EndDeps, { untilResolved, createdAt }: Silence): Promise<boolean> {
  if (untilResolved === undefined) return false;
  const [alert = null] = await loadAlerts(table, [untilResolved]);
  return alert === null || alert.status !== 'firing' || alert.changedAt > createdAt;
}

/** After alerts have resolved: the silences that were made for them alone. What fails here is done by the sweep. */
export async function endSilencesOf(
  deps: EndDeps & Pick<Deps, 'clock' | 'log'>,
  resolved: readonly AlertRecord[],
): Promise<void> {
  const ids = resolved.flatMap(({ suppressedBy }) =>
    suppressedBy?.kind === 'silence' ? [suppressedBy.silenceId] : [],
  );
  const distinct = [...new Set(ids)];
  try {
    for (let start = 0; start < distinct.length; start += silencesPerRead) {
      const silences = await loadSilencesById(deps.table, distinct.slice(start, start + silencesPerRead));
      for (const silence of silences) if (silence !== null) await endWithItsAlert(deps, silence, deps.clock.now());
    }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.warn('silences that ended with their alerts are ended by the sweep', { error });
  }
}
