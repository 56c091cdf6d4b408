import { AdapterError } from '../../kernel/adapter-error.ts';
import { addMillis, type Instant } from '../../kernel/instant.ts';
import { admitCall } from '../../notification/breaker.ts';
import { vendorTimeoutMillis } from '../../notification/page.ts';
import type { CallClass } from '../../notification/rate-limit.ts';
import { type BreakerView, breakerView, claimProbe, recordFailure, recordSuccess } from '../../store/breaker-store.ts';
import { breakerKey } from '../../store/keys.ts';
import {
  type Bucket,
  bucketKey,
  holdStoredSlots,
  type SeenBucket,
  takeStoredSlot,
} from '../../store/rate-limit-store.ts';
import type { Deps } from '../deps.ts';
import type { VendorOutcome } from '../ports.ts';

export type Vendor = 'slack' | 'pagerduty' | 'sns';
export type SessionDeps = Pick<Deps, 'table' | 'clock' | 'metrics' | 'log'>;

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly waitMillis: number };

/** Another caller is the probe: look again soon. */
const probeElsewhereMillis = 5_000;

/** `too late`: the lease would end before the vendor's answer must be there, so nothing was sent. */
export type CallOutcome<T> = VendorOutcome<T> | { readonly outcome: 'too late' };

export interface VendorRequest<T> {
  /** Such as `chat.postMessage`: a metric dimension, so a closed small set. */
  readonly operation: string;
  readonly bucket: Bucket | null;
  /** Nothing may reach the vendor after this instant; null: the call changes nothing that a lease guards. */
  readonly leaseUntil: Instant | null;
  readonly send: () => Promise<VendorOutcome<T>>;
}

/**
 * One lane call's way to its vendor: breaker read once, slots of the shared rate limit, the lease rule, and what came of
 * it counted. It decides nothing about the message: that is the lane's.
 */
export class VendorSession {
  readonly #deps: SessionDeps;
  readonly #vendor: Vendor;
  readonly #callClass: CallClass;
  #view: BreakerView | null = null;

  constructor(deps: SessionDeps, vendor: Vendor, callClass: CallClass) {
    this.#deps = deps;
    this.#vendor = vendor;
    this.#callClass = callClass;
  }

  /**
   * Is the vendor there, and has the bucket a slot for us? A granted slot is taken. The slot comes before the probe: a
   * probe that waited for its slot would keep the road closed.
   */
  async prepare(bucket: Bucket | null): Promise<Readiness> {
    const { table, clock } = this.#deps;
    const { view, seen } = await this.#look(bucket);
    const admission = this.#admitted(view) ? ({ admission: 'pass' } as const) : admitCall(view.breaker, clock.now());
    if (admission.admission === 'wait') return { ready: false, waitMillis: admission.millis };
    if (seen !== null) {
      const slot = await takeStoredSlot(table, seen, clock.now(), this.#callClass);
      if (slot.slot === 'wait') return { ready: false, waitMillis: slot.millis };
    }
    this.#view = admission.admission === 'probe' ? await claimProbe(table, view, admission.next) : view;
    return this.#view === null ? { ready: false, waitMillis: probeElsewhereMillis } : { ready: true };
  }

  /** Breaker (at first) and bucket, in one request: it lies on the way of every page. */
  async #look(bucket: Bucket | null): Promise<{ readonly view: BreakerView; readonly seen: SeenBucket | null }> {
    const { table } = this.#deps;
    const asked = this.#view === null ? [breakerKey(this.#vendor)] : [];
    const items = await table.get([...asked, ...(bucket === null ? [] : [bucketKey(bucket)])]);
    const view = this.#view ?? breakerView(this.#vendor, items[0] ?? null);
    return { view, seen: bucket === null ? null : { bucket, item: items[asked.length] ?? null } };
  }

  /** A probe that this session holds stays its own; once open again, nobody passes. */
  #admitted(view: BreakerView): boolean {
    return this.#view !== null && view.breaker.state !== 'open';
  }

  /** The call itself, after `prepare`. The lease is compared right before it: slow steps may lie between. */
  async call<T>(request: VendorRequest<T>): Promise<CallOutcome<T>> {
    const { clock, metrics } = this.#deps;
    if (request.leaseUntil !== null && addMillis(clock.now(), vendorTimeoutMillis) > request.leaseUntil) {
      return { outcome: 'too late' };
    }
    const answer = await this.#send(request);
    metrics.count('VendorCalls', 1, {
      vendor: this.#vendor,
      operation: request.operation,
      outcome: answer.outcome,
    });
    await this.#record(answer, request.bucket);
    return answer;
  }

  /** A port that throws never reached the vendor (a secret that cannot be read), unless it says that nobody knows. */
  async #send<T>(request: VendorRequest<T>): Promise<VendorOutcome<T>> {
    try {
      return await request.send();
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      const { service, reason } = error;
      this.#deps.log.warn('a vendor call did not go out', { vendor: this.#vendor, service, reason });
      return { outcome: reason === 'timeout' ? 'unknown' : 'failed', reason: `${service} ${reason}` };
    }
  }

  async #record(answer: VendorOutcome<unknown>, bucket: Bucket | null): Promise<void> {
    const { table, clock, metrics, log } = this.#deps;
    if (answer.outcome === 'rate limited' && bucket !== null) {
      await holdStoredSlots(table, bucket, clock.now(), answer.retryAfterSeconds);
    }
    if (this.#view === null) return;
    if (answer.outcome !== 'failed' && answer.outcome !== 'unknown') {
      this.#view = await recordSuccess(table, this.#view);
      return;
    }
    const { view, opened } = await recordFailure(table, this.#view, clock.now());
    this.#view = view;
    if (!opened) return;
    metrics.count('BreakerOpened', 1, { vendor: this.#vendor });
    log.warn('breaker opened', { vendor: this.#vendor });
  }
}
