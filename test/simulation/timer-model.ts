import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { TickAnswer, TimerInput, Timers } from '#shared/runtime/ports.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Runs tick-escalation; null when it failed or crashed. */
export type InvokeTick = (input: TimerInput) => Promise<TickAnswer | null>;
/** Whether an execution is its incident's present timer. */
export type IsPresent = (input: TimerInput) => boolean;

/** Step Functions Standard with our state machine: ask, wait, ask again. Some executions die: the sweep must find them. */
export class TimerModel implements Timers {
  readonly #names = new Set<string>();
  diesShare = 0;
  /** Executions that went on although they had been replaced before they asked. */
  readonly stale: TimerInput[] = [];
  readonly time: VirtualTime;
  readonly random: Random;
  readonly invoke: InvokeTick;
  readonly isPresent: IsPresent;

  constructor(time: VirtualTime, random: Random, invoke: InvokeTick, isPresent: IsPresent) {
    this.time = time;
    this.random = random;
    this.invoke = invoke;
    this.isPresent = isPresent;
  }

  async start(name: string, input: TimerInput): Promise<void> {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw new Error(`not an execution name: ${name}`);
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.time.after(this.random.between(10, 100), () => void this.#tick(input, 1));
  }

  async #tick(input: TimerInput, attempt: number): Promise<void> {
    if (this.random.chance(this.diesShare)) return;
    const wasPresent = this.isPresent(input);
    const answer = await this.invoke(input);
    if (answer === null) {
      this.time.after(Math.min(60_000, 1_000 * 2 ** attempt), () => void this.#tick(input, attempt + 1));
      return;
    }
    if (answer.next === 'done' || answer.dueAt === null) return;
    if (!wasPresent) this.stale.push(input);
    this.time.at(toEpochMillis(answer.dueAt) + this.random.between(0, 200), () => void this.#tick(answer, 1));
  }
}
