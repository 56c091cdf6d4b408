import { AdapterError } from '../kernel/adapter-error.ts';
import type { SilenceDecision } from '../silence/decide-silence.ts';
import type { Silence } from '../silence/silence.ts';
import { loadSilence, type SilenceChange, saveSilences } from '../store/silence-store.ts';
import { decideAgain, type TryLimits } from './decide-again.ts';
import type { Deps } from './deps.ts';
import { requestRejudge } from './rejudge.ts';

/** Saving silences, for every door and command that makes, changes or ends one. */

export type SaveSilenceDeps = Pick<Deps, 'table' | 'queues' | 'clock' | 'ids' | 'random' | 'policy' | 'log'>;

const limits: TryLimits = { tries: 5, budgetMillis: 5_000 };

/** What was decided of a stored silence. */
export interface SilenceOutcome {
  readonly before: Silence;
  readonly decision: SilenceDecision;
}

/** Load, decide, save; again when somebody else changed it meanwhile. Null: there is no such silence. */
export const changeSilence = (
  deps: SaveSilenceDeps,
  id: string,
  decide: (before: Silence) => SilenceDecision,
): Promise<SilenceOutcome | null> =>
  decideAgain(deps, limits, async () => {
    const before = await loadSilence(deps.table, id);
    if (before === null) return null;
    const decision = decide(before);
    await saveDecision(deps, before, decision);
    return { before, decision };
  });

/** Saves what was accepted, and has every firing alert judged again at once. */
export async function saveDecision(
  deps: SaveSilenceDeps,
  before: Silence | null,
  decision: SilenceDecision,
): Promise<void> {
  if (decision.outcome !== 'accepted') return;
  await saveSilences(deps.table, changesOf(before, decision), deps.policy);
  await judgeAgain(deps, decision.silence);
}

function changesOf(
  before: Silence | null,
  { silence, replaced }: Extract<SilenceDecision, { outcome: 'accepted' }>,
): readonly SilenceChange[] {
  if (replaced !== null)
    return [
      { before, after: replaced },
      { before: null, after: silence },
    ];
  return [{ before: before?.id === silence.id ? before : null, after: silence }];
}

/** The silence is stored: when the asking fails the sweep asks in its place, so the caller is not told to try again. */
async function judgeAgain(deps: SaveSilenceDeps, silence: Silence): Promise<void> {
  try {
    await requestRejudge(deps, silence);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.warn('alerts are judged again only by the next sweep', { silenceId: silence.id, error });
  }
}
