import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Somebody takes over for a time, as the person meant it. */
export interface MeantOverride {
  readonly person: string;
  readonly askedAt: number;
  /** Null: from when the command is taken. */
  readonly from: number | null;
  readonly minutes: number;
}

/** A typed command; answers true when Slack's request was answered. */
export type Type = (text: string, triggerId: string) => Promise<boolean>;

const minute = 60_000;
const takers = ['alice', 'bob', 'dave', 'erin', 'frank'] as const;
/** What Berlin's clocks show on 2 March, without a date. */
const clockOf = (at: number): string => new Date(at + 60 * minute).toISOString().slice(11, 16);

/** People who take over now and then, at once or from a little later on, and take some of it back; Slack repeats some commands. */
export class OverridesModel {
  /** By the reason that they gave. */
  readonly meant = new Map<string, MeantOverride>();
  #ended = false;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly type: Type;
  /** The id of an override by its reason, once Tocsin has it. */
  readonly idOf: (reason: string) => string | null;

  constructor(time: VirtualTime, random: Random, type: Type, idOf: (reason: string) => string | null) {
    this.time = time;
    this.random = random;
    this.type = type;
    this.idOf = idOf;
    this.time.after(this.random.between(2, 12) * minute, () => this.#think());
  }

  stop(): void {
    this.#ended = true;
  }

  #think(): void {
    if (this.#ended) return;
    this.time.after(this.random.between(4, 14) * minute, () => this.#think());
    const reason = `cover-${this.meant.size + 1}`;
    const person = this.random.pick(takers);
    const minutes = this.random.between(3, 30);
    const isLater = this.random.chance(0.3);
    const askedAt = this.time.millis;
    const from = isLater ? Math.ceil(askedAt / minute) * minute + this.random.between(2, 8) * minute : null;
    this.meant.set(reason, { person, askedAt, from, minutes });
    const when = from === null ? `for ${minutes}m` : `${clockOf(from)} to ${clockOf(from + minutes * minute)}`;
    const text = `override primary ${person} ${when} ${reason}`;
    void this.type(text, `override.${reason}`);
    if (this.random.chance(0.2)) void this.type(text, `override.${reason}`);
    if (this.random.chance(0.3)) this.time.after(this.random.between(1, 12) * minute, () => this.#cancel(reason));
  }

  #cancel(reason: string): void {
    const id = this.idOf(reason);
    if (!this.#ended && id !== null) void this.type(`override cancel ${id}`, `cancel.${reason}`);
  }
}
