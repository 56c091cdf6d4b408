import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { isOpen } from '#shared/incident/incident.ts';
import { viewHeartbeats } from '#shared/runtime/api/heartbeats.ts';
import { loadIntake } from '#shared/store/alert-store.ts';
import { anAlert, aResolved, aWebhook, fingerprint, IngestWorld, type WireAlert } from '#test/support/ingest-world.ts';

const file = (heartbeats: string) => `
sources: { main: {}, other: {} }
slackChannels: { ops: C0OPS00001, web: C0WEB00001 }
people:
  alice: { slack: U0ALICE001 }
  bob: { slack: U0BOB00001 }
teams:
  ops: { onCall: alice, slackChannel: ops }
  web: { onCall: bob, slackChannel: web }
fallback: { email: fallback@example.org }
escalationPolicies:
  page: { steps: [{ after: 0s, targets: [{ owner: onCall }] }] }
severities:
  SEV1: { escalationPolicy: page }
  SEV2: { escalationPolicy: page }
  SEV3: { escalationPolicy: page }
route: { severity: SEV2, owner: ops }
${heartbeats}
`;

function policyWith(heartbeats: string): Policy {
  const read = parsePolicy(file(heartbeats), { environment: 'test', fileName: 'p.yaml' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.policy;
}

const watchdogRule = `
heartbeats:
  watchdog:
    source: main
    matchers: ['alertname="Watchdog"']
    every: 10m
    grace: 5m
    lateSeverity: SEV4
    missingSeverity: SEV1
    owner: web
`;
const sourceRule = 'heartbeats: { main: { source: main, every: 10m, grace: 5m } }';

async function aWorld(heartbeats: string): Promise<IngestWorld> {
  const world = new IngestWorld();
  Object.assign(world.deps, { policy: policyWith(heartbeats) });
  await sweep(world, 0);
  return world;
}

async function sweep(world: IngestWorld, seconds: number): Promise<void> {
  world.clock.advance(seconds);
  await world.sweep();
  await world.drain();
}

const watchdog = anAlert('prometheus-0', { labels: { alertname: 'Watchdog', severity: 'none' } });
const beats = (world: IngestWorld, alert: WireAlert = watchdog) =>
  world.receive(aWebhook([alert], { groupKey: '{}:{alertname="Watchdog"}' }));

const states = async (world: IngestWorld) =>
  (await viewHeartbeats(world.memory, world.deps.policy, world.clock.now())).map(({ state }) => state);

const told = (world: IngestWorld) =>
  world.incidents().map(({ status, severity, owner, title }) => `${status} ${severity} ${owner} ${title}`);

describe('a Watchdog alert', () => {
  it('is a heartbeat and never an incident: one row, and no write for its repeats', async () => {
    const world = await aWorld(watchdogRule);
    await beats(world);
    expect(world.incidents()).toEqual([]);
    expect(await states(world)).toEqual(['alive']);
    const rows = await loadIntake(world.memory, { source: 'main', fingerprint: fingerprint(watchdog) });
    expect(rows.map(({ outcome, why }) => [outcome, why])).toEqual([
      ['suppressed', 'it began to fire; it is heartbeat watchdog of the policy file, which tells people when it stops'],
    ]);
    Object.assign(world.traffic, { itemsRead: 0, transactions: 0 });
    world.clock.advance(60);
    await beats(world);
    expect(world.traffic).toEqual({ itemsRead: 2, transactions: 0, longestTransaction: expect.any(Number) });
  });

  it('moves when it was seen by one small write per half of the time between two', async () => {
    const world = await aWorld(watchdogRule);
    await beats(world);
    Object.assign(world.traffic, { transactions: 0, longestTransaction: 0 });
    for (let minute = 0; minute < 60; minute += 1) {
      world.clock.advance(60);
      await beats(world);
    }
    expect(world.traffic).toMatchObject({ transactions: 12, longestTransaction: 1 });
  });

  it('is told late, then missing with its own severity and owner in one incident, and recovers', async () => {
    const world = await aWorld(watchdogRule);
    await beats(world);
    await sweep(world, 599);
    expect(told(world)).toEqual([]);
    await sweep(world, 1);
    expect(await states(world)).toEqual(['late']);
    expect(told(world)).toEqual(['triggered SEV4 web HeartbeatLate: Heartbeat watchdog is late']);
    await sweep(world, 300);
    expect(await states(world)).toEqual(['missing']);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', severity: 'SEV1', firing: 1, alertsTotal: 2 }]);
    expect(await world.pages()).toEqual(['INC-1 2 1 1 person:bob']);
    await sweep(world, 60);
    await beats(world);
    expect(await states(world)).toEqual(['alive']);
    await sweep(world, 60);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0 }]);
    const [view] = await viewHeartbeats(world.memory, world.deps.policy, world.clock.now());
    expect(view?.recoveredAt).toBe(world.clock.now());
  });

  it('that resolves proves nothing', async () => {
    const world = await aWorld(watchdogRule);
    await beats(world);
    world.clock.advance(400);
    await beats(world, aResolved(watchdog, world.clock.now()));
    await sweep(world, 500);
    expect(await states(world)).toEqual(['missing']);
  });

  it('of another source is an alert like any other', async () => {
    const world = await aWorld(watchdogRule.replace('source: main', 'source: other'));
    await beats(world);
    expect(world.incidents()).toHaveLength(1);
    expect(await states(world)).toEqual(['waiting']);
  });

  it('leaves its incident when the policy file makes it a heartbeat, and returns when it no longer does', async () => {
    const world = await aWorld('');
    await beats(world);
    expect(world.incidents().filter(isOpen)).toHaveLength(1);
    Object.assign(world.deps, { policy: policyWith(watchdogRule) });
    await sweep(world, 60);
    expect(world.incidents().filter(isOpen)).toEqual([]);
    Object.assign(world.deps, { policy: policyWith('') });
    await sweep(world, 60);
    expect(world.incidents().filter(isOpen)).toHaveLength(1);
  });
});

describe('a source that must keep sending', () => {
  it('is alive by any accepted request', async () => {
    const world = await aWorld(sourceRule);
    expect(await states(world)).toEqual(['waiting']);
    await world.receive(aWebhook([]));
    expect(await states(world)).toEqual(['alive']);
    world.clock.advance(599);
    await world.receive(aWebhook([anAlert('web-1')]));
    await sweep(world, 300);
    expect(await states(world)).toEqual(['alive']);
  });

  it('that never arrives is missing, counted from when the policy file first named it', async () => {
    const world = await aWorld(sourceRule);
    await sweep(world, 899);
    expect(told(world)).toEqual([]);
    await sweep(world, 1);
    expect(told(world)).toEqual(['triggered SEV2 ops HeartbeatMissing: Heartbeat main is missing']);
  });

  it('is late without a word where no severity is named', async () => {
    const world = await aWorld(sourceRule);
    await world.receive(aWebhook([]));
    await sweep(world, 600);
    expect(await states(world)).toEqual(['late']);
    expect(world.incidents()).toEqual([]);
  });

  it('is told once however long it is missing, and never ends by quietness', async () => {
    const world = await aWorld(sourceRule);
    for (let hour = 0; hour < 24; hour += 1) await sweep(world, 3600);
    expect(world.incidents().filter(isOpen)).toMatchObject([{ number: 1, firing: 1, alertsTotal: 1, reopenings: 0 }]);
    expect(world.incidents()).toHaveLength(1);
  });

  it('is told of once when it goes quiet, not once for each of its groups, whose alerts end by themselves', async () => {
    const world = await aWorld(sourceRule);
    for (const instance of ['web-1', 'web-2', 'web-3']) {
      await world.receive(aWebhook([anAlert(instance)], { groupKey: `{}:{instance="${instance}"}` }));
    }
    const paged = (await world.pages()).length;
    for (let step = 0; step < 60; step += 1) await sweep(world, 600);
    expect(world.incidents()).toMatchObject([
      { number: 1, status: 'resolved', resolveReason: 'source went quiet', reopenings: 0 },
      { number: 2, status: 'resolved', resolveReason: 'source went quiet', reopenings: 0 },
      { number: 3, status: 'resolved', resolveReason: 'source went quiet', reopenings: 0 },
      { number: 4, status: 'triggered', title: 'HeartbeatMissing: Heartbeat main is missing', generation: 1 },
    ]);
    expect((await world.pages()).slice(paged)).toEqual(['INC-4 1 1 1 person:alice']);
  });

  it('ends its alert when the policy file no longer names it', async () => {
    const world = await aWorld(sourceRule);
    await sweep(world, 1000);
    expect(world.incidents().filter(isOpen)).toHaveLength(1);
    Object.assign(world.deps, { policy: policyWith('') });
    await sweep(world, 60);
    expect(world.incidents().filter(isOpen)).toEqual([]);
    Object.assign(world.deps, { policy: policyWith(sourceRule) });
    await sweep(world, 60);
    expect(await states(world)).toEqual(['waiting']);
  });

  it('changes its alert with the severity of the policy file', async () => {
    const world = await aWorld(sourceRule);
    await sweep(world, 1000);
    Object.assign(world.deps, {
      policy: policyWith(sourceRule.replace('grace: 5m', 'grace: 5m, missingSeverity: SEV1')),
    });
    await sweep(world, 60);
    expect(world.incidents()).toMatchObject([{ severity: 'SEV1', firing: 1 }]);
    await world.receive(aWebhook([]));
    await sweep(world, 60);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0 }]);
  });

  it('is told again when the telling died behind the writing', async () => {
    const world = await aWorld(sourceRule);
    const send = world.queues.send;
    world.clock.advance(1000);
    Object.assign(world.queues, { send: () => Promise.reject(new Error('the queue is away')) });
    await expect(world.sweep()).rejects.toThrow('could not be swept');
    Object.assign(world.queues, { send });
    await sweep(world, 60);
    expect(told(world)).toHaveLength(1);
  });

  it('costs the sweep one read and no write while nothing changes', async () => {
    const world = await aWorld(sourceRule);
    await world.receive(aWebhook([]));
    await sweep(world, 60);
    Object.assign(world.traffic, { transactions: 0 });
    await sweep(world, 60);
    // The sweep's own heartbeat.
    expect(world.traffic.transactions).toBe(1);
  });
});
