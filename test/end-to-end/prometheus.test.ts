import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incidentsOf, openedBy, tracesOf } from './support/incidents.ts';
import { readIncident, readSandbox, readTimeline } from './support/operator.ts';
import { channels, writeQuickPolicy } from './support/policy.ts';
import { type Prometheus, startPrometheus, startWatched, type Watched } from './support/prometheus.ts';
import { makeScope } from './support/scope.ts';
import { personIn, startTocsin, type Tocsin } from './support/tocsin.ts';
import { until } from './support/until.ts';
import { type OutsideVendors, startOutsideVendors } from './support/vendors.ts';

/** Prometheus with Tocsin as its only Alertmanager: nothing between the rules and the people. */
const scope = makeScope();
let vendors: OutsideVendors;
let tocsin: Tocsin;
let watched: Watched;
let prometheus: Prometheus;

beforeAll(async () => {
  vendors = await startOutsideVendors(scope);
  const groups = '\n  group_by: [alertname]\n  group_wait: 2s\n  group_interval: 5s';
  tocsin = await startTocsin(scope, { vendors, env: { CONFIG: writeQuickPolicy(scope, groups) } });
  watched = await startWatched(scope);
  prometheus = await startPrometheus(scope, { url: tocsin.url, watched, alerts: ['ShopDown', 'ShopLost'] });
});
afterAll(scope.end);

const firingOf = async (number: number): Promise<number> => (await readIncident(tocsin, number)).firing;

describe('an alert of Prometheus itself', () => {
  it('is grouped, pages once however often it is sent again, and resolves when its rule does', async () => {
    watched.broken.set('ShopDown', 3);
    const incident = await openedBy(tocsin, 'ShopDown');
    expect(incident).toMatchObject({ status: 'triggered', severity: 'SEV1', firing: 3, generation: 1 });
    const traces = tracesOf(vendors, incident);
    await until(
      'alice and PagerDuty are paged',
      () => traces.rings() > 0 && traces.messages(channels.alice).length > 0,
    );
    expect((await personIn(vendors, tocsin).command(`ack ${incident.number}`, channels.incidents)).status).toBe(200);

    const before = await prometheus.sent();
    await until('each was sent again four times', async () => (await prometheus.sent()) >= before + 12, {
      seconds: 40,
    });
    expect(await readIncident(tocsin, incident.number)).toMatchObject({
      status: 'acknowledged',
      firing: 3,
      generation: 1,
    });

    watched.broken.set('ShopDown', 4);
    await until('another shop joins at the next group_interval', async () => (await firingOf(incident.number)) === 4);
    watched.broken.set('ShopDown', 1);
    await until('three shops are well again', async () => (await firingOf(incident.number)) === 1);
    expect(await readIncident(tocsin, incident.number)).toMatchObject({ status: 'acknowledged' });

    watched.broken.set('ShopDown', 0);
    await until('it resolves', async () => (await readIncident(tocsin, incident.number)).status === 'resolved');
    await until('PagerDuty resolves', () => traces.pagerdutyStatus(1) === 'resolved');
    expect(traces.messages(channels.alice)).toHaveLength(1);
    expect(traces.rings()).toBe(1);
    expect(await incidentsOf(tocsin, 'ShopDown')).toHaveLength(1);
    expect(await prometheus.lost()).toBe(0);
  });

  it('ends by itself when Prometheus dies while it fires', async () => {
    watched.broken.set('ShopLost', 1);
    const incident = await openedBy(tocsin, 'ShopLost');
    expect((await personIn(vendors, tocsin).command(`ack ${incident.number}`, channels.incidents)).status).toBe(200);
    prometheus.program.kill('SIGKILL');
    await prometheus.program.exit;
    await until('it ends', async () => (await readIncident(tocsin, incident.number)).status === 'resolved', {
      seconds: 90,
    });
    const [ended] = (await readTimeline(tocsin, incident.number)).filter(({ type }) => type === 'AlertsResolved');
    expect(JSON.stringify(ended)).toMatch(/quiet/);
    expect((await readSandbox(tocsin)).fallback).toEqual([]);
    expect(tocsin.program.errors()).toBe('');
  });
});
