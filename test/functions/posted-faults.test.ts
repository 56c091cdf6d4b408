import { describe, expect, it } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { addSeconds, type Instant, secondsBetween } from '#shared/kernel/instant.ts';
import type { IngestMessage } from '#shared/runtime/messages.ts';
import { withConflicts } from '#test/support/conflicts.ts';
import { startedAt } from '#test/support/ingest-world.ts';
import { grouped, PostedWorld, web } from '#test/support/posted-world.ts';

/** A small generator with a fixed seed: the same run each time. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Something that breaks and heals, and since when it is as it is. */
interface Shop {
  readonly name: string;
  down: boolean;
  since: Instant;
  changesAt: Instant;
}

/** One Prometheus of a pair: it evaluates each minute, repeats what fires, and for 15 minutes what has ended. */
class Replica {
  readonly #offset: number;
  readonly #known = new Map<string, { startsAt: Instant; endsAt: Instant | null }>();

  constructor(offset: number) {
    this.#offset = offset;
  }

  evaluates(second: number): boolean {
    return second % 60 === this.#offset;
  }

  evaluate(shops: readonly Shop[], now: Instant) {
    return shops.flatMap(({ name, down }) => {
      const known = this.#known.get(name);
      if (down && (known === undefined || known.endsAt !== null))
        this.#known.set(name, { startsAt: now, endsAt: null });
      if (!down && known?.endsAt === null) known.endsAt = now;
      const told = this.#known.get(name);
      if (told === undefined || (told.endsAt !== null && secondsBetween(told.endsAt, now) > 900)) return [];
      return [{ labels: web(name), startsAt: told.startsAt, endsAt: told.endsAt ?? addSeconds(now, 240) }];
    });
  }
}

/** How long after its beginning a shop's alert must be in an incident, and after its end be resolved, whatever was lost. */
const toldWithin = 60 + 300 + 60 + 120;
const endedWithin = 60 + 240 + 120;

async function play(seed: number): Promise<PostedWorld> {
  const random = makeRandom(seed);
  // The sweep's own writes fail as a whole run, and the next minute's does them.
  const trouble = { isOn: true };
  const policy = {
    ...grouped(['alertname'], 30, 300),
    flapping: { transitions: 0, windowSeconds: 1, calmAfterSeconds: 1 },
  };
  const world = new PostedWorld(policy, (table) => withConflicts(table, () => (trouble.isOn ? random() : 1), 0.2));
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low));
  const shops: Shop[] = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    name,
    down: false,
    since: startedAt,
    changesAt: addSeconds(startedAt, between(10, 900)),
  }));
  const pair = [new Replica(5), new Replica(35)];
  for (let second = 0; second < 7_200; second += 5) {
    const now = world.clock.now();
    for (const shop of shops.filter(({ changesAt }) => changesAt <= now)) {
      Object.assign(shop, { down: !shop.down, since: now, changesAt: addSeconds(now, between(20, 1_500)) });
    }
    for (const replica of pair.filter((each) => each.evaluates(second))) {
      // A request that got lost comes again with the next evaluation only.
      if (random() < 0.1) replica.evaluate(shops, now);
      else await world.request(replica.evaluate(shops, now));
    }
    // A queue at rest for a while, now and then.
    if (random() < 0.9) await drainTwice(world, random);
    if (random() < 0.7) await world.release();
    if (second % 60 === 50) {
      trouble.isOn = false;
      await world.sweepAndDrain();
      trouble.isOn = true;
      await expectTold(world, shops, `seed ${seed}, second ${second}`);
    }
    world.clock.advance(5 - (world.clock.now() === now ? 0 : Math.min(4.9, secondsBetween(now, world.clock.now()))));
  }
  trouble.isOn = false;
  return world;
}

/** Each message may come a second time. */
async function drainTwice(world: PostedWorld, random: () => number): Promise<void> {
  for (let body = world.take(); body !== undefined; body = world.take()) {
    const times = random() < 0.1 ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      for (let receives = 1; (await world.deliver(body, receives)).batchItemFailures.length > 0; receives += 1) {
        if (receives === 20) throw new Error(`a message came back twenty times: ${world.lastWarning()}`);
      }
    }
  }
}

async function expectTold(world: PostedWorld, shops: readonly Shop[], when: string): Promise<void> {
  const now = world.clock.now();
  const open = new Set(world.incidents().flatMap(({ id, status }) => (status === 'triggered' ? [id] : [])));
  for (const { name, down, since } of shops) {
    const record = await world.record(web(name));
    const told = record?.status === 'firing' && record.incidentIds.some((id) => open.has(id));
    const lasts = secondsBetween(since, now);
    if (down && lasts > toldWithin) expect({ when, name, told, record }).toMatchObject({ told: true });
    if (!down && lasts > endedWithin && record !== null) {
      expect({ when, name, status: record.status }).toEqual({ when, name, status: 'resolved' });
    }
  }
}

describe('posted alerts in trouble', () => {
  it('are told and ended in time with a pair of replicas, lost requests, late queues, copies and lost races', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const world = await play(seed);
      const pages = await world.pages();
      expect(new Set(pages).size, `seed ${seed}: no page is owed twice`).toBe(pages.length);
      world.clock.advance(4_000);
      await world.sweepAndDrain();
      expect(world.incidents().filter(({ status, firing }) => status === 'triggered' || firing > 0)).toEqual([]);
    }
  }, 60_000);

  it('are told by the sweep when the message that ends their wait could not be sent', async () => {
    const world = new PostedWorld();
    await world.request([{ labels: web('a') }]);
    const { send } = world.queues;
    world.queues.send = (queue, body, options) =>
      queue === 'releases'
        ? Promise.reject(new AdapterError('sqs', 'unavailable', 'gone'))
        : send(queue, body, options);
    const body = world.take() ?? '';
    expect((await world.deliver(body)).batchItemFailures).toHaveLength(1);
    expect((await world.deliver(body, 2)).batchItemFailures).toEqual([]);
    world.queues.send = send;
    world.clock.advance(60);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    expect(await world.rows(web('a'))).toEqual(['suppressed', 'opened 1']);
  });

  it('go on waiting when the message that ends their wait comes too early: a wait may be longer than SQS delays', async () => {
    const world = new PostedWorld(grouped(['alertname'], 3_600, 300));
    await world.send({ labels: web('a') });
    const [first] = world.queues.sent.filter(({ queue }) => queue === 'releases');
    world.clock.advance(900);
    await world.deliver(JSON.stringify(first?.body));
    expect(world.states()).toEqual([]);
    const again = world.queues.sent
      .filter(({ queue }) => queue === 'releases')
      .map(({ body }) => body as IngestMessage);
    expect(again).toHaveLength(2);
    expect(again[1]).toEqual(again[0]);
  });
});
