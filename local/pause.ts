import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or ends early when the signal says so: both are a normal end. */
export async function pause(millis: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(millis, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
