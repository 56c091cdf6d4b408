import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import type { TimeInterval } from '#shared/route/time-interval.ts';
import { requestRejudge } from '#shared/runtime/rejudge.ts';
import { loadIntake } from '#shared/store/alert-store.ts';
import { node } from '#test/shared/route/route-builders.ts';
import { aWebhook, fingerprint, type IngestWorld, ingestPolicy, type WireAlert } from '#test/support/ingest-world.ts';
import { clusterRule, down, ends, fires, slow, sweep, worldWith } from '#test/support/inhibition-world.ts';

const always: TimeInterval = {
  times: null,
  weekdays: null,
  daysOfMonth: null,
  months: null,
  years: null,
  timeZone: 'UTC',
};
/** The test begins at 01:00 UTC. */
const timeIntervals = {
  night: [{ ...always, times: [{ startMinute: 0, endMinute: 120 }] }],
  soon: [{ ...always, times: [{ startMinute: 90, endMinute: 120 }] }],
};
const web1 = slow('web-1');
const suppressionOf = async (world: IngestWorld, alert: WireAlert) => (await world.alert(alert))?.suppressedBy ?? null;
const states = (world: IngestWorld) => world.incidents().map(({ status, firing }) => `${status} ${firing}`);

describe('a route that a time interval mutes', () => {
  const muted = (changes: Parameters<typeof node>[1]) =>
    worldWith({
      timeIntervals,
      route: { ...ingestPolicy.route, routes: [node('root/slow', { matchers: [], ...changes })] },
    });

  it('opens no incident inside of the interval, and one within a minute of its end', async () => {
    const world = muted({ muteTimeIntervals: ['night'] });
    await fires(world, web1);
    expect(await suppressionOf(world, web1)).toEqual({
      kind: 'interval',
      interval: 'night',
      mode: 'mute',
      until: '2026-11-21T02:00:00.000Z',
    });
    const [row] = await loadIntake(world.memory, { source: 'main', fingerprint: fingerprint(web1) });
    expect(row?.why).toBe(
      'it began to fire; route root/slow: muted by time interval night until 2026-11-21T02:00:00.000Z',
    );
    await sweep(world, 3540);
    expect(states(world)).toEqual([]);
    await sweep(world, 60);
    expect(states(world)).toEqual(['triggered 1']);
  });

  it('opens none outside of its active interval', async () => {
    const world = muted({ activeTimeIntervals: ['soon'] });
    await fires(world, web1);
    expect(await suppressionOf(world, web1)).toMatchObject({ mode: 'active', until: '2026-11-21T01:30:00.000Z' });
    await sweep(world, 1800);
    expect(states(world)).toEqual(['triggered 1']);
  });

  it('leaves alerts in their open incident when the interval begins, also when they are judged again', async () => {
    const world = muted({ muteTimeIntervals: ['soon'] });
    await fires(world, web1);
    await sweep(world, 2400);
    await requestRejudge(world.deps, { id: 'another' });
    await sweep(world, 60);
    expect(states(world)).toEqual(['triggered 1']);
    await fires(world, slow('web-2'));
    expect(states(world)).toEqual(['triggered 1']);
    expect(await suppressionOf(world, slow('web-2'))).toMatchObject({ kind: 'interval' });
  });

  it('lets a resolve pass', async () => {
    const world = muted({ muteTimeIntervals: ['night'] });
    await fires(world, web1);
    await ends(world, web1);
    expect(await world.alert(web1)).toMatchObject({ status: 'resolved', suppressedBy: null });
  });

  it('tells nobody while another route that takes the alert tells', async () => {
    const world = worldWith({
      timeIntervals,
      route: {
        ...ingestPolicy.route,
        routes: [
          node('root/muted', { muteTimeIntervals: ['night'], continue: true, incidentKey: ['cluster'] }),
          node('root/told', { incidentKey: ['instance'] }),
        ],
      },
    });
    await fires(world, web1);
    expect(world.incidents().map(({ incidentKey }) => incidentKey)).toEqual(['labels:root/told:instance=web-1']);
  });
});

describe('an alert of a source that has just come back', () => {
  const aWorld = () => worldWith({ inhibitRules: [clusterRule] });
  /** Heard of long after it began. */
  const returns = (world: IngestWorld, alert: WireAlert, secondsAgo = 3600) =>
    world.receive(
      aWebhook([{ ...alert, startsAt: addSeconds(world.clock.now(), -secondsAgo) }], {
        groupKey: `{}:{alertname="${alert.labels.alertname}"}`,
      }),
    );

  it('waits for what may inhibit it, which comes', async () => {
    const world = aWorld();
    await returns(world, web1);
    expect(await suppressionOf(world, web1)).toEqual({
      kind: 'settling',
      until: addSeconds(world.clock.now(), 60),
    });
    world.clock.advance(20);
    await returns(world, down('north'));
    expect(await suppressionOf(world, web1)).toMatchObject({ kind: 'inhibition' });
    await sweep(world, 60);
    expect(await world.outcomes(web1)).toEqual(['suppressed']);
  });

  it('is told when it does not come', async () => {
    const world = aWorld();
    await returns(world, web1);
    await sweep(world, 60);
    expect(await world.outcomes(web1)).toEqual(['suppressed', 'opened 1']);
    await sweep(world, 60);
    expect(states(world)).toEqual(['triggered 1']);
  });

  it('waits not when nothing could inhibit it, when it began lately, or when it is SEV1', async () => {
    const world = aWorld();
    await returns(world, slow('web-1', 'north'), 599);
    await returns(world, down('north'));
    const severe = { ...clusterRule, targetMatchers: [{ name: 'alertname', operator: '=', value: 'Gone' }] as const };
    const other = worldWith({ inhibitRules: [severe] });
    await returns(other, { ...web1, labels: { ...web1.labels, alertname: 'Gone', severity: 'critical' } });
    expect(states(world)).toHaveLength(2);
    expect(states(other)).toEqual(['triggered 1']);
  });
});

describe('a route that was muted while another told the alert', () => {
  const told = node('root/told', { severity: { kind: 'fixed', value: 'SEV4' } });
  const muted = node('root/pager', {
    severity: { kind: 'fixed', value: 'SEV1' },
    muteTimeIntervals: ['night'],
    continue: true,
  });
  const aWorld = (changes: Parameters<typeof node>[1]) =>
    worldWith({
      timeIntervals,
      route: {
        ...ingestPolicy.route,
        routes: [
          { ...muted, ...changes },
          {
            ...told,
            ...changes,
            ...{ continue: false, muteTimeIntervals: [], severity: told.severity, path: told.path },
          },
        ],
      },
    });

  it('raises the incident that both share when it tells again, and pages as the alert itself would have', async () => {
    const world = aWorld({ owner: 'payments' });
    await fires(world, web1);
    expect(world.incidents()).toMatchObject([{ severity: 'SEV4', firing: 1 }]);
    await sweep(world, 3600);
    expect(world.incidents()).toMatchObject([{ severity: 'SEV1', firing: 1, alertsTotal: 1, generation: 2 }]);
    expect(await world.pages()).toContain('INC-1 2 1 1 person:alice');
    expect(await world.outcomes(web1)).toEqual(['opened 1', 'updated 1']);
    const before = (await world.alert(web1))?.version;
    await sweep(world, 60);
    expect((await world.alert(web1))?.version).toBe(before);
    expect((await world.alert(web1))?.mutedUntil).toBe(undefined);
    await ends(world, web1);
    expect(states(world)).toEqual(['resolved 0']);
  });

  it('opens its own incident beside the other, and the alert ends in both', async () => {
    const world = aWorld({ incidentKey: ['instance'] });
    await fires(world, web1);
    expect(states(world)).toEqual(['triggered 1']);
    await sweep(world, 3600);
    expect(world.incidents().map(({ severity, firing }) => `${severity} ${firing}`)).toEqual(['SEV4 1', 'SEV1 1']);
    expect((await world.alert(web1))?.incidentIds).toHaveLength(2);
    await ends(world, web1);
    expect(states(world)).toEqual(['resolved 0', 'resolved 0']);
  });
});
