import { join } from 'node:path';
import type { FunctionName } from '#shared/runtime/wiring.ts';
import type { Engines } from './engines/engines.ts';
import { type Functions, functionArn, invoke } from './functions.ts';
import { openJournal } from './journal.ts';
import { startPollers } from './pollers/pollers.ts';
import { fileCheckpoint } from './pollers/stream-checkpoint.ts';
import { recordDeliveries } from './sandbox/notices.ts';
import { type ExecutionEntry, startStateMachine } from './timers.ts';

export type Call = (name: FunctionName, event: unknown) => Promise<unknown>;

export interface EventSourcesOptions {
  readonly dataDir: string;
  readonly engines: Engines;
  readonly functions: Functions;
  readonly streamArn: string;
  readonly report: (problem: string) => void;
  readonly started: (end: () => Promise<void>) => void;
}

/** Connects queues, stream, timers and the minute's sweep to the functions. Answers how to call one, for the gateway. */
export function startEventSources(options: EventSourcesOptions): Call {
  const { dataDir, engines, functions, report, started } = options;
  let wakeStream = () => {};
  let writersRunning = 0;
  const call: Call = async (name, event) => {
    // Dispatch reads the stream; everything else may write a commit, also when it fails later.
    if (name === 'dispatch-timeline') return invoke(name, functions[name], event);
    writersRunning += 1;
    wakeStream();
    try {
      return await invoke(name, functions[name], event);
    } finally {
      writersRunning -= 1;
      wakeStream();
    }
  };
  const stateMachine = startStateMachine({
    tick: (input) => call('tick-escalation', input),
    tickFunctionArn: functionArn('tick-escalation'),
    ...openJournal<ExecutionEntry>(join(dataDir, 'executions.jsonl')),
    now: Date.now,
    report,
  });
  engines.connectStateMachine(stateMachine);
  started(stateMachine.stop);
  const pollers = startPollers({
    queues: engines.queues,
    streamArn: options.streamArn,
    checkpoint: fileCheckpoint(join(dataDir, 'stream.json')),
    invoke: call,
    isBusy: () => writersRunning > 0,
    onDeliveries: (event) => recordDeliveries(engines.notices, event),
    report,
  });
  wakeStream = pollers.wakeStream;
  started(pollers.stop);
  return call;
}
