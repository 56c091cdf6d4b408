import type { Clock } from './ports.ts';

export type Timed<T> =
  | { readonly outcome: 'done'; readonly value: T }
  | { readonly outcome: 'failed'; readonly error: unknown }
  /** The work may still end, and nobody waits for it. */
  | { readonly outcome: 'too late' };

/** What work came to within so many milliseconds. Never rejects, also when the work fails later. */
export function within<T>(clock: Clock, millis: number, work: () => Promise<T>): Promise<Timed<T>> {
  if (millis <= 0) return Promise.resolve({ outcome: 'too late' });
  const worked = work().then(
    (value): Timed<T> => ({ outcome: 'done', value }),
    (error: unknown): Timed<T> => ({ outcome: 'failed', error }),
  );
  const late = clock.sleep(millis).then((): Timed<T> => ({ outcome: 'too late' }));
  return Promise.race([worked, late]);
}
