import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks every `everyMillis` until there is something; a look that throws found nothing yet.
 * @throws with `what`, and what was seen last, after `seconds`
 */
export async function until<T>(
  what: string,
  look: () => Promise<Found<T>> | Found<T>,
  options: { readonly seconds?: number; readonly everyMillis?: number; readonly seen?: () => unknown } = {},
): Promise<T> {
  const { seconds = 20, everyMillis = 50, seen = () => '' } = options;
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    let cause: unknown;
    try {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      const last = seen();
      const told = typeof last === 'string' ? last : JSON.stringify(last, null, 1);
      throw new Error(`not within ${seconds} s: ${what}\nseen last: ${told.slice(-4_000)}`, { cause });
    }
    await sleep(everyMillis);
  }
}

type Found<T> = T | null | undefined | false;

/** Holds for the whole time: for what must not happen. @throws at once when it stops holding */
export async function throughout(
  what: string,
  seconds: number,
  holds: () => Promise<boolean> | boolean,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  do {
    if (!(await holds())) throw new Error(`no longer: ${what}`);
    await sleep(100);
  } while (performance.now() < end);
}
