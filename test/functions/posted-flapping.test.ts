import { describe, expect, it } from 'vitest';
import { makeHandler as makeReceive } from '#functions/receive-alerts.ts';
import type { Policy } from '#shared/config/policy.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { viewHeartbeats } from '#shared/runtime/api/heartbeats.ts';
import { apiEvent } from '#test/support/api-event.ts';
import { IngestWorld, ingestPolicy } from '#test/support/ingest-world.ts';

/** What Prometheus sends without an Alertmanager in between: flapping and heartbeats hold there too. */

type Labels = Readonly<Record<string, string>>;
const down: Labels = { alertname: 'Down', severity: 'error', instance: 'web-1' };
const watchdog: Labels = { alertname: 'Watchdog', severity: 'none' };

const policy: Policy = {
  ...ingestPolicy,
  route: { ...ingestPolicy.route, groupBy: ['alertname'], groupWaitSeconds: 0 },
  flapping: { transitions: 3, windowSeconds: 3600, calmAfterSeconds: 900 },
  heartbeats: {
    watchdog: {
      name: 'watchdog',
      source: 'main',
      matchers: [{ name: 'alertname', operator: '=', value: 'Watchdog' }],
      everySeconds: 300,
      graceSeconds: 60,
      lateSeverity: null,
      missingSeverity: 'SEV2',
      owner: null,
    },
  },
};

function aWorld(heartbeats: Policy['heartbeats'] = {}): IngestWorld {
  const world = new IngestWorld();
  Object.assign(world.deps, { policy: { ...policy, heartbeats } });
  return world;
}

async function post(world: IngestWorld, labels: Labels, endsInSeconds: number): Promise<void> {
  const now = world.clock.now();
  const path = '/alertmanager/api/v2/alerts';
  const event = apiEvent({
    resource: path,
    path,
    headers: { authorization: 'Bearer main-token', 'content-type': 'application/json' },
    body: JSON.stringify([{ labels, startsAt: addSeconds(now, -1), endsAt: addSeconds(now, endsInSeconds) }]),
  });
  expect((await makeReceive(world.deps)(event)).statusCode).toBe(200);
  await world.drain();
}

const fires = (world: IngestWorld, labels: Labels) => post(world, labels, 240);
const ends = (world: IngestWorld, labels: Labels) => post(world, labels, 0);

async function sweep(world: IngestWorld, seconds: number): Promise<void> {
  world.clock.advance(seconds);
  await world.sweep();
  await world.drain();
}

describe('a posted alert', () => {
  async function flapping(): Promise<IngestWorld> {
    const world = aWorld();
    for (let round = 0; round < 3; round += 1) {
      await fires(world, down);
      if (round === 2) break;
      world.clock.advance(60);
      await ends(world, down);
      world.clock.advance(60);
    }
    return world;
  }

  it('that toggles holds one incident open until it is calm', async () => {
    const world = await flapping();
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1, flapping: { alerts: 1 } }]);
    await ends(world, down);
    await sweep(world, 600);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1 }]);
    await sweep(world, 300);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', resolveReason: 'alerts resolved', firing: 0 }]);
  });

  it('whose lease ends while it flaps is held, and has gone quiet when it is calm', async () => {
    const world = await flapping();
    await sweep(world, 300);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1, flapping: { alerts: 1 } }]);
    await sweep(world, 900);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', resolveReason: 'source went quiet', firing: 0 }]);
  });
});

describe('a posted Watchdog', () => {
  it('is a heartbeat: no incident while it arrives, and one when it stops', async () => {
    const world = aWorld(policy.heartbeats);
    await sweep(world, 0);
    for (let minute = 0; minute < 30; minute += 1) {
      await fires(world, watchdog);
      await sweep(world, 60);
    }
    expect(world.incidents()).toEqual([]);
    expect(await viewHeartbeats(world.memory, policy, world.clock.now())).toMatchObject([{ state: 'alive' }]);
    // Its lease ends too: that is no news beside the heartbeat.
    for (let minute = 0; minute < 10; minute += 1) await sweep(world, 60);
    expect(await viewHeartbeats(world.memory, policy, world.clock.now())).toMatchObject([{ state: 'missing' }]);
    expect(world.incidents()).toHaveLength(1);
  });
});
