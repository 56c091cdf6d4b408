import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/tick-escalation.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { makeCountingTable } from '../support/counting-table.ts';
import { at } from '../support/decision-builders.ts';
import {
  acknowledge,
  command,
  eventTypes,
  incidentId,
  makeKit,
  openIncident,
  resolve,
  storedIncident,
} from '../support/lane-kit.ts';

const input = { incidentId, generation: 1, part: 1, ticks: 0 };
const done = { next: 'done', dueAt: null } as const;

async function opened(severity: 'SEV1' | 'SEV2' = 'SEV1') {
  const kit = makeKit();
  await openIncident(kit, severity);
  return { kit, tick: makeHandler(kit) };
}

describe('a tick of the timer', () => {
  it('waits until the next step is due', async () => {
    const { tick } = await opened();

    expect(await tick(input)).toEqual({ ...input, ticks: 1, next: 'wait', dueAt: at(300) });
  });

  it('escalates when the step is due, once, and waits for the step after it', async () => {
    const { kit, tick } = await opened();
    kit.clock.advance(303);

    const answers = [await tick({ ...input, ticks: 1 }), await tick({ ...input, ticks: 1 })];

    expect(answers).toEqual([
      { ...input, ticks: 2, next: 'wait', dueAt: at(603) },
      { ...input, ticks: 2, next: 'wait', dueAt: at(603) },
    ]);
    expect((await eventTypes(kit)).filter((type) => type === 'IncidentEscalated')).toHaveLength(2);
    expect(kit.metrics.counts.EscalationLateness).toBe(3);
  });

  it('decides on what it has just read: one read and one write for a step', async () => {
    const { kit } = await opened();
    const table = makeCountingTable(kit.table);
    kit.clock.advance(300);

    expect(await makeHandler({ ...kit, table })({ ...input, ticks: 1 })).toMatchObject({
      next: 'wait',
      dueAt: at(600),
    });

    expect(table.depth).toBe(2);
  });

  it('reads again when somebody else decided between its read and its write', async () => {
    const { kit } = await opened();
    kit.clock.advance(300);
    let stepped = false;
    const table = makeCountingTable(kit.table, async () => {
      if (stepped || table.depth < 2) return;
      stepped = true;
      await acknowledge(kit);
    });

    expect(await makeHandler({ ...kit, table })({ ...input, ticks: 1 })).toMatchObject(done);

    expect((await eventTypes(kit)).filter((type) => type === 'IncidentEscalated')).toHaveLength(1);
    expect(await storedIncident(kit)).toMatchObject({ status: 'acknowledged' });
  });

  it('ends for an incident that is gone, an earlier part and an earlier generation', async () => {
    const { kit, tick } = await opened();

    expect(await tick({ ...input, incidentId: 'incident-0000000000X' })).toMatchObject(done);
    expect(await tick({ ...input, part: 0 })).toMatchObject(done);
    await command(kit, { type: 'ChangeSeverity', severity: 'SEV1' });
    expect(await tick({ ...input, generation: 0 })).toMatchObject(done);
  });

  it('ends when an acknowledgement started another part', async () => {
    const { kit, tick } = await opened();
    await acknowledge(kit);
    const { timerPart } = await storedIncident(kit);

    expect(timerPart).toBe(2);
    expect(await tick(input)).toEqual({ ...input, ...done });
    expect(await tick({ ...input, part: 2 })).toMatchObject({ next: 'wait' });
  });

  it('ends when nothing is due any more', async () => {
    const { kit, tick } = await opened('SEV2');
    await acknowledge(kit);
    const { timerPart, dueAt } = await storedIncident(kit);

    expect(dueAt).toBeNull();
    expect(await tick({ ...input, part: timerPart })).toMatchObject(done);
  });

  it('waits a day at most, then is asked again', async () => {
    const kit = makeKit();
    const day = 86_400;
    await openIncident({ ...kit, policy: { ...kit.policy, resolveHoldSeconds: 3 * day } });
    await resolve({ ...kit, policy: { ...kit.policy, resolveHoldSeconds: 3 * day } });
    const { timerPart, dueAt } = await storedIncident(kit);

    expect(dueAt).toBe(at(3 * day));
    expect(await makeHandler(kit)({ ...input, part: timerPart })).toMatchObject({ next: 'wait', dueAt: at(day) });
  });

  it('hands over to the next part before its execution has too long a history', async () => {
    const { kit, tick } = await opened();

    expect(await tick({ ...input, ticks: 2_000 })).toMatchObject(done);

    expect(await storedIncident(kit)).toMatchObject({ timerPart: 2, dueAt: at(300) });
    expect(await tick({ ...input, part: 2 })).toMatchObject({ next: 'wait', dueAt: at(300) });
  });

  it('escalates and hands over when both are due', async () => {
    const { kit, tick } = await opened();
    kit.clock.advance(300);

    expect(await tick({ ...input, ticks: 2_000 })).toMatchObject(done);

    expect(await storedIncident(kit)).toMatchObject({ timerPart: 2, dueAt: at(600), escalation: { stepsDone: 2 } });
  });

  it('fails when the table does not answer, so that the state machine asks again', async () => {
    const kit = makeKit({ table: { inject: () => new AdapterError('dynamodb', 'unavailable', 'HTTP 503') } });

    await expect(makeHandler(kit)(input)).rejects.toThrow('dynamodb');
  });
});
