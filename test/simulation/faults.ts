import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { shardCount } from '#shared/store/keys.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a port call suffers: an error or a crash of the whole invocation, before or after the call was carried out. */
export type Fault = 'none' | 'before' | 'after' | 'crash before' | 'crash after';

export interface FaultRates {
  readonly error: number;
  readonly crash: number;
  readonly conflict: number;
  /** A process that stands still for long before or after a write, as a frozen container does. */
  readonly stall: number;
}

export const noFaults: FaultRates = { error: 0, crash: 0, conflict: 0, stall: 0 };

/** How often each (port call, before or after) was hit, over all seeds of a process. */
export type FaultCounts = Map<string, number>;

/** One look at an index asks all its shards: as many calls, and together as likely to fail as any other. */
const sharesOf: ReadonlyMap<string, number> = new Map([['table.queryIndex', 1 / shardCount]]);

/** A call that never answers: what a process sees of its own death. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** One running copy of a function. A crash ends it for ever; its promises never go on. */
export interface Container {
  alive: boolean;
  readonly crash: () => void;
}

export class FaultPlan {
  rates: FaultRates = noFaults;
  /** Vendors that are down: each call fails, or nobody knows. */
  readonly outages = new Set<string>();
  readonly #random: Random;
  readonly #time: VirtualTime;
  readonly #counts: FaultCounts;

  constructor(random: Random, time: VirtualTime, counts: FaultCounts) {
    this.#random = random;
    this.#time = time;
    this.#counts = counts;
  }

  draw(call: string, transaction: boolean): Fault | 'conflict' {
    if (transaction && this.#random.chance(this.rates.conflict)) return this.#count(call, 'conflict');
    const share = sharesOf.get(call) ?? 1;
    const drawn = this.#random.next();
    const { crash, error } = this.rates;
    if (drawn < crash * share) return this.#count(call, drawn < (crash * share) / 2 ? 'crash before' : 'crash after');
    const rest = drawn - crash * share;
    if (rest < error * share) return this.#count(call, rest < (error * share) / 2 ? 'before' : 'after');
    return 'none';
  }

  #count<F extends string>(call: string, fault: F): F {
    const side = fault.endsWith('after') ? 'after' : 'before';
    const key = `${call} ${side}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return fault;
  }

  /** Wraps every method of a port that answers a promise: latency on one side or both, faults, and silence after a crash. */
  guard<P extends object>(container: Container, name: string, port: P): P {
    const guarded = new Map<string | symbol, unknown>();
    return new Proxy(port, {
      get: (target, property) => {
        const known = guarded.get(property);
        if (known !== undefined) return known;
        const original: unknown = Reflect.get(target, property);
        if (typeof original !== 'function') return original;
        const call = `${name}.${String(property)}`;
        const wrapped = (...args: unknown[]) =>
          this.#call(container, call, isTransaction(call, args), () => original.apply(target, args));
        guarded.set(property, wrapped);
        return wrapped;
      },
    });
  }

  async #call(
    container: Container,
    call: string,
    transaction: boolean,
    perform: () => Promise<unknown>,
  ): Promise<unknown> {
    if (!container.alive) return never();
    const slow = this.#slowSides();
    if (slow.before) await this.#latency(call);
    if (!container.alive) return never();
    if (this.outages.has(call)) return this.#failed(call, false);
    const fault = this.draw(call, transaction);
    if (fault === 'conflict') throw new AdapterError('dynamodb', 'conflict', 'injected conflict');
    if (fault === 'before') return this.#failed(call, false);
    if (fault === 'crash before') return this.#die(container);
    const answer = await perform();
    if (fault === 'crash after') return this.#die(container);
    if (slow.after) await this.#latency(call);
    if (!container.alive) return never();
    if (fault === 'after') return this.#failed(call, true);
    return answer;
  }

  /** Time passes on the way there, on the way back, or on both: so others act before the call, and before its answer. */
  #slowSides(): { readonly before: boolean; readonly after: boolean } {
    const drawn = this.#random.between(1, 4);
    return { before: drawn !== 1, after: drawn !== 2 && drawn !== 3 };
  }

  /** Vendor ports answer outcomes; all others throw. A fault after the call is an answer that nobody can trust. */
  #failed(call: string, carriedOut: boolean): unknown {
    if (isVendorCall(call)) {
      if (carriedOut || this.#random.chance(0.3)) return { outcome: 'unknown', reason: 'injected time-out' };
      return this.#random.chance(0.5)
        ? { outcome: 'failed', reason: 'injected 503' }
        : { outcome: 'rate limited', retryAfterSeconds: this.#random.between(1, 3) };
    }
    const reason = carriedOut ? 'timeout' : this.#random.pick(['unavailable', 'throttled', 'timeout'] as const);
    throw new AdapterError(call, reason, `injected fault ${carriedOut ? 'after' : 'before'} the call`);
  }

  #die(container: Container): Promise<never> {
    container.crash();
    return never();
  }

  #latency(call: string): Promise<void> {
    if (call === 'table.write' && this.#random.chance(this.rates.stall))
      return this.#time.sleep(this.#random.between(15_000, 50_000));
    const slow = this.#random.chance(0.02);
    return this.#time.sleep(slow ? this.#random.between(200, 3_000) : this.#random.between(1, 20));
  }
}

const isTransaction = (call: string, [writes]: readonly unknown[]): boolean =>
  call === 'table.write' && Array.isArray(writes) && writes.length > 1;

const isVendorCall = (call: string): boolean => /^(slack|pagerduty|slackResponder)\./.test(call);
