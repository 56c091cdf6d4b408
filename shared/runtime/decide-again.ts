import { AdapterError } from '../kernel/adapter-error.ts';
import { secondsBetween } from '../kernel/instant.ts';
import { ConditionFailed } from '../store/table.ts';
import type { Deps } from './deps.ts';

/** How often one load-decide-save is tried, and for how long in all. */
export interface TryLimits {
  readonly tries: number;
  readonly budgetMillis: number;
}

const firstPauseMillis = 40;
const longestPauseMillis = 1_000;

/**
 * Runs a load-decide-save until it saves: when somebody else decided first (a failed condition, a transaction conflict)
 * everything is loaded and decided again after a pause with full jitter. `attempt` counts from 0.
 * @throws AdapterError `conflict` when the limits are reached; whatever else the work throws
 */
export async function decideAgain<T>(
  deps: Pick<Deps, 'clock' | 'random'>,
  limits: TryLimits,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  const startedAt = deps.clock.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isLostRace(error)) throw error;
      const pause = deps.random() * Math.min(longestPauseMillis, firstPauseMillis * 2 ** attempt);
      const spent = secondsBetween(startedAt, deps.clock.now()) * 1000;
      if (attempt + 1 >= limits.tries || spent + pause > limits.budgetMillis) {
        throw new AdapterError('table', 'conflict', 'others decided first each time', { cause: error });
      }
      await deps.clock.sleep(pause);
    }
  }
}

const isLostRace = (error: unknown): boolean =>
  error instanceof ConditionFailed || (error instanceof AdapterError && error.reason === 'conflict');
