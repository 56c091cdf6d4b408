import { addMillis, type Instant, toEpochMillis } from '../kernel/instant.ts';

/**
 * A circuit breaker over one vendor. Closed lets everything through; open nothing; half-open exactly one probe, whose
 * lease ends by itself so that a crashed probe does not close the road for ever.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  /** `openings` in a row without a success between them: each lasts longer. */
  | { readonly state: 'open'; readonly openings: number; readonly until: Instant }
  | { readonly state: 'half-open'; readonly openings: number; readonly probeUntil: Instant };

export type Admission =
  | { readonly admission: 'pass' }
  /** Store `next` before calling; whoever stores it is the one probe. */
  | { readonly admission: 'probe'; readonly next: Breaker }
  | { readonly admission: 'wait'; readonly millis: number };

export const closedBreaker: Breaker = { state: 'closed', failures: 0 };

/** Failures in a row that open it. */
const failuresToOpen = 5;
const firstOpenMillis = 30_000;
/** Shorter than a SEV1 page has (60 s): one that is owed right after the vendor's recovery must not end in the fallback. */
const longestOpenMillis = 45_000;
/** Longer than a claim's lease (30 s), within which every call of the probe ends. */
const probeLeaseMillis = 35_000;

/** May the vendor be called at `now`? */
export function admitCall(breaker: Breaker, now: Instant): Admission {
  switch (breaker.state) {
    case 'closed':
      return { admission: 'pass' };
    case 'open':
      return now < breaker.until ? waitUntil(breaker.until, now) : probe(breaker.openings, now);
    case 'half-open':
      return now < breaker.probeUntil ? waitUntil(breaker.probeUntil, now) : probe(breaker.openings, now);
  }
}

const waitUntil = (until: Instant, now: Instant): Admission => ({
  admission: 'wait',
  millis: toEpochMillis(until) - toEpochMillis(now),
});

const probe = (openings: number, now: Instant): Admission => ({
  admission: 'probe',
  next: { state: 'half-open', openings, probeUntil: addMillis(now, probeLeaseMillis) },
});

/**
 * After a call that failed or whose outcome is unknown (a rate limit or a refusal is an answer, and no failure). A failure
 * that comes in while it is open belongs to a call that began before, and changes nothing.
 */
export function afterFailure(breaker: Breaker, now: Instant): Breaker {
  switch (breaker.state) {
    case 'closed':
      return breaker.failures + 1 < failuresToOpen ? { state: 'closed', failures: breaker.failures + 1 } : open(1, now);
    case 'half-open':
      return open(breaker.openings + 1, now);
    case 'open':
      return breaker;
  }
}

/** After a call that was answered: whatever it was, the vendor is there. */
export const afterSuccess = (): Breaker => closedBreaker;

/** 30 s, then 45 s each. */
const open = (openings: number, now: Instant): Breaker => ({
  state: 'open',
  openings,
  until: addMillis(now, Math.min(firstOpenMillis * 2 ** (openings - 1), longestOpenMillis)),
});
