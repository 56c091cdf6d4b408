import { describe, expect, it } from 'vitest';
import { foldTimeline } from '#shared/incident/evolve.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { requestRejudge } from '#shared/runtime/rejudge.ts';
import { runCommand } from '#shared/runtime/run-command.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { dispatchedWrite } from '#shared/store/incident-items.ts';
import { loadIncident, loadTimeline } from '#shared/store/incident-store.ts';
import { silenceKey } from '#shared/store/keys.ts';
import type { TableOperation } from '#shared/store/memory-table.ts';
import { saveSilence } from '#shared/store/silence-store.ts';
import { withConflicts } from '#test/support/conflicts.ts';
import {
  anAlert,
  aResolved,
  aWebhook,
  IngestWorld,
  ingestPolicy,
  startedAt,
  type WireAlert,
} from '#test/support/ingest-world.ts';

const web1 = anAlert('web-1');
const web2 = anAlert('web-2');

/** A small generator with a fixed seed: the same run each time. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a message that meets trouble', () => {
  it('opens no second incident when the first resolves between two of its reads', async () => {
    const slow: { incidentBehind: (() => Promise<void>) | null } = { incidentBehind: null };
    const world = new IngestWorld({}, (table) => ({
      ...table,
      get: async (keys) => {
        const { incidentBehind } = slow;
        if (incidentBehind !== null && keys.some(({ pk }) => pk.startsWith('INCIDENT#'))) {
          slow.incidentBehind = null;
          await incidentBehind();
        }
        return table.get(keys);
      },
    }));
    await world.receive(aWebhook([web1]));
    slow.incidentBehind = () => world.receive(aWebhook([aResolved(web1, startedAt)], { receiver: 'other' }));
    await world.receive(aWebhook([web2]));
    expect(slow.incidentBehind).toBeNull();
    expect(world.incidents()).toMatchObject([{ number: 1, status: 'triggered', firing: 1 }]);
  });

  it('is never decided at an instant before what it builds upon', async () => {
    const slow: { readBehind: (() => Promise<void>) | null } = { readBehind: null };
    const world = new IngestWorld({}, (table) => ({
      ...table,
      get: async (keys) => {
        const { readBehind } = slow;
        if (readBehind !== null && keys.some(({ sk }) => sk === 'POINTER')) {
          slow.readBehind = null;
          await readBehind();
        }
        return table.get(keys);
      },
    }));
    await world.receive(aWebhook([web1]));
    const [{ id: incidentId = '' } = {}] = world.incidents();
    slow.readBehind = async () => {
      world.clock.advance(2);
      const actor = { kind: 'person', id: 'U1', name: 'alice' } as const;
      const command = { type: 'EscalateIncident' } as const;
      await runCommand(world.deps, { incidentId, command, actor, commandId: null, correlationId: 'c1' });
    };
    await world.receive(aWebhook([web1, web2]));
    const instants = (await loadTimeline(world.memory, incidentId)).map(({ at }) => at);
    expect(instants).toHaveLength(3);
    expect(instants).toEqual(instants.toSorted());
  });

  it('is decided again when somebody else was first, and loses and doubles nothing', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = makeRandom(seed);
      const world = new IngestWorld({}, (table) => withConflicts(table, random, 0.4));
      const many = Array.from({ length: 60 }, (_, index) => anAlert(`web-${index}`));
      await world.receive(aWebhook(many));
      await world.receive(aWebhook(many.slice(0, 30).map((alert) => aResolved(alert, startedAt))));
      expect(world.incidents(), `seed ${seed}`).toMatchObject([{ firing: 30, alertsTotal: 60 }]);
      expect(await world.pages()).toHaveLength(2);
    }
  });

  it.each([
    { fault: 'a write that failed', moment: 'before' },
    { fault: 'a write whose answer was lost', moment: 'after' },
  ] as const)('is finished by its redelivery after $fault, whichever it was, and counts once', async ({ moment }) => {
    for (let crashAt = 1; crashAt <= 12; crashAt += 1) {
      let writes = 0;
      const inject = (operation: TableOperation) => {
        if (operation.name !== 'write' || operation.moment !== moment) return null;
        writes += 1;
        return writes === crashAt ? new AdapterError('dynamodb', 'timeout', 'injected') : null;
      };
      const world = new IngestWorld({ inject });
      await world.post(aWebhook([web1, web2, ...Array.from({ length: 60 }, (_, index) => anAlert(`db-${index}`))]));
      world.clock.advance(60);
      await world.post(aWebhook([web1, aResolved(web2, startedAt)], { truncatedAlerts: 60 }));
      for (let body = world.take(); body !== undefined; body = world.take()) {
        let failures = 0;
        while ((await world.deliver(body)).batchItemFailures.length > 0) {
          failures += 1;
          expect(failures, 'one fault is one failure').toBe(1);
        }
        await world.deliver(body);
      }
      const [incident] = world.incidents();
      expect(world.incidents(), `fault at write ${crashAt}`).toMatchObject([{ firing: 61, alertsTotal: 62 }]);
      expect(foldTimeline(await loadTimeline(world.memory, incident?.id ?? ''))).toEqual(incident);
      expect(await world.outcomes(web1)).toEqual([`opened ${incident?.number}`]);
      expect(await world.outcomes(web2)).toEqual([`joined ${incident?.number}`, `resolved ${incident?.number}`]);
      expect(world.memory.allItems().filter((item) => item.kind === 'group')).toMatchObject([
        { members: expect.toSatisfy((members: readonly string[]) => members.length === 61) },
      ]);
    }
  });

  it('belongs to one incident when two groups bring the same alert at the same moment', async () => {
    const world = new IngestWorld();
    await world.post(aWebhook([web1]));
    await world.post(aWebhook([web1], { groupKey: '{}:{instance="web-1"}' }));
    let waiting = [world.take() ?? '', world.take() ?? ''];
    while (waiting.length > 0) {
      const answers = await Promise.all(waiting.map((body) => world.deliver(body)));
      waiting = waiting.filter((_, index) => (answers[index]?.batchItemFailures.length ?? 0) > 0);
    }
    expect(world.incidents()).toMatchObject([{ firing: 1, alertsTotal: 1 }]);
    expect((await world.alert(web1))?.groups).toHaveLength(2);
    expect(await world.outcomes(web1)).toEqual([`opened ${world.incidents()[0]?.number}`]);
  });

  it('changes nothing when its batch comes again, although a later message of the batch was done too', async () => {
    const world = new IngestWorld();
    await world.post(aWebhook([web1]));
    world.clock.advance(300);
    await world.post(aWebhook([aResolved(web1, addSeconds(startedAt, 290))]));
    const batch = [world.take() ?? '', world.take() ?? ''];
    for (const body of [...batch, ...batch]) expect((await world.deliver(body)).batchItemFailures).toEqual([]);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', reopenings: 0, generation: 1, alertsTotal: 1 }]);
    expect(await world.outcomes(web1)).toContainEqual('resolved 1');
    expect(await world.pages()).toHaveLength(2);
  });

  it('pages nobody and ends nothing when it is put back days later, after newer ones', async () => {
    const world = new IngestWorld();
    const pairs = [aWebhook([web1]), aWebhook([aResolved(web1, addSeconds(startedAt, 290))])];
    for (const webhook of pairs) {
      await world.post(webhook);
      world.clock.advance(300);
    }
    const [fires = '', resolves = ''] = [world.take(), world.take()];
    world.clock.advance(3 * 86_400);
    const again = anAlert('web-1', { startsAt: world.clock.now() });
    await world.receive(aWebhook([again]));
    await world.deliver(resolves);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1 }]);

    world.clock.advance(3600);
    await world.receive(aWebhook([aResolved(again, world.clock.now())]));
    world.clock.advance(3600);
    await world.deliver(fires);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0, reopenings: 0 }]);
    expect((await world.outcomes(web1)).filter((outcome) => outcome.startsWith('late copy'))).toHaveLength(2);
  });

  it('is given back when others decide first each time, never dead-lettered', async () => {
    const world = new IngestWorld({}, (table) => withConflicts(table, () => 0, 1));
    await world.post(aWebhook([web1]));
    const answer = await world.deliver(world.take() ?? '', 50);
    expect(answer.batchItemFailures).toHaveLength(1);
    expect(world.queues.dead).toEqual([]);
    expect(world.clock.slept.length).toBeGreaterThan(3);
  });

  it('that was spilled is read from its blob; a blob that is gone pages the fallback at the third try', async () => {
    const world = new IngestWorld();
    const long = (name: string): WireAlert => anAlert(name, { annotations: { description: 'x'.repeat(4000) } });
    await world.post(aWebhook(Array.from({ length: 300 }, (_, index) => long(`web-${index}`))));
    const spilled = world.take() ?? '';
    expect(JSON.parse(spilled).kind).toBe('spilled');
    await world.deliver(spilled);
    expect(world.incidents()).toMatchObject([{ firing: 300 }]);

    world.blobs.stored.clear();
    expect((await world.deliver(spilled, 2)).batchItemFailures).toHaveLength(1);
    expect((await world.deliver(spilled, 3)).batchItemFailures).toEqual([]);
    expect(world.queues.dead).toMatchObject([{ reason: expect.stringContaining('is gone') }]);
    expect(world.queues.sent.at(-1)).toMatchObject({
      queue: 'sns-pages',
      body: { kind: 'fallback', subject: 'Tocsin could not process an alert from source unknown' },
    });
  });

  it('that can never be processed names its source to the people behind the fallback', async () => {
    const world = new IngestWorld();
    await world.post(aWebhook([web1]));
    const broken = { ...JSON.parse(world.take() ?? ''), kind: 'no such kind' };
    await world.deliver(JSON.stringify({ ...broken, kind: 'alerts', message: { ...broken.message, alerts: null } }), 3);
    expect(world.queues.sent.at(-1)).toMatchObject({
      queue: 'sns-pages',
      body: { subject: 'Tocsin could not process an alert from source main' },
    });
  });
});

describe('a silence', () => {
  const silence: Silence = {
    schema: 1,
    version: 1,
    id: 'silence-1',
    matchers: [{ name: 'instance', operator: '=', value: 'web-1' }],
    startsAt: startedAt,
    endsAt: addSeconds(startedAt, 3600),
    createdBy: 'dora',
    comment: 'maintenance',
    createdAt: startedAt,
    updatedAt: startedAt,
  };

  async function silenced() {
    const world = new IngestWorld();
    await saveSilence(world.table, null, silence, ingestPolicy);
    await world.receive(aWebhook([web1]));
    return world;
  }

  it('holds back an alert that fires: no incident, no page, and a row that says why', async () => {
    const world = await silenced();
    expect(world.incidents()).toEqual([]);
    expect(await world.outcomes(web1)).toEqual(['suppressed']);
    expect(await world.alert(web1)).toMatchObject({
      status: 'firing',
      incidentIds: [],
      suppressedBy: { kind: 'silence', silenceId: 'silence-1', until: silence.endsAt },
    });
  });

  it('lets a resolve pass', async () => {
    const world = await silenced();
    world.clock.advance(60);
    await world.receive(aWebhook([aResolved(web1, addSeconds(startedAt, 50))]));
    expect(await world.alert(web1)).toMatchObject({ status: 'resolved', suppressedBy: null });
    expect(world.incidents()).toEqual([]);
  });

  it('that ends gives its alerts back as a change of their own, in the incident of their group', async () => {
    const world = await silenced();
    await world.receive(aWebhook([web2]));
    world.clock.advance(3601);
    await world.sweep();
    await world.drain();
    expect(await world.outcomes(web1)).toEqual(['suppressed', 'joined 1']);
    expect(world.incidents()).toMatchObject([{ number: 1, firing: 2, alertsTotal: 2 }]);
    expect(await world.alert(web1)).toMatchObject({ suppressedBy: null });
  });

  it('that is gone altogether still gives its alerts back at the instant that they remember', async () => {
    const world = await silenced();
    await world.memory.write([{ kind: 'delete', key: silenceKey(silence.id) }]);
    world.clock.advance(3601);
    await world.sweep();
    await world.drain();
    expect(await world.outcomes(web1)).toEqual(['suppressed', 'opened 1']);
  });

  it('that is made later takes its alerts out of their incident, which ends when nothing else fires', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    world.clock.advance(10);
    const made = {
      ...silence,
      startsAt: world.clock.now(),
      createdAt: world.clock.now(),
      updatedAt: world.clock.now(),
    };
    await saveSilence(world.table, null, made, ingestPolicy);
    await requestRejudge(world.deps, made);
    await world.drain();
    expect(world.incidents()).toMatchObject([{ status: 'resolved', resolveReason: 'alerts silenced', firing: 0 }]);
    expect(await world.outcomes(web1)).toEqual(['opened 1', 'suppressed 1']);

    world.clock.advance(20);
    const ended = { ...made, version: 2, endsAt: world.clock.now(), updatedAt: world.clock.now() };
    await saveSilence(world.table, made, ended, ingestPolicy);
    await requestRejudge(world.deps, ended);
    await world.drain();
    expect(world.incidents()).toMatchObject([{ number: 1, status: 'triggered', firing: 1, alertsTotal: 1 }]);
    expect(await world.outcomes(web1)).toEqual(['opened 1', 'suppressed 1', 'joined 1']);
  });

  it('that begins later is looked at once more after its beginning, because clocks differ by seconds', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    const pending = { ...silence, startsAt: addSeconds(startedAt, 600) };
    await saveSilence(world.table, null, pending, ingestPolicy);
    world.clock.advance(600);
    await world.sweep();
    world.clock.advance(-2);
    await world.drain();
    expect(world.incidents()).toMatchObject([{ status: 'triggered' }]);

    world.clock.advance(62);
    await world.sweep();
    await world.drain();
    expect(world.incidents()).toMatchObject([{ status: 'resolved', resolveReason: 'alerts silenced' }]);
  });

  it('changes nothing for an alert that it does not touch, however often it is judged', async () => {
    const world = new IngestWorld();
    await saveSilence(world.table, null, silence, ingestPolicy);
    await world.receive(aWebhook([web2]));
    const before = world.memory.allItems();
    await requestRejudge(world.deps, silence);
    await world.drain();
    expect(world.memory.allItems()).toEqual(before);
  });
});

describe('the sweep', () => {
  it('re-sends a commit that nobody dispatched and starts its timer', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    await world.sweep();
    expect(world.started).toEqual([]);
    world.clock.advance(61);
    await world.sweep();
    const [incident] = world.incidents();
    expect(world.started.map(({ name }) => name)).toEqual([`${incident?.id}-1-1`]);
    expect(world.queues.sent.filter(({ queue }) => queue === 'slack-pages')).toHaveLength(1);
    expect(world.metrics.counts['SweepRepairs{kind=commit}']).toBe(1);
    await world.sweep();
    expect(world.metrics.counts['SweepRepairs{kind=commit}']).toBe(1);
  });

  it('sends a page past its deadline to the fallback, and cancels one that nobody needs any more', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    await world.receive(aWebhook([web2], { groupKey: '{}:{another="group"}' }));
    await world.receive(aWebhook([aResolved(web2, startedAt)], { groupKey: '{}:{another="group"}' }));
    world.clock.advance(61);
    await world.sweep();
    const ends = world.memory
      .allItems()
      .filter((item) => item.kind === 'page')
      .map((item) => `INC-${item.incidentNumber} ${item.target} ${item.state} ${item.endReason}`);
    expect(ends.sort()).toEqual([
      'INC-1 pagerduty:web fallback deadline passed',
      'INC-1 person:alice fallback deadline passed',
      'INC-2 pagerduty:web cancelled resolved',
      'INC-2 person:alice cancelled resolved',
    ]);
    expect(world.metrics.counts).toMatchObject({
      'FallbackPaged{lane=slack,severity=SEV1}': 1,
      'FallbackPaged{lane=pagerduty,severity=SEV1}': 1,
      'PagesCancelled{lane=slack,severity=SEV1}': 1,
      'PagesCancelled{lane=pagerduty,severity=SEV1}': 1,
    });
  });

  it('pages no fallback when somebody acknowledges at the same moment', async () => {
    let acknowledge: (() => Promise<unknown>) | null = null;
    const world = new IngestWorld({}, (table) => ({
      ...table,
      write: async (writes) => {
        const first = acknowledge;
        acknowledge = null;
        await first?.();
        return table.write(writes);
      },
    }));
    await world.receive(aWebhook([web1]));
    await Promise.all(
      (await loadTimeline(world.memory, world.incidents()[0]?.id ?? '')).map((commit) =>
        world.memory.write([dispatchedWrite(commit)]),
      ),
    );
    world.clock.advance(61);
    acknowledge = () =>
      runCommand(
        { ...world.deps, table: world.memory },
        {
          incidentId: world.incidents()[0]?.id ?? '',
          command: { type: 'AcknowledgeIncident', seenSeverity: null, seenGeneration: null },
          actor: { kind: 'person', id: 'U-DORA', name: 'Dora' },
          commandId: null,
          correlationId: 'test',
        },
      );
    await world.sweep();
    const pages = world.memory.allItems().filter(({ kind }) => kind === 'page');
    expect(pages.map(({ state, endReason }) => `${state} ${endReason}`)).toEqual([
      'cancelled acknowledged',
      'cancelled acknowledged',
    ]);
  });

  it('advances an incident whose timer is late, with a new part', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    world.clock.advance(359);
    await world.sweep();
    expect(world.metrics.counts['SweepRepairs{kind=timer}']).toBe(undefined);
    world.clock.advance(2);
    await world.sweep();
    expect(await world.pages()).toContain('INC-1 1 2 1 person:bob');
    expect(world.metrics.counts['SweepRepairs{kind=timer}']).toBe(1);
    expect(world.incidents()).toMatchObject([{ timerPart: 2 }]);
  });

  it('finds a firing alert that belongs to nobody and gives it an incident', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    const [item] = world.memory.allItems().filter(({ kind }) => kind === 'alert');
    if (!item) throw new Error('the alert is stored');
    await world.memory.write([{ kind: 'put', item: { ...item, incidentIds: ['nobody'] } }]);
    world.clock.advance(120);
    await world.sweep();
    await world.drain();
    const alert = await world.alert(web1);
    expect(await loadIncident(world.memory, alert?.incidentIds[0] ?? '')).toMatchObject({ status: 'triggered' });
  });

  it('goes on with the others when one item fails, leaves a heartbeat, and then says that it failed', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    const sound = world.memory.allItems().find(({ kind }) => kind === 'page');
    if (!sound) throw new Error('a page is stored');
    await world.memory.write([{ kind: 'put', item: { ...sound, sk: 'PAGE#broken', schema: 2, target: 'broken' } }]);
    world.clock.advance(61);
    await expect(world.sweep()).rejects.toThrow('1 items could not be swept');
    const states = world.memory.allItems().filter(({ kind, schema }) => kind === 'page' && schema === 1);
    expect(states.map(({ state }) => state)).toEqual(['fallback', 'fallback']);
    expect(world.memory.allItems().find(({ kind }) => kind === 'heartbeat')).toMatchObject({ complete: false });
  });

  it('gives all items of a closed incident their time to live, and none before', async () => {
    const world = new IngestWorld();
    const quiet = anAlert('web-1', { labels: { alertname: 'Quiet', severity: 'info', instance: 'web-1' } });
    const ofIncidents = () => world.memory.allItems().filter(({ pk }) => /^(INCIDENT|NUMBER)#/.test(pk));
    const mortal = () => ofIncidents().filter((item) => item.expiresAtEpochSeconds !== undefined).length;
    await world.receive(aWebhook([quiet]));
    await world.receive(aWebhook([aResolved(quiet, startedAt)]));
    world.clock.advance(86_400 + 61);
    await world.sweep();
    expect(world.incidents()).toMatchObject([{ status: 'closed' }]);
    expect(mortal()).toBe(0);
    world.clock.advance(3601);
    await world.sweep();
    expect(mortal()).toBe(ofIncidents().length);
    expect(ofIncidents().length).toBeGreaterThan(3);
  });
});
