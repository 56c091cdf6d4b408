import type { AlertId } from '../../alert/alert.ts';
import type { Incident } from '../../incident/incident.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Key } from '../../store/table.ts';
import type { Deps } from '../deps.ts';

/**
 * One run of the sweep: the instant that everything is judged by, the instant at which it stops, and what failed. An item
 * that fails never stops its neighbours; the run as a whole is then marked as failed by its caller.
 */
export class SweepRun {
  readonly now: Instant;
  readonly #deps: Pick<Deps, 'clock' | 'log' | 'metrics'>;
  readonly #deadline: Instant;
  readonly errors: unknown[] = [];
  readonly alertsToJudge: AlertId[] = [];
  /** Posted alerts that end unless a queued copy says otherwise. */
  readonly leasesOver: AlertId[] = [];
  /** Closed incidents to clean up: last of all, because nobody waits for it. */
  readonly toExpire: { readonly incident: Incident; readonly closedAt: Instant }[] = [];
  #ranOut = false;

  constructor(deps: Pick<Deps, 'clock' | 'log' | 'metrics'>, deadline: Instant) {
    this.#deps = deps;
    this.#deadline = deadline;
    this.now = deps.clock.now();
  }

  get complete(): boolean {
    return !this.#ranOut && this.errors.length === 0;
  }

  /** False from the deadline on: what is left is looked at in the next minute. */
  hasTime(): boolean {
    if (this.#deps.clock.now() < this.#deadline) return true;
    this.#ranOut = true;
    return false;
  }

  /** Counts what the first path should have done and did not. */
  repaired(kind: string, count = 1): void {
    if (count > 0) this.#deps.metrics.count('SweepRepairs', count, { kind });
  }

  async isolate(what: string, work: () => Promise<void>, key?: Key): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.errors.push(error);
      this.#deps.log.error('sweep could not finish an item', { what, ...key, error });
    }
  }
}
