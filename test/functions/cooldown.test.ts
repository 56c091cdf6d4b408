import { describe, expect, it } from 'vitest';
import { loadTimeline } from '#shared/store/incident-store.ts';
import { describeEvent } from '#shared/timeline/describe.ts';
import { anAlert, aResolved, aWebhook, IngestWorld, ingestPolicy, type WireAlert } from '#test/support/ingest-world.ts';

const hour = 3600;
const alertOf = (instance: string, severity: string) =>
  anAlert(instance, { labels: { alertname: 'HighErrorRate', severity, instance } });
const error = alertOf('web-1', 'error');

function aWorld(): IngestWorld {
  const world = new IngestWorld();
  const route = { ...ingestPolicy.route, cooldownSeconds: 4 * hour };
  Object.assign(world.deps, { policy: { ...ingestPolicy, route } });
  return world;
}

const fires = (world: IngestWorld, alert: WireAlert) =>
  world.receive(aWebhook([{ ...alert, startsAt: world.clock.now() }]));
const ends = (world: IngestWorld, alert: WireAlert) => world.receive(aWebhook([aResolved(alert, world.clock.now())]));

async function firesForAMinute(world: IngestWorld, alert: WireAlert): Promise<void> {
  await fires(world, alert);
  world.clock.advance(60);
  await ends(world, alert);
}

const generationsPaged = async (world: IngestWorld) =>
  [...new Set((await world.pages()).map((page) => page.split(' ').slice(0, 2).join(' ')))].sort();

async function reopenings(world: IngestWorld): Promise<readonly string[]> {
  const timelines = await Promise.all(world.incidents().map(({ id }) => loadTimeline(world.memory, id)));
  return timelines
    .flat()
    .flatMap((commit) => commit.events.map((event) => [event.type, describeEvent(event, commit)] as const))
    .flatMap(([type, sentence]) => (type === 'IncidentReopened' ? [sentence] : []));
}

describe('an alert on a route with a cooldown', () => {
  it('re-opens its incident without paging again, and says so', async () => {
    const world = aWorld();
    await firesForAMinute(world, error);
    world.clock.advance(2 * hour);
    await firesForAMinute(world, error);
    expect(world.incidents()).toMatchObject([{ number: 1, reopenings: 1 }]);
    expect(await generationsPaged(world)).toEqual(['INC-1 1']);
    expect(await reopenings(world)).toEqual([
      "Re-opened, because an alert fired again. It was told before, so the next page waits for the route's cooldown until 2026-11-21T05:00:00.000Z.",
    ]);
  });

  it('pages when it still fires at the end of the cooldown', async () => {
    const world = aWorld();
    await firesForAMinute(world, error);
    world.clock.advance(2 * hour);
    await fires(world, error);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', dueAt: '2026-11-21T05:00:00.000Z' }]);
    world.clock.advance(2 * hour);
    await world.sweep();
    expect(await generationsPaged(world)).toEqual(['INC-1 1', 'INC-1 2']);
  });

  it('opens another incident after the cooldown', async () => {
    const world = aWorld();
    await firesForAMinute(world, error);
    world.clock.advance(4 * hour);
    await firesForAMinute(world, error);
    expect(await generationsPaged(world)).toEqual(['INC-1 1', 'INC-2 1']);
  });

  it('pages at once when it is another alert than those that were told', async () => {
    const world = aWorld();
    await firesForAMinute(world, error);
    world.clock.advance(2 * hour);
    await fires(world, alertOf('web-2', 'error'));
    expect(world.incidents()).toMatchObject([{ number: 1, reopenings: 1 }]);
    expect(await generationsPaged(world)).toEqual(['INC-1 1', 'INC-1 2']);
  });

  it('pages at once when it is worse, and each time when it is SEV1', async () => {
    const worse = aWorld();
    await firesForAMinute(worse, error);
    worse.clock.advance(2 * hour);
    await fires(worse, alertOf('web-1', 'critical'));
    expect(await generationsPaged(worse)).toEqual(['INC-1 1', 'INC-1 2']);
    const outage = aWorld();
    await firesForAMinute(outage, alertOf('web-1', 'critical'));
    outage.clock.advance(2 * hour);
    await firesForAMinute(outage, alertOf('web-1', 'critical'));
    expect(await generationsPaged(outage)).toEqual(['INC-1 1', 'INC-2 1']);
  });
});
