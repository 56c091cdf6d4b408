import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import type { Actor } from '#shared/incident/incident.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { runCommand } from '#shared/runtime/run-command.ts';
import { loadPointers, loadTimeline } from '#shared/store/incident-store.ts';
import { anAlert, aResolved, aWebhook, IngestWorld, startedAt } from '#test/support/ingest-world.ts';

const dora: Actor = { kind: 'person', id: 'U-DORA', name: 'Dora' };
const web1 = anAlert('web-1');
const web2 = anAlert('web-2');
const acknowledge: IncidentCommand = { type: 'AcknowledgeIncident', seenSeverity: null, seenGeneration: null };
const resolve: IncidentCommand = { type: 'ResolveIncident', reason: 'by a person' };

async function opened(options: ConstructorParameters<typeof IngestWorld>[0] = {}) {
  const world = new IngestWorld(options);
  await world.receive(aWebhook([web1]));
  const [incident] = world.incidents();
  if (!incident) throw new Error('an incident is open');
  const run = (command: IncidentCommand, commandId: string | null = null) =>
    runCommand(world.deps, { incidentId: incident.id, command, actor: dora, commandId, correlationId: 'test' });
  return { world, incident, run };
}

describe('a command', () => {
  it('is loaded, decided and saved as one commit', async () => {
    const { world, incident, run } = await opened();
    const answer = await run(acknowledge, 'click-1');
    expect(answer.decision.outcome).toBe('accepted');
    expect(answer.incident).toEqual(world.incidents()[0]);
    const timeline = await loadTimeline(world.memory, incident.id);
    expect(timeline.at(-1)).toMatchObject({ version: 2, commandId: 'click-1', correlationId: 'test', part: '' });
  });

  it('that changes nothing writes nothing and answers the incident as it is', async () => {
    const { world, run } = await opened();
    await run(acknowledge);
    const before = world.memory.allItems();
    expect(await run(acknowledge)).toEqual({
      decision: { outcome: 'unchanged', reason: 'already acknowledged' },
      incident: world.incidents()[0],
    });
    expect(world.memory.allItems()).toEqual(before);
  });

  it('for an incident that does not exist is rejected', async () => {
    const { world } = await opened();
    const request = { incidentId: 'nobody', command: acknowledge, actor: dora, commandId: null, correlationId: 'test' };
    expect(await runCommand(world.deps, request)).toEqual({
      decision: { outcome: 'rejected', reason: 'no such incident' },
      incident: null,
    });
  });

  it('whose answer was lost is found done by its retry', async () => {
    let lost = false;
    const inject = (operation: { name: string; moment: string }) =>
      lost && operation.name === 'write' && operation.moment === 'after'
        ? new AdapterError('dynamodb', 'timeout', 'the answer was lost')
        : null;
    const { run } = await opened({ inject });
    lost = true;
    await expect(run({ type: 'AddNote', text: 'looking' }, 'note-1')).rejects.toThrow('the answer was lost');
    lost = false;
    expect((await run({ type: 'AddNote', text: 'looking' }, 'note-1')).decision).toEqual({
      outcome: 'unchanged',
      reason: 'command repeated',
    });
  });

  it('decides again on what the winner of a race left: two acknowledgements at once are one', async () => {
    const { world, run } = await opened();
    const answers = await Promise.all([run(acknowledge, 'a'), run(acknowledge, 'b'), run(acknowledge, 'c')]);
    expect(answers.map(({ decision }) => decision.outcome).sort()).toEqual(['accepted', 'unchanged', 'unchanged']);
    expect(world.incidents()).toMatchObject([{ version: 2, status: 'acknowledged' }]);
  });

  it('gives up with a conflict that the caller may try again', async () => {
    let racing = false;
    const inject = (operation: { name: string; moment: string }) =>
      racing && operation.name === 'write' && operation.moment === 'before'
        ? new AdapterError('dynamodb', 'conflict', 'somebody else')
        : null;
    const { world, run } = await opened({ inject });
    racing = true;
    await expect(run(acknowledge)).rejects.toMatchObject({ reason: 'conflict', retryable: true });
    expect(world.clock.slept).toHaveLength(4);
  });
});

describe('an incident that a person resolves while its alerts fire', () => {
  it('holds them: their repeats change nothing, and at the end of the hold it opens again', async () => {
    const { world, run } = await opened();
    await run(resolve);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 1, heldUntil: expect.any(String) }]);
    world.clock.advance(60);
    await world.receive(aWebhook([web1]));
    expect(world.incidents()).toMatchObject([{ status: 'resolved', reopenings: 0 }]);
    world.clock.advance(30 * 60 + 61);
    await world.sweep();
    expect(world.incidents()).toMatchObject([{ status: 'triggered', generation: 2, firing: 1, reopenings: 1 }]);
    const [pointer] = await loadPointers(world.memory, [world.incidents()[0]?.incidentKey ?? '']);
    expect(pointer).toMatchObject({ state: 'open', reopenUntil: null });
  });

  it('lets a held alert end and return without opening, but opens for an alert that is new', async () => {
    const { world, run } = await opened();
    await world.receive(aWebhook([web1, web2]));
    await run(resolve);
    world.clock.advance(60);
    await world.receive(aWebhook([web1, aResolved(web2, world.clock.now())]));
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 1 }]);
    world.clock.advance(60);
    await world.receive(aWebhook([web1, { ...web2, startsAt: world.clock.now() }]));
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 2, alertsTotal: 2 }]);
    await world.receive(aWebhook([web1, web2, anAlert('web-3')]));
    expect(world.incidents()).toMatchObject([{ status: 'triggered', generation: 2, firing: 3, alertsTotal: 3 }]);
    expect(world.incidents()).toHaveLength(1);
  });

  it('ends the hold when the last of them ends', async () => {
    const { world, run } = await opened();
    await run(resolve);
    world.clock.advance(60);
    await world.receive(aWebhook([aResolved(web1, startedAt)]));
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0, heldUntil: null }]);
    world.clock.advance(3600);
    await world.sweep();
    expect(world.incidents()).toMatchObject([{ status: 'resolved', reopenings: 0 }]);
  });
});

describe('a storm over one incident key', () => {
  it('opens one incident with one set of pages, whoever comes first', async () => {
    const { world } = await opened();
    world.deps.policy = { ...world.deps.policy, route: { ...world.deps.policy.route, incidentKey: ['alertname'] } };
    const names = Array.from({ length: 12 }, (_, index) => `db-${index}`);
    for (const instance of names) {
      const alert = anAlert(instance, { labels: { alertname: 'Storm', severity: 'critical', instance } });
      await world.post(aWebhook([alert], { groupKey: `{}:{instance="${instance}"}` }));
    }
    let waiting = Array.from(names, () => world.take() ?? '');
    for (let round = 0; round < 10 && waiting.length > 0; round += 1) {
      const answers = await Promise.all(waiting.map((body) => world.deliver(body)));
      waiting = waiting.filter((_, index) => (answers[index]?.batchItemFailures.length ?? 0) > 0);
    }
    const [, ...stormed] = world.incidents();
    expect(stormed).toMatchObject([{ firing: 12, alertsTotal: 12 }]);
    const pages = await world.pages();
    expect(pages.filter((page) => page.startsWith(`INC-${stormed[0]?.number} `))).toHaveLength(2);
  });
});
