import { readFileSync } from 'node:fs';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { Journal } from './journal.ts';

/** One line of the journal: an execution began with this input, or ended. */
export type ExecutionEntry =
  | { readonly name: string; readonly startedAt: number; readonly input: string }
  | { readonly name: string; readonly endedAt: number };

export type StartAnswer =
  | { readonly outcome: 'started'; readonly startedAt: number }
  /** The name is taken: by an execution with other input, or by one that has ended (within 90 days). */
  | { readonly outcome: 'exists' };

export interface StateMachineEngine {
  /** StartExecution: the same name and input while it runs is the same answer, everything else with a taken name is refused. */
  start(name: string, input: string): StartAnswer;
  readonly running: number;
  stop(): Promise<void>;
}

interface Execution {
  readonly input: string;
  readonly startedAt: number;
  abort: (() => void) | null;
  finished: Promise<void>;
}

type Json = Parameters<StateMachine['run']>[0];

export interface StateMachineOptions {
  /** Answers what tick-escalation answers. */
  readonly tick: (input: unknown) => Promise<unknown>;
  readonly tickFunctionArn: string;
  readonly journal: Journal<ExecutionEntry>;
  readonly entries: readonly ExecutionEntry[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly report: (problem: string) => void;
}

/** Step Functions frees a name 90 days after the execution ended. */
const nameTakenMillis = 90 * 24 * 60 * 60 * 1000;

/** infra/escalation.asl.json as CloudFormation would deploy it: with its substitutions made. */
export function readDefinition(tickFunctionArn: string): StateMachineDefinition {
  const text = readFileSync(new URL('../infra/escalation.asl.json', import.meta.url), 'utf8');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder.
  return JSON.parse(text.replaceAll('${TickFunctionArn}', tickFunctionArn)) as StateMachineDefinition;
}

/**
 * Interprets the deployed state machine. Waits are in memory; the journal brings back what was running when the process
 * was killed: such an execution asks tick at once, which answers from stored state.
 */
export function startStateMachine(options: StateMachineOptions): StateMachineEngine {
  const machine = new StateMachine(readDefinition(options.tickFunctionArn));
  const executions = new Map<string, Execution>();
  let stopping = false;

  const run = (name: string, input: string, startedAt: number) => {
    const execution: Execution = { input, startedAt, abort: null, finished: Promise.resolve() };
    const handle = machine.run(JSON.parse(input) as Json, {
      noThrowOnAbort: true,
      overrides: { taskResourceLocalHandlers: { Tick: async (parameters) => callTick(options.tick, parameters) } },
    });
    execution.abort = handle.abort;
    execution.finished = handle.result
      .catch((error: unknown) => options.report(`the timer ${name} gave up, the sweep goes on: ${String(error)}`))
      .then(() => {
        if (stopping) return;
        execution.abort = null;
        options.journal.append({ name, endedAt: options.now() });
      });
    executions.set(name, execution);
  };

  for (const { name, input, startedAt, endedAt } of restore(options)) {
    if (endedAt === null) run(name, input, startedAt);
    else executions.set(name, { input, startedAt, abort: null, finished: Promise.resolve() });
  }

  return {
    start(name, input) {
      const existing = executions.get(name);
      if (existing !== undefined) {
        const same = existing.abort !== null && existing.input === input;
        return same ? { outcome: 'started', startedAt: existing.startedAt } : { outcome: 'exists' };
      }
      const startedAt = options.now();
      options.journal.append({ name, startedAt, input });
      run(name, input, startedAt);
      return { outcome: 'started', startedAt };
    },
    get running() {
      return [...executions.values()].filter((execution) => execution.abort !== null).length;
    },
    async stop() {
      stopping = true;
      for (const execution of executions.values()) execution.abort?.();
      await Promise.all([...executions.values()].map((execution) => execution.finished));
    },
  };
}

/** The interpreter hands over the integration's parameters and takes its raw answer, as `lambda:invoke` has them. */
async function callTick(tick: StateMachineOptions['tick'], parameters: Json): Promise<Json> {
  const payload =
    typeof parameters === 'object' && parameters !== null && 'Payload' in parameters ? parameters.Payload : null;
  return { Payload: (await tick(payload)) as Json };
}

function restore({ entries, journal, now }: StateMachineOptions) {
  const known = new Map<string, { name: string; input: string; startedAt: number; endedAt: number | null }>();
  for (const entry of entries) {
    if ('input' in entry) known.set(entry.name, { ...entry, endedAt: null });
    else {
      const started = known.get(entry.name);
      if (started) started.endedAt = entry.endedAt;
    }
  }
  const kept = [...known.values()].filter(({ endedAt }) => endedAt === null || endedAt > now() - nameTakenMillis);
  journal.rewrite(
    kept.flatMap(({ name, input, startedAt, endedAt }): ExecutionEntry[] => {
      const started = { name, startedAt, input };
      return endedAt === null ? [started] : [started, { name, endedAt }];
    }),
  );
  return kept;
}
