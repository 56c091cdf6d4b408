import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldTimeline } from '#shared/incident/evolve.ts';
import { isOpen } from '#shared/incident/incident.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { requestRejudge } from '#shared/runtime/rejudge.ts';
import { runCommand } from '#shared/runtime/run-command.ts';
import { loadIntake } from '#shared/store/alert-store.ts';
import { loadTimeline } from '#shared/store/incident-store.ts';
import { saveSilence } from '#shared/store/silence-store.ts';
import { describeEvent } from '#shared/timeline/describe.ts';
import { node } from '#test/shared/route/route-builders.ts';
import { silence } from '#test/shared/silence/silence-builders.ts';
import {
  anAlert,
  aResolved,
  aWebhook,
  fingerprint,
  IngestWorld,
  ingestPolicy,
  startedAt,
  type WireAlert,
} from '#test/support/ingest-world.ts';

const rule = { transitions: 3, windowSeconds: 3600, calmAfterSeconds: 900 };
const web1 = anAlert('web-1');
const warning = anAlert('web-2', { labels: { alertname: 'HighErrorRate', severity: 'warning', instance: 'web-2' } });

function aWorld(): IngestWorld {
  const world = new IngestWorld();
  Object.assign(world.deps, { policy: { ...ingestPolicy, flapping: rule } });
  return world;
}

const fires = (world: IngestWorld, alert: WireAlert = web1) =>
  world.receive(aWebhook([{ ...alert, startsAt: world.clock.now() }]));
const ends = (world: IngestWorld, alert: WireAlert = web1) =>
  world.receive(aWebhook([aResolved(alert, world.clock.now())]));

/** Three beginnings, two minutes apart each: it flaps and fires. */
async function flap(world: IngestWorld, alert: WireAlert = web1): Promise<void> {
  await fires(world, alert);
  for (let round = 1; round < rule.transitions; round += 1) {
    world.clock.advance(60);
    await ends(world, alert);
    world.clock.advance(60);
    await fires(world, alert);
  }
}

/** The sweep finds what is due and ingest carries it out. */
async function sweep(world: IngestWorld, seconds: number): Promise<void> {
  world.clock.advance(seconds);
  await world.sweep();
  await world.drain();
}

async function timeline(world: IngestWorld): Promise<readonly string[]> {
  const commits = await Promise.all(world.incidents().map(({ id }) => loadTimeline(world.memory, id)));
  return commits.flat().flatMap((commit) => commit.events.map((event) => describeEvent(event, commit)));
}

const whys = async (world: IngestWorld) =>
  (await loadIntake(world.memory, { source: 'main', fingerprint: fingerprint(web1) })).map(({ why }) => why);

describe('an alert that keeps toggling', () => {
  it('holds one incident open, marked as flapping, from the beginning that is one too many', async () => {
    const world = aWorld();
    await flap(world);
    expect(world.incidents()).toMatchObject([
      { number: 1, status: 'triggered', firing: 1, flapping: { alerts: 1, since: startedAt, transitions: 5 } },
    ]);
    const [incident] = world.incidents();
    world.clock.advance(60);
    await ends(world);
    world.clock.advance(60);
    await fires(world);
    world.clock.advance(60);
    await ends(world);
    expect(world.incidents()).toEqual([incident]);
    expect(await timeline(world)).toContainEqual(
      `1 alert flaps since ${startedAt}: 5 changes of status. The incident is held open until it is calm.`,
    );
  });

  it('costs one small transaction a change, with a row that says why nobody is paged', async () => {
    const world = aWorld();
    await flap(world);
    const pages = await world.pages();
    world.clock.advance(60);
    Object.assign(world.traffic, { transactions: 0, longestTransaction: 0 });
    await ends(world);
    // The alert with its row, and the group that no longer holds it.
    expect(world.traffic).toMatchObject({ transactions: 2, longestTransaction: 2 });
    world.clock.advance(60);
    await fires(world);
    expect(await world.pages()).toEqual(pages);
    expect((await world.outcomes(web1)).slice(-2)).toEqual(['updated 1', 'updated 1']);
    const [held, again] = (await whys(world)).slice(-2);
    expect(held).toMatch(
      /^its source resolved it; held, because it flaps since .* \(6 changes\), until it is calm at /,
    );
    expect(again).toMatch(/^it fires again; no page, because it flaps since .* \(7 changes\)/);
  });

  it('writes nothing for repeats of what it told last', async () => {
    const world = aWorld();
    await flap(world);
    Object.assign(world.traffic, { transactions: 0 });
    await world.receive(aWebhook([{ ...web1, startsAt: world.clock.now() }]));
    expect(world.traffic.transactions).toBe(0);
    await ends(world);
    Object.assign(world.traffic, { transactions: 0 });
    await ends(world);
    expect(world.traffic.transactions).toBe(0);
  });

  it('resolves its incident when it is calm and had ended', async () => {
    const world = aWorld();
    await flap(world);
    world.clock.advance(60);
    await ends(world);
    await sweep(world, rule.calmAfterSeconds - 1);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1 }]);
    await sweep(world, 60);
    const [incident] = world.incidents();
    expect(incident).toMatchObject({ status: 'resolved', resolveReason: 'alerts resolved', firing: 0 });
    expect(incident).not.toHaveProperty('flapping');
    expect(await world.alert(web1)).toMatchObject({ status: 'resolved', incidentIds: [], endReason: 'resolved' });
    expect((await timeline(world)).slice(-4)).toContainEqual('1 alert is calm after 6 changes of status.');
    expect((await world.outcomes(web1)).at(-1)).toBe('resolved 1');
  });

  it('goes on as a plain firing alert when it is calm and fires', async () => {
    const world = aWorld();
    await flap(world);
    await sweep(world, rule.calmAfterSeconds);
    const [incident] = world.incidents();
    expect(incident).toMatchObject({ status: 'triggered', firing: 1 });
    expect(incident).not.toHaveProperty('flapping');
    expect(await world.alert(web1)).not.toHaveProperty('flap');
    await ends(world);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0 }]);
  });

  it('never flaps when the policy switched it off, nor when its beginnings are far apart', async () => {
    const off = aWorld();
    Object.assign(off.deps, { policy: { ...ingestPolicy, flapping: { ...rule, transitions: 0 } } });
    await flap(off);
    expect(off.incidents()[0]).not.toHaveProperty('flapping');
    const slow = aWorld();
    for (let round = 0; round < 6; round += 1) {
      await fires(slow);
      slow.clock.advance(600);
      await ends(slow);
      slow.clock.advance(1300);
    }
    expect(slow.incidents().filter((incident) => incident.flapping !== undefined)).toEqual([]);
  });

  it('does not keep a worse severity from paging', async () => {
    const world = aWorld();
    await flap(world, warning);
    const before = await world.pages();
    await world.receive(aWebhook([web1]));
    expect(world.incidents()).toMatchObject([{ severity: 'SEV1', firing: 2, flapping: { alerts: 1 } }]);
    expect((await world.pages()).length).toBeGreaterThan(before.length);
  });

  it('is told by a worse route when its mute interval ends, also while it flaps', async () => {
    const world = aWorld();
    const night = { times: [{ startMinute: 0, endMinute: 70 }], timeZone: 'UTC' };
    const always = { weekdays: null, daysOfMonth: null, months: null, years: null };
    const severity = (value: 'SEV1' | 'SEV4') => ({ severity: { kind: 'fixed', value } as const, owner: 'payments' });
    const routes = [
      node('root/pager', { ...severity('SEV1'), muteTimeIntervals: ['night'], continue: true }),
      node('root/told', severity('SEV4')),
    ];
    Object.assign(world.deps, {
      policy: {
        ...ingestPolicy,
        flapping: rule,
        timeIntervals: { night: [{ ...always, ...night }] },
        route: { ...ingestPolicy.route, routes },
      },
    });
    await flap(world);
    await ends(world);
    await fires(world);
    expect(world.incidents()).toMatchObject([{ severity: 'SEV4', firing: 1, flapping: { alerts: 1 } }]);
    await sweep(world, 360);
    expect(world.incidents()).toMatchObject([{ severity: 'SEV1', firing: 1, flapping: { alerts: 1 } }]);
    expect((await world.pages()).some((page) => page.endsWith('person:alice'))).toBe(true);
  });

  it('stays silenced while it toggles, because a silence binds to labels and not to a beginning', async () => {
    const world = aWorld();
    await flap(world);
    const silence = await silenceWeb1(world);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0 }]);
    expect(world.incidents()[0]).not.toHaveProperty('flapping');
    for (let round = 0; round < 4; round += 1) {
      world.clock.advance(60);
      await ends(world);
      world.clock.advance(60);
      await fires(world);
      expect((await world.alert(web1))?.suppressedBy).toMatchObject({ silenceId: silence });
    }
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0 }]);
  });

  it('does not become calm because something else is silenced', async () => {
    const world = aWorld();
    await flap(world);
    await silenceInstance(world, 'web-9');
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1, flapping: { alerts: 1 } }]);
    world.clock.advance(60);
    await ends(world);
    await silenceInstance(world, 'web-8');
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1, flapping: { alerts: 1 } }]);
  });

  it('is held when a person resolves its incident, and re-opens it after the hold while it goes on', async () => {
    const world = aWorld();
    await flap(world);
    await resolveByHand(world);
    const heldUntil = addSeconds(world.clock.now(), ingestPolicy.resolveHoldSeconds);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', heldUntil, firing: 1, flapping: { alerts: 1 } }]);
    const pages = await world.pages();
    for (let round = 0; round < 5; round += 1) {
      await sweep(world, 200);
      await ends(world);
      await sweep(world, 200);
      await fires(world);
    }
    expect(world.incidents()).toMatchObject([{ status: 'triggered', heldUntil: null, reopenings: 3 }]);
    expect((await world.pages()).length).toBeGreaterThan(pages.length);
  });

  it('lets the hold of a person end with it when it is calm and had ended', async () => {
    const world = aWorld();
    await flap(world);
    await ends(world);
    await resolveByHand(world);
    await sweep(world, rule.calmAfterSeconds);
    expect(world.incidents()).toMatchObject([{ status: 'resolved', heldUntil: null, firing: 0 }]);
    await sweep(world, ingestPolicy.resolveHoldSeconds);
    expect(world.incidents()).toMatchObject([{ status: 'resolved' }]);
  });

  it('ends for good when it is silenced while its end is held', async () => {
    const world = aWorld();
    await flap(world);
    world.clock.advance(60);
    await ends(world);
    await silenceWeb1(world);
    expect(await world.alert(web1)).toMatchObject({ status: 'resolved' });
    expect(world.incidents()).toMatchObject([{ status: 'resolved', resolveReason: 'alerts resolved' }]);
  });
});

const silenceWeb1 = (world: IngestWorld) => silenceInstance(world, 'web-1');

async function silenceInstance(world: IngestWorld, instance: string): Promise<string> {
  const now = world.clock.now();
  const made = silence({
    version: 1,
    id: `silence-${instance}`,
    matchers: [{ name: 'instance', operator: '=', value: instance }],
    startsAt: now,
    endsAt: addSeconds(now, 7200),
    createdAt: now,
    updatedAt: now,
  });
  await saveSilence(world.table, null, made, ingestPolicy);
  await requestRejudge(world.deps, made);
  await world.drain();
  return made.id;
}

async function resolveByHand(world: IngestWorld): Promise<void> {
  const [incident] = world.incidents();
  await runCommand(world.deps, {
    incidentId: incident?.id ?? '',
    command: { type: 'ResolveIncident', reason: 'by a person' },
    actor: { kind: 'person', id: 'U-DORA', name: 'Dora' },
    commandId: null,
    correlationId: 'by-hand',
  });
}

/** What the source does, and how long it is silent behind it. */
type What = 'fire' | 'end' | 'repeat' | 'sweep';
const life = fc.array(
  fc.record({
    what: fc.constantFrom<What>('fire', 'end', 'repeat', 'sweep'),
    wait: fc.constantFrom(10, 70, 200, 400, 1000),
  }),
  { minLength: 8, maxLength: 30 },
);

describe('whatever an alert does', () => {
  it('is paged once a generation, is open while it flaps, ends when it is calm and is never lost while it fires', async () => {
    await fc.assert(
      fc.asyncProperty(life, async (moves) => {
        const world = aWorld();
        let firing = false;
        for (const { what, wait } of moves) {
          const before = standing(world);
          firing = await carryOut(world, what, firing);
          await expectSound(world, firing);
          if (before.flaps && standing(world).flaps) expect(standing(world)).toEqual(before);
          world.clock.advance(wait);
        }
        await expectCalm(world, firing);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

async function carryOut(world: IngestWorld, what: What, firing: boolean): Promise<boolean> {
  const does = what === 'repeat' ? (firing ? 'fire' : 'end') : what;
  if (does === 'fire') await fires(world);
  if (does === 'end') await ends(world);
  if (does === 'sweep') await sweep(world, 0);
  return does === 'sweep' ? firing : does === 'fire';
}

/** A further generation would page once more. */
function standing(world: IngestWorld) {
  const open = world.incidents().find(isOpen);
  return { flaps: open?.flapping !== undefined, number: open?.number, generation: open?.generation };
}

async function expectSound(world: IngestWorld, firing: boolean): Promise<void> {
  const record = await world.alert(web1);
  const open = world.incidents().filter(isOpen);
  if (firing) expect(record?.status).toBe('firing');
  expect(open.length).toBe(record?.status === 'firing' ? 1 : 0);
  expect(open[0]?.flapping !== undefined).toBe(record?.flap?.flaps !== undefined);
  for (const incident of world.incidents()) {
    expect(foldTimeline(await loadTimeline(world.memory, incident.id))).toEqual(incident);
  }
}

async function expectCalm(world: IngestWorld, firing: boolean): Promise<void> {
  await sweep(world, rule.calmAfterSeconds);
  await sweep(world, 60);
  await expectSound(world, firing);
  expect(world.incidents().filter(isOpen)).toHaveLength(firing ? 1 : 0);
  expect(world.incidents().every((incident) => incident.flapping === undefined)).toBe(true);
}
