import { describe, expect, it } from 'vitest';
import { foldTimeline } from '#shared/incident/evolve.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { requestRejudge } from '#shared/runtime/rejudge.ts';
import { loadIntake } from '#shared/store/alert-store.ts';
import { loadTimeline } from '#shared/store/incident-store.ts';
import type { TableOperation } from '#shared/store/memory-table.ts';
import { saveSilence } from '#shared/store/silence-store.ts';
import { withConflicts } from '#test/support/conflicts.ts';
import { aWebhook, fingerprint, type IngestWorld, ingestPolicy, type WireAlert } from '#test/support/ingest-world.ts';
import { clusterRule, down, ends, fires, slow, sweep, worldWith } from '#test/support/inhibition-world.ts';

const north = down('north');
const web1 = slow('web-1');
const web2 = slow('web-2');
const elsewhere = slow('web-3', 'south');
const aWorld = () => worldWith({ inhibitRules: [clusterRule] });

const suppressionOf = async (world: IngestWorld, alert: WireAlert) => (await world.alert(alert))?.suppressedBy ?? null;
const incidentStates = (world: IngestWorld) =>
  world.incidents().map(({ number, status, firing }) => `${number} ${status} ${firing}`);
const filed = (world: IngestWorld) => world.memory.allItems().filter(({ kind }) => kind === 'inhibitor');

async function expectSound(world: IngestWorld): Promise<void> {
  for (const incident of world.incidents()) {
    expect(foldTimeline(await loadTimeline(world.memory, incident.id))).toEqual(incident);
  }
  const alerts = world.memory.allItems().filter(({ kind }) => kind === 'alert');
  const firing = alerts.filter(({ status }) => status === 'firing');
  for (const { suppressedBy, incidentIds } of firing)
    expect(suppressedBy === null).toBe(Number(incidentIds?.toString().length) > 0);
  const inhibiting = firing.filter(({ inhibits }) => inhibits !== undefined).map((alert) => alert.fingerprint);
  expect(new Set(filed(world).map((item) => item.fingerprint))).toEqual(new Set(inhibiting));
}

describe('an alert that another one inhibits', () => {
  it('makes no incident, and names what inhibits it and by which rule', async () => {
    const world = aWorld();
    await fires(world, north);
    await fires(world, web1);
    await fires(world, elsewhere);
    expect(await suppressionOf(world, web1)).toMatchObject({
      kind: 'inhibition',
      rule: 'cluster down',
      inhibitor: { source: 'main', fingerprint: fingerprint(north) },
    });
    const [row] = await loadIntake(world.memory, { source: 'main', fingerprint: fingerprint(web1) });
    expect(row?.why).toBe(
      `it began to fire; inhibition rule "cluster down": alert ${fingerprint(north)} of source main fires`,
    );
    expect(incidentStates(world)).toEqual(['1 triggered 1', '2 triggered 1']);
    expect(await suppressionOf(world, elsewhere)).toBe(null);
    await expectSound(world);
  });

  it('leaves its incident at once when the other begins, and returns to it at once when that ends', async () => {
    const world = aWorld();
    await fires(world, web1);
    await fires(world, elsewhere);
    expect(incidentStates(world)).toEqual(['1 triggered 2']);
    world.clock.advance(30);
    await fires(world, north);
    expect(incidentStates(world)).toEqual(['1 triggered 1', '2 triggered 1']);
    expect(await world.outcomes(web1)).toEqual(['opened 1', 'suppressed 1']);
    world.clock.advance(30);
    await ends(world, north);
    expect(incidentStates(world)).toEqual(['1 triggered 2', '2 resolved 0']);
    expect(await world.outcomes(web1)).toEqual(['opened 1', 'suppressed 1', 'joined 1']);
    expect(filed(world)).toEqual([]);
    await expectSound(world);
  });

  it('opens its incident when what inhibited it goes quiet', async () => {
    const world = aWorld();
    await fires(world, north);
    world.clock.advance(4 * 3600);
    await fires(world, web1);
    await sweep(world, 4 * 3600 + 1);
    expect(await world.alert(north)).toMatchObject({ status: 'resolved', endReason: 'source went quiet' });
    expect(await world.outcomes(web1)).toEqual(['suppressed', 'opened 2']);
    await expectSound(world);
  });

  it('resolves as any other', async () => {
    const world = aWorld();
    await fires(world, north);
    await fires(world, web1);
    await ends(world, web1);
    expect(await world.alert(web1)).toMatchObject({ status: 'resolved', suppressedBy: null });
    expect(incidentStates(world)).toEqual(['1 triggered 1']);
  });

  it('stays inhibited while one of two inhibitors fires, and then names that one', async () => {
    const world = aWorld();
    const [a, b] = [down('north', 'a'), down('north', 'b')].sort((x, y) => (fingerprint(x) < fingerprint(y) ? -1 : 1));
    await fires(world, a as WireAlert);
    await fires(world, b as WireAlert);
    await fires(world, web1);
    await ends(world, a as WireAlert);
    await sweep(world, 60);
    expect(await suppressionOf(world, web1)).toMatchObject({ inhibitor: { fingerprint: fingerprint(b as WireAlert) } });
    expect(await world.outcomes(web1)).toEqual(['suppressed']);
    await ends(world, b as WireAlert);
    expect(await suppressionOf(world, web1)).toBe(null);
    expect((await world.outcomes(web1)).at(-1)).toMatch(/^opened/);
    await expectSound(world);
  });

  it('is inhibited also by an alert that is silenced, muted or inhibited itself', async () => {
    const world = aWorld();
    const { startsAt, ...times } = {
      startsAt: world.clock.now(),
      createdAt: world.clock.now(),
      updatedAt: world.clock.now(),
    };
    const matchers = [{ name: 'alertname', operator: '=', value: 'ClusterDown' }] as const;
    const silence = {
      schema: 1,
      version: 1,
      id: 's1',
      matchers,
      createdBy: 'dora',
      comment: '',
      startsAt,
      ...times,
    } as const;
    await saveSilence(world.table, null, { ...silence, endsAt: addSeconds(startsAt, 3600) }, ingestPolicy);
    await fires(world, north);
    await fires(world, web1);
    expect(await suppressionOf(world, north)).toMatchObject({ kind: 'silence' });
    expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition' });
  });
});

describe('what inhibits costs', () => {
  it('not one read more where the policy has no rules', async () => {
    const [plain, other] = [worldWith({ inhibitRules: [] }), worldWith({ inhibitRules: [clusterRule] })];
    const queries = { plain: 0, other: 0 };
    const count = async (world: IngestWorld, name: keyof typeof queries) => {
      const { query } = world.memory;
      Object.assign(world.table, {
        query: (asked: Parameters<typeof query>[0]) => {
          queries[name] += 1;
          return query(asked);
        },
      });
      await fires(world, web1);
      return { ...world.traffic };
    };
    expect(await count(plain, 'plain')).toEqual(await count(other, 'other'));
    expect(queries).toEqual({ plain: 0, other: 1 });
  });

  it('nothing when it is judged again and nothing changed', async () => {
    const world = aWorld();
    await fires(world, north);
    await fires(world, web1);
    const before = world.memory.allItems();
    await sweep(world, 60);
    await sweep(world, 60);
    expect(world.queues.sent.filter(({ body }) => JSON.stringify(body).includes('rejudge'))).toEqual([]);
    await requestRejudge(world.deps, { id: 'another' });
    await world.drain();
    const changed = world.memory.allItems().filter((item) => !before.includes(item));
    expect(changed.map(({ kind }) => kind).filter((kind) => kind === 'alert' || kind === 'intake')).toEqual([]);
  });

  it('one message and no more when many alerts inhibit the same', async () => {
    const world = aWorld();
    await fires(world, web1);
    for (const zone of ['a', 'b', 'c', 'd']) await fires(world, down('north', zone));
    const asked = world.queues.sent.filter(({ body }) => (body as { kind: string }).kind === 'inhibition');
    expect(asked).toHaveLength(1);
  });
});

describe('inhibition that meets trouble', () => {
  /** Something happens once, between the look at what inhibits and the write that is built upon it. */
  function interrupted() {
    const state: { next: (() => Promise<void>) | null } = { next: null };
    const world = worldWith({ inhibitRules: [clusterRule] }, {}, (table) => ({
      ...table,
      query: async (query) => {
        const answer = await table.query(query);
        const { next } = state;
        state.next = null;
        await next?.();
        return answer;
      },
    }));
    return { world, state };
  }

  it('suppresses within a minute what was decided while the inhibitor began', async () => {
    const { world, state } = interrupted();
    await world.post(aWebhook([web1]));
    const target = world.take() ?? '';
    state.next = () => fires(world, north);
    await world.deliver(target);
    expect(await suppressionOf(world, web1)).toBe(null);
    await world.drain();
    await sweep(world, 60);
    expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition' });
    expect(incidentStates(world)).toContain('2 resolved 0');
    await expectSound(world);
  });

  it('tells within a minute of what was suppressed while its inhibitor ended', async () => {
    const { world, state } = interrupted();
    await fires(world, north);
    await world.post(aWebhook([web1]));
    const target = world.take() ?? '';
    state.next = () => ends(world, north);
    await world.deliver(target);
    expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition' });
    await sweep(world, 60);
    expect(await suppressionOf(world, web1)).toBe(null);
    expect((await world.outcomes(web1)).at(-1)).toBe('opened 2');
    await expectSound(world);
  });

  it('is made good by the sweep when its message cannot be sent', async () => {
    const world = aWorld();
    const { send } = world.deps.queues;
    Object.assign(world.deps, {
      queues: {
        ...world.deps.queues,
        send: (queue: 'ingest', body: { kind: string }, options: object) =>
          body.kind === 'inhibition'
            ? Promise.reject(new AdapterError('sqs', 'unavailable', 'injected'))
            : send(queue, body, options),
      },
    });
    await fires(world, web1);
    await fires(world, north);
    expect(await suppressionOf(world, web1)).toBe(null);
    await sweep(world, 60);
    expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition' });
    await ends(world, north);
    await sweep(world, 60);
    expect(await suppressionOf(world, web1)).toBe(null);
    expect(world.metrics.counts['SweepRepairs{kind=inhibition}']).toBe(2);
  });

  const crashes = Array.from({ length: 8 }, (_, index) => index + 1).flatMap((crashAt) => [
    { crashAt, moment: 'before' },
    { crashAt, moment: 'after' },
  ]);

  it.each(crashes)(
    'comes to the same when write $crashAt fails, $moment it is stored, and all is delivered again',
    async ({ crashAt, moment }) => {
      let writes = 0;
      const inject = (operation: TableOperation) => {
        if (operation.name !== 'write' || operation.moment !== moment) return null;
        writes += 1;
        return writes === crashAt ? new AdapterError('dynamodb', 'timeout', 'injected') : null;
      };
      const world = worldWith({ inhibitRules: [clusterRule] }, { inject });
      await world.post(aWebhook([web1, web2]));
      await world.post(aWebhook([north], { groupKey: '{}:{alertname="ClusterDown"}' }));
      for (let body = world.take(); body !== undefined; body = world.take()) {
        while ((await world.deliver(body)).batchItemFailures.length > 0);
        await world.deliver(body);
      }
      writes = Number.NEGATIVE_INFINITY;
      await sweep(world, 60);
      expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition' });
      await expectSound(world);
      await ends(world, north);
      await sweep(world, 60);
      expect(await suppressionOf(world, web1)).toBe(null);
      expect(await suppressionOf(world, web2)).toBe(null);
      await expectSound(world);
    },
  );

  it('survives others that decide first', async () => {
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    let share = 0.4;
    const world = worldWith({ inhibitRules: [clusterRule] }, {}, (table) => ({
      ...table,
      write: (writes) => withConflicts(table, random, share).write(writes),
    }));
    for (let round = 0; round < 10; round += 1) {
      share = 0.4;
      await fires(world, web1);
      await fires(world, north);
      world.clock.advance(20);
      await ends(world, north);
      share = 0;
      await sweep(world, 60);
      await expectSound(world);
    }
    expect(await suppressionOf(world, web1)).toBe(null);
  });
});

describe('a policy file with other rules', () => {
  const change = (world: IngestWorld, inhibitRules: readonly (typeof clusterRule)[]) =>
    Object.assign(world.deps, { policy: { ...ingestPolicy, inhibitRules } });

  it('counts for what fires already, within a minute', async () => {
    const world = worldWith({ inhibitRules: [] });
    await fires(world, north);
    await fires(world, web1);
    change(world, [clusterRule]);
    await sweep(world, 60);
    await sweep(world, 60);
    expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition' });
    change(world, []);
    await sweep(world, 60);
    expect(await suppressionOf(world, web1)).toBe(null);
    expect(filed(world)).toEqual([]);
    await expectSound(world);
  });

  it('leaves nothing behind that would inhibit for ever once an old rule returns', async () => {
    const world = aWorld();
    await fires(world, north);
    change(world, []);
    await ends(world, north);
    expect(filed(world)).toEqual([]);
    change(world, [clusterRule]);
    await fires(world, web1);
    expect(await suppressionOf(world, web1)).toBe(null);
  });

  it('moves no rule that says the same in another place and order', async () => {
    const world = aWorld();
    await fires(world, north);
    const other = { ...clusterRule, name: 'other', equal: ['zone'] };
    change(world, [
      other,
      { ...clusterRule, sourceMatchers: [...clusterRule.sourceMatchers, ...clusterRule.sourceMatchers] },
    ]);
    await fires(world, web1);
    expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition', rule: 'cluster down' });
  });
});
