import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { changeSilence } from '#shared/runtime/save-silence.ts';
import { expireSilence } from '#shared/silence/decide-silence.ts';
import type { MaintenanceWindow } from '#shared/silence/maintenance-window.ts';
import { silenceStateAt } from '#shared/silence/silence-state.ts';
import { loadIntake } from '#shared/store/alert-store.ts';
import { loadSilences } from '#shared/store/silence-store.ts';
import { fingerprint, type IngestWorld, ingestPolicy } from '#test/support/ingest-world.ts';
import { fires, slow, sweep, worldWith } from '#test/support/inhibition-world.ts';

/** The test begins on Saturday, 2026-11-21, 01:00 UTC. */
const nightly: MaintenanceWindow = {
  name: 'nightly',
  matchers: [{ name: 'cluster', operator: '=', value: 'north' }],
  comment: 'backups',
  timeZone: 'UTC',
  start: '02:00',
  durationSeconds: 3600,
  recurrence: { kind: 'daily' },
  from: null,
  until: null,
};
const web1 = slow('web-1');

const aWorld = (...maintenanceWindows: readonly MaintenanceWindow[]) => worldWith({ maintenanceWindows });
const change = (world: IngestWorld, ...maintenanceWindows: Policy['maintenanceWindows']) =>
  Object.assign(world.deps, { policy: { ...ingestPolicy, maintenanceWindows } });

async function silences(world: IngestWorld): Promise<readonly string[]> {
  const now = world.clock.now();
  const stored = await loadSilences(world.memory);
  return stored
    .toSorted((a, b) => (a.startsAt + a.endsAt < b.startsAt + b.endsAt ? -1 : 1))
    .map((each) => `${each.startsAt.slice(8, 16)} ${each.endsAt.slice(8, 16)} ${silenceStateAt(each, now)}`);
}

describe('a maintenance window', () => {
  it('is silences of the next 48 hours, made once, each named after it', async () => {
    const world = aWorld(nightly);
    await sweep(world, 0);
    await sweep(world, 60);
    expect(await silences(world)).toEqual(['21T02:00 21T03:00 pending', '22T02:00 22T03:00 pending']);
    const [first] = await loadSilences(world.memory);
    expect(first).toMatchObject({
      createdBy: 'maintenance window nightly',
      comment: 'backups',
      origin: { kind: 'maintenance', window: 'nightly' },
    });
    await sweep(world, 7200);
    expect(await silences(world)).toHaveLength(3);
  });

  it('reads the version of the silences and writes nothing in a minute in which nothing is to be done', async () => {
    const world = aWorld(nightly);
    await sweep(world, 0);
    const before = world.memory.allItems().filter(({ kind }) => kind === 'silence' || kind === 'silence version');
    await sweep(world, 60);
    const after = world.memory.allItems().filter(({ kind }) => kind === 'silence' || kind === 'silence version');
    expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version));
  });

  it('takes alerts out of their incident within a minute of its beginning, and gives them back within one of its end', async () => {
    const world = aWorld(nightly);
    await fires(world, web1);
    await sweep(world, 3600);
    expect((await world.alert(web1))?.suppressedBy).toMatchObject({
      kind: 'maintenance',
      window: 'nightly',
      until: '2026-11-21T03:00:00.000Z',
    });
    expect(world.incidents()).toMatchObject([{ status: 'resolved', firing: 0 }]);
    const rows = await loadIntake(world.memory, { source: 'main', fingerprint: fingerprint(web1) });
    expect(rows.at(-1)?.why).toContain('of window "nightly" matches {cluster="north"}');
    await sweep(world, 3600);
    expect((await world.alert(web1))?.suppressedBy).toBe(null);
    expect((await world.outcomes(web1)).at(-1)).toMatch(/^(joined|opened)/);
  });

  it('that runs when it first stands in the file holds from now on', async () => {
    const world = aWorld();
    await fires(world, web1);
    await sweep(world, 5400);
    change(world, nightly);
    await sweep(world, 60);
    expect((await silences(world))[0]).toBe('21T02:31 21T03:00 active');
    expect((await world.alert(web1))?.suppressedBy).toMatchObject({ kind: 'maintenance' });
  });

  it('that leaves the file ends, and comes back when it stands there again', async () => {
    const world = aWorld(nightly);
    await sweep(world, 5400);
    await fires(world, web1);
    expect((await world.alert(web1))?.suppressedBy).toMatchObject({ kind: 'maintenance' });
    change(world);
    await sweep(world, 60);
    expect((await world.alert(web1))?.suppressedBy).toBe(null);
    expect((await silences(world)).filter((each) => !each.endsWith('expired'))).toEqual([]);
    change(world, nightly);
    await sweep(world, 60);
    await sweep(world, 60);
    expect((await silences(world)).filter((each) => !each.endsWith('expired'))).toEqual([
      '21T02:32 21T03:00 active',
      '22T02:00 22T03:00 pending',
      '23T02:00 23T03:00 pending',
    ]);
    expect((await world.alert(web1))?.suppressedBy).toMatchObject({ kind: 'maintenance' });
  });

  it('that changes replaces what runs and what comes, and no alert is told in between', async () => {
    const world = aWorld(nightly);
    await sweep(world, 5400);
    await fires(world, web1);
    change(world, { ...nightly, durationSeconds: 7200 });
    await sweep(world, 60);
    expect((await silences(world)).filter((each) => !each.endsWith('expired'))).toEqual([
      '21T02:31 21T04:00 active',
      '22T02:00 22T04:00 pending',
      '23T02:00 23T04:00 pending',
    ]);
    expect(await world.outcomes(web1)).toEqual(['suppressed']);
    expect((await world.alert(web1))?.suppressedBy).toMatchObject({ until: '2026-11-21T04:00:00.000Z' });
  });

  it('that gets another comment stays as it is', async () => {
    const world = aWorld(nightly);
    await sweep(world, 0);
    const before = await loadSilences(world.memory);
    change(world, { ...nightly, comment: 'other' });
    await sweep(world, 60);
    expect(await loadSilences(world.memory)).toEqual(before);
  });

  it('leaves ended what a person ended early, and longer what a person made longer', async () => {
    const world = aWorld(nightly, { ...nightly, name: 'other', start: '02:30' });
    await sweep(world, 5400);
    const [one, two] = (await loadSilences(world.memory)).filter(({ startsAt }) => startsAt <= world.clock.now());
    const now = world.clock.now();
    await changeSilence(world.deps, one?.id ?? '', (before) => expireSilence(before, now, 'dora'));
    await changeSilence(world.deps, two?.id ?? '', (before) => ({
      outcome: 'accepted',
      silence: { ...before, version: before.version + 1, endsAt: addSeconds(now, 86_400) },
      replaced: null,
    }));
    await sweep(world, 60);
    await sweep(world, 7200);
    const stored = new Map((await loadSilences(world.memory)).map((each) => [each.id, each]));
    expect(stored.get(one?.id ?? '')).toMatchObject({ endsAt: now });
    expect(stored.get(two?.id ?? '')).toMatchObject({ endsAt: addSeconds(now, 86_400) });
    const running = [...stored.values()].filter((each) => silenceStateAt(each, world.clock.now()) === 'active');
    expect(running.map(({ id }) => id)).toEqual([two?.id]);
  });
});
