import { pause } from '../pause.ts';
import type { Poller } from './queue-poller.ts';

/** Calls `sweep` now and then every `everyMillis` (from start to start), never twice at once. */
export function startSweepClock(
  sweep: () => Promise<void>,
  everyMillis: number,
  report: (problem: string) => void,
): Poller {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      await sweep().catch((error: unknown) =>
        report(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
      await pause(Math.max(0, everyMillis - (performance.now() - startedAt)), stopping.signal);
    }
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
