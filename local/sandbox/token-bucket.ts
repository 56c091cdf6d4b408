/** A vendor's rate limit as a bucket: `burst` at once, then one per `everyMillis`. */
export interface TokenBucket {
  /** 0 when the call may go, else the milliseconds until one may. */
  take(key: string, now: number): number;
}

export function makeTokenBucket(burst: number, everyMillis: number): TokenBucket {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key, now) {
      const bucket = buckets.get(key) ?? { tokens: burst, at: now };
      buckets.set(key, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / everyMillis);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) * everyMillis);
      bucket.tokens -= 1;
      return 0;
    },
  };
}
