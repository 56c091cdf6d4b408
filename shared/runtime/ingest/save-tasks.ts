import type { AlertRecord } from '../../alert/alert.ts';
import type { Judgement } from '../../route/judge-alert.ts';
import { makeJudge } from '../../route/judge-record.ts';
import { endSilencesOf } from '../end-with-its-alert.ts';
import { currentSilences } from '../silence-cache.ts';
import { type AlertTask, type Proposal, proposeFor } from './propose.ts';
import { type IngestDeps, type MessageContext, saveUnit } from './save-unit.ts';

/** 40 alerts with their rows are 80 of the 100 items of a transaction; the rest is for incidents and pages. */
const alertsPerUnit = 40;

export interface LoadedTask {
  readonly task: AlertTask;
  readonly stored: AlertRecord | null;
}

/**
 * Decides all that a message changes as a sequence of complete, idempotent units: firing before resolved, most severe
 * first, so that the page goes out after the first unit and the count catches up. Unchanged alerts cost nothing more.
 * Answers how many were unchanged.
 */
export async function saveTasks(
  deps: IngestDeps,
  loaded: readonly LoadedTask[],
  message: MessageContext,
): Promise<{ readonly unchanged: number }> {
  const now = deps.clock.now();
  const proposed = loaded
    .map((each) => ({ ...each, proposal: proposeFor(each.task, each.stored, now) }))
    .filter(({ proposal }) => proposal.kind !== 'none');
  const fires = proposed.some(({ proposal }) => isFiring(proposal));
  const silences = fires ? await currentSilences(deps.table, now) : null;
  const judge = silences === null ? null : makeJudge(deps.policy, silences, now);
  const ranked = proposed
    .map((each) => ({ ...each, rank: rankOf(each.proposal, judge) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  for (let start = 0; start < ranked.length; start += alertsPerUnit) {
    const unit = ranked.slice(start, start + alertsPerUnit);
    await saveUnit(
      deps,
      unit.map(({ task }) => task),
      message,
      { records: unit.map(({ stored }) => stored), silences },
    );
  }
  const ended = proposed.filter(({ proposal }) => proposal.kind === 'end');
  await endSilencesOf(
    deps,
    ended.flatMap(({ stored }) => stored ?? []),
  );
  return { unchanged: loaded.length - proposed.length };
}

/** Severities are SEV1 to SEV4, so ranks compare as texts. What a silence holds back is in no hurry. */
function rankOf(proposal: Proposal, judge: ((alert: AlertRecord) => Judgement) | null): string {
  if (judge === null || !isFiring(proposal)) return 'later';
  const judgement = judge(proposal.after);
  if (judgement.kind === 'suppressed') return 'firing, suppressed';
  const [worst = 'SEV4'] = judgement.routes.map(({ severity }) => severity).sort();
  return `firing, ${worst}`;
}

const isFiring = (proposal: Proposal): proposal is Extract<Proposal, { kind: 'fire' | 'judge again' }> =>
  proposal.kind === 'fire' || proposal.kind === 'judge again';
