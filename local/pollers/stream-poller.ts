import { pause } from '../pause.ts';
import type { Poller } from './queue-poller.ts';
import { retryPauseMillis, StreamReader, type StreamReaderOptions } from './stream-reader.ts';

export interface StreamPollerOptions extends StreamReaderOptions {
  /** Functions are running that may write. */
  readonly isBusy: () => boolean;
}

export interface StreamPoller extends Poller {
  /** Something may have been written: look now. Only a hint, an idle poller looks by itself. */
  wake(): void;
}

/** After a wake-up: DynamoDB Local shows a write in the stream within 10 ms. */
const wokenPauseMillis = 5;
const wokenForMillis = 60;
/** While functions run, any of which may write. */
const busyPauseMillis = 25;
/** Nothing of ours runs; looking more often would keep Java busy all day. */
const idlePauseMillis = 200;

/**
 * Reads the table's stream in order, one shard after the other, and hands commits to a function. The position is on disk
 * once the function has succeeded, so after a crash records come again rather than get lost.
 */
export function startStreamPoller(options: StreamPollerOptions): StreamPoller {
  const stopping = new AbortController();
  let wokenUntil = 0;
  let interrupt = new AbortController();
  const wake = () => {
    wokenUntil = performance.now() + wokenForMillis;
    interrupt.abort();
  };
  const idle = async () => {
    interrupt = new AbortController();
    const woken = performance.now() < wokenUntil;
    const millis = woken ? wokenPauseMillis : options.isBusy() ? busyPauseMillis : idlePauseMillis;
    await pause(millis, interrupt.signal);
  };
  const reader = new StreamReader(options);
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        if (!(await reader.readOnce())) await idle();
      } catch (error) {
        options.report(`stream: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        reader.forgetIterator();
        await pause(retryPauseMillis, stopping.signal);
      }
    }
  };
  const running = loop();
  return {
    wake,
    async stop() {
      stopping.abort();
      interrupt.abort();
      await running;
    },
  };
}
