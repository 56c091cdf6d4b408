import { afterEach, describe, expect, it, vi } from 'vitest';
import { noJournal } from '#local/journal.ts';
import { type ExecutionEntry, readDefinition, type StateMachineEngine, startStateMachine } from '#local/timers.ts';
import type { TickAnswer, TimerInput } from '#shared/runtime/ports.ts';

const input: TimerInput = { incidentId: 'inc-1', generation: 1, part: 0, ticks: 0 };
const day = 24 * 60 * 60 * 1000;

let running: StateMachineEngine | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

/** A tick that waits `waits` times for 20 ms, then is done. Keeps what it was asked. */
function fakeTick(waits: number) {
  const asked: TimerInput[] = [];
  const tick = async (payload: unknown): Promise<TickAnswer> => {
    const { incidentId, generation, part, ticks } = payload as TimerInput;
    asked.push({ incidentId, generation, part, ticks });
    const next = asked.length > waits ? 'done' : 'wait';
    const dueAt = next === 'done' ? null : new Date(Date.now() + 20).toISOString();
    return { incidentId, generation, part, ticks: ticks + 1, next, dueAt };
  };
  return { asked, tick };
}

function startMachine(
  tick: (payload: unknown) => Promise<unknown>,
  entries: readonly ExecutionEntry[] = [],
  journal: { append(entry: ExecutionEntry): void; rewrite(entries: readonly ExecutionEntry[]): void } = noJournal,
  reports: string[] = [],
) {
  running = startStateMachine({
    tick,
    tickFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tick',
    journal,
    entries,
    now: () => 100 * day,
    report: (problem) => reports.push(problem),
  });
  return running;
}

const idle = (machine: StateMachineEngine) =>
  vi.waitFor(() => expect(machine.running).toBe(0), { timeout: 3_000, interval: 5 });

describe('the deployed state machine, interpreted', () => {
  it('asks tick, waits until the instant that it answers, asks again, and ends when it is done', async () => {
    const { asked, tick } = fakeTick(2);
    const machine = startMachine(tick);
    machine.start('inc-1-1-0', JSON.stringify(input));
    await idle(machine);
    expect(asked).toEqual([input, { ...input, ticks: 1 }, { ...input, ticks: 2 }]);
  });

  it('asks again after a tick that failed', async () => {
    let failures = 1;
    const { asked, tick } = fakeTick(0);
    const machine = startMachine(async (payload) => {
      if (failures-- > 0) throw new Error('throttled');
      return tick(payload);
    });
    machine.start('inc-1-1-0', JSON.stringify(input));
    await idle(machine);
    expect(asked).toEqual([input]);
  });

  it('retries for well over an hour of outage: 200 tries that wait 30 s on average', () => {
    const tick = readDefinition('arn').States.Tick;
    const retries = (
      tick as { Retry: readonly { MaxAttempts: number; MaxDelaySeconds: number; JitterStrategy: string }[] }
    ).Retry;
    for (const { MaxAttempts, MaxDelaySeconds, JitterStrategy } of retries) {
      expect(JitterStrategy).toBe('FULL');
      expect((MaxAttempts * MaxDelaySeconds) / 2).toBeGreaterThan(90 * 60);
    }
  });

  it('holds no policy: one task, one choice, one wait, one end, in JSONPath', () => {
    const definition = readDefinition('arn');
    expect(Object.values(definition.States).map((state) => state.Type)).toEqual(['Task', 'Choice', 'Wait', 'Succeed']);
    expect(JSON.stringify(definition.States)).not.toMatch(/JSONata|Assign|\$\{/);
  });
});

describe('StartExecution', () => {
  it('answers the same for the same name and input while it runs', () => {
    const machine = startMachine(() => new Promise(() => {}));
    const first = machine.start('a', '{}');
    expect(first).toEqual({ outcome: 'started', startedAt: 100 * day });
    expect(machine.start('a', '{}')).toEqual(first);
    expect(machine.running).toBe(1);
  });

  it('refuses a taken name with other input, and one whose execution has ended', async () => {
    const { tick } = fakeTick(0);
    const machine = startMachine(tick);
    machine.start('a', JSON.stringify(input));
    expect(machine.start('a', '{}')).toEqual({ outcome: 'exists' });
    await idle(machine);
    expect(machine.start('a', JSON.stringify(input))).toEqual({ outcome: 'exists' });
  });
});

describe('a restart', () => {
  it('goes on with executions that had not ended, and keeps the names of ended ones for 90 days', async () => {
    const { asked, tick } = fakeTick(0);
    const rewritten: ExecutionEntry[] = [];
    const appended: ExecutionEntry[] = [];
    const entries: ExecutionEntry[] = [
      { name: 'runs', startedAt: 1, input: JSON.stringify(input) },
      { name: 'ended', startedAt: 2, input: '{}' },
      { name: 'ended', endedAt: 99 * day },
      { name: 'long ago', startedAt: 3, input: '{}' },
      { name: 'long ago', endedAt: 10 * day },
    ];
    const machine = startMachine(tick, entries, {
      append: (entry) => appended.push(entry),
      rewrite: (all) => rewritten.push(...all),
    });
    expect(machine.running).toBe(1);
    expect(machine.start('ended', '{}')).toEqual({ outcome: 'exists' });
    expect(rewritten).toEqual(entries.slice(0, 3));
    await idle(machine);
    expect(asked).toEqual([input]);
    expect(appended).toEqual([{ name: 'runs', endedAt: 100 * day }]);
    expect(machine.start('long ago', JSON.stringify(input))).toEqual({ outcome: 'started', startedAt: 100 * day });
  });

  it('writes a start to the journal before it is answered, and no end for what was only stopped', async () => {
    const appended: ExecutionEntry[] = [];
    const machine = startMachine(() => new Promise(() => {}), [], {
      append: (entry) => appended.push(entry),
      rewrite: () => {},
    });
    machine.start('a', '{"x":1}');
    expect(appended).toHaveLength(1);
    await machine.stop();
    expect(appended).toEqual([{ name: 'a', startedAt: 100 * day, input: '{"x":1}' }]);
  });
});
