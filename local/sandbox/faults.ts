/** What goes wrong with the next call to a stand-in. `carriedOut`: the caller cannot know, which is the hard case. */
export type Fault =
  /** Answers this HTTP status without doing anything. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Slack's `ok: false` with this error. */
  | { readonly kind: 'error'; readonly error: string }
  /** Never answers: the caller runs into its time-out. */
  | { readonly kind: 'silence'; readonly carriedOut: boolean }
  /** Cuts the connection instead of answering. */
  | { readonly kind: 'reset'; readonly carriedOut: boolean };

/** A call as the stand-in got it. */
export interface VendorCall {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Slack's method, PagerDuty's event_action. */
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What was answered: `ok`, an error code, an HTTP status, or the fault. */
  readonly outcome: string;
}

export interface FaultMatch {
  /** Default 1. */
  readonly times?: number;
  /** Default: every call. */
  readonly matching?: (call: Pick<VendorCall, 'method' | 'args'>) => boolean;
}

export interface Faults {
  /** The next call (that matches) fails like this; several wait in line. */
  next(fault: Fault, match?: FaultMatch): void;
  /** Every call fails like this, until null: an outage. */
  always(fault: Fault | null): void;
  readonly outage: Fault | null;
  /** For the stand-in: the fault of this call, used up. */
  take(call: Pick<VendorCall, 'method' | 'args'>): Fault | null;
}

export function makeFaults(): Faults {
  let outage: Fault | null = null;
  const waiting: { readonly fault: Fault; readonly matching: NonNullable<FaultMatch['matching']>; times: number }[] =
    [];
  return {
    next: (fault, { times = 1, matching = () => true } = {}) => {
      waiting.push({ fault, matching, times });
    },
    always: (fault) => {
      outage = fault;
    },
    get outage() {
      return outage;
    },
    take(call) {
      if (outage !== null) return outage;
      const index = waiting.findIndex((one) => one.matching(call));
      const found = waiting[index];
      if (found === undefined) return null;
      found.times -= 1;
      if (found.times <= 0) waiting.splice(index, 1);
      return found.fault;
    },
  };
}

/** How many calls a stand-in remembers. */
export const rememberedCalls = 10_000;
