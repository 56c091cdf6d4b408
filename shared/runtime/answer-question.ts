import { earliest } from '../kernel/instant.ts';
import { predict } from '../prediction/predict.ts';
import type { Prediction, Question } from '../prediction/prediction.ts';
import { loadOverrides } from '../store/override-store.ts';
import { loadSilences } from '../store/silence-store.ts';
import type { Deps } from './deps.ts';

export type SimulationDeps = Pick<Deps, 'table' | 'policy' | 'clock'>;

/** A question answered with what is stored: two reads at once. */
export async function answerQuestion(
  { table, policy, clock }: SimulationDeps,
  question: Question,
): Promise<Prediction> {
  // Also what has ended since, when somebody asks about the past.
  const since = earliest(question.at, clock.now());
  const [silences, overrides] = await Promise.all([loadSilences(table), loadOverrides(table, policy, since)]);
  return predict(policy, question, { silences, overrides });
}
