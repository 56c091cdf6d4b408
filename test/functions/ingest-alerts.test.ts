import { describe, expect, it } from 'vitest';
import { foldTimeline } from '#shared/incident/evolve.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { loadQuarantined } from '#shared/store/alert-store.ts';
import { loadTimeline } from '#shared/store/incident-store.ts';
import {
  anAlert,
  aResolved,
  aWebhook,
  IngestWorld,
  recordedWebhook,
  startedAt,
  type WireAlert,
} from '#test/support/ingest-world.ts';

const web1 = anAlert('web-1');
const web2 = anAlert('web-2');
const warning = anAlert('web-3', { labels: { alertname: 'HighErrorRate', severity: 'warning', instance: 'web-3' } });
const later = (seconds: number) => addSeconds(startedAt, seconds);

/** Each firing, unsuppressed alert is in an open incident or one that holds it, and each incident is its timeline. */
async function expectSound(world: IngestWorld): Promise<void> {
  const incidents = world.incidents();
  const firing = world.memory
    .allItems()
    .filter((item) => item.kind === 'alert' && item.status === 'firing' && item.suppressedBy === null);
  for (const incident of incidents) {
    const attached = firing.filter((alert) => (alert.incidentIds as readonly string[]).includes(incident.id));
    expect({ number: incident.number, firing: incident.firing }).toEqual({
      number: incident.number,
      firing: attached.length,
    });
    expect(foldTimeline(await loadTimeline(world.memory, incident.id))).toEqual(incident);
  }
  for (const alert of firing) expect(alert.incidentIds).not.toEqual([]);
}

describe('alerts that arrive', () => {
  it('open an incident with its pages in one transaction, as recorded from Alertmanager 0.25', async () => {
    const world = new IngestWorld();
    await world.receive(recordedWebhook('alertmanager-0.25-firing'));
    const [incident] = world.incidents();
    expect(incident).toMatchObject({
      number: 1,
      status: 'triggered',
      severity: 'SEV1',
      firing: 2,
      alertsTotal: 2,
      incidentKey: 'group:main:hook:{}:{alertname="HighErrorRate", service="checkout"}',
      title: 'HighErrorRate: 5xx above 5% for 10m',
    });
    expect(await world.pages()).toEqual(['INC-1 1 1 1 pagerduty:web', 'INC-1 1 1 1 person:alice']);
    expect(world.metrics.counts).toMatchObject({
      AlertsChanged: 2,
      'IncidentsOpened{severity=SEV1}': 1,
      'PagesOwed{severity=SEV1}': 2,
    });
    await expectSound(world);

    await world.receive(recordedWebhook('alertmanager-0.25-resolved'));
    expect(world.incidents()[0]).toMatchObject({ status: 'resolved', firing: 0 });
    await expectSound(world);
  });

  it('write what became of each of them, and why', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([warning, web1, web2]));
    expect(await Promise.all([web1, web2, warning].map((alert) => world.outcomes(alert)))).toEqual([
      ['opened 1'],
      ['joined 1'],
      ['joined 1'],
    ]);
    const rows = world.memory.allItems().filter((item) => item.kind === 'intake');
    expect(rows.map((row) => row.why)).toContainEqual(
      expect.stringMatching(/^it began to fire; route root: .*SEV1 from label severity="critical"; opened INC-1$/),
    );
  });

  it('read at most the group and themselves and write nothing when they only repeat', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    Object.assign(world.traffic, { itemsRead: 0, transactions: 0 });
    world.clock.advance(60);
    await world.receive(aWebhook([web1]));
    expect(world.traffic).toMatchObject({ itemsRead: 2, transactions: 0 });
    expect(world.metrics.counts['AlertsUnchanged{source=main}']).toBe(1);
  });

  it('resolve an incident only when the last of them is resolved', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1, web2]));
    world.clock.advance(60);
    await world.receive(aWebhook([aResolved(web1, later(50)), web2]));
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1 }]);
    world.clock.advance(60);
    await world.receive(aWebhook([aResolved(web2, later(110))]));
    expect(world.incidents()).toMatchObject([{ status: 'resolved', resolveReason: 'alerts resolved', firing: 0 }]);
    expect(await world.outcomes(web2)).toEqual(['joined 1', 'resolved 1']);
    await expectSound(world);
  });

  it('re-open the same incident when they fire again soon, without a second page while it flaps', async () => {
    const world = new IngestWorld();
    for (let round = 0; round < 3; round += 1) {
      await world.receive(aWebhook([{ ...web1, startsAt: world.clock.now() }]));
      world.clock.advance(100);
      await world.receive(aWebhook([aResolved({ ...web1, startsAt: world.clock.now() }, world.clock.now())]));
      world.clock.advance(20);
    }
    expect(world.incidents()).toMatchObject([{ number: 1, status: 'resolved', reopenings: 2, alertsTotal: 1 }]);
    expect((await world.pages()).filter((page) => page.endsWith('1 1 person:alice'))).toHaveLength(1);
    await expectSound(world);
  });

  it('open another incident when they fire again after the time to re-open', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    world.clock.advance(60);
    await world.receive(aWebhook([aResolved(web1, later(60))]));
    world.clock.advance(3600);
    await world.receive(aWebhook([{ ...web1, startsAt: later(3650) }]));
    expect(world.incidents()).toMatchObject([
      { number: 1, status: 'resolved' },
      { number: 2, status: 'triggered' },
    ]);
    expect(await world.outcomes(web1)).toEqual(['opened 1', 'resolved 1', 'opened 2']);
  });

  it('make no incident when they are resolved before they were ever seen firing', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([aResolved(web1, later(10))]));
    expect(world.incidents()).toEqual([]);
    expect(await world.outcomes(web1)).toEqual(['resolved']);
  });

  it('are one incident and one page from two Alertmanagers of a pair, in any order of the copies', async () => {
    const world = new IngestWorld();
    const copy = { externalURL: 'http://alertmanager-2:9093' };
    await world.receive(aWebhook([web1]));
    await world.receive(aWebhook([web1], copy));
    world.clock.advance(35);
    await world.receive(aWebhook([aResolved(web1, later(30))]));
    world.clock.advance(10);
    await world.receive(aWebhook([web1], copy));
    await world.receive(aWebhook([aResolved(web1, later(30))], copy));
    expect(world.incidents()).toMatchObject([{ number: 1, status: 'resolved', reopenings: 0 }]);
    expect(await world.pages()).toEqual(['INC-1 1 1 1 pagerduty:web', 'INC-1 1 1 1 person:alice']);
    expect(await world.outcomes(web1)).toEqual(['opened 1', 'resolved 1', 'late copy']);
  });

  it('stay in their incident when a new group_by brings them in other groups, and end only when all groups let them go', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1, web2]));
    const regrouped = (alert: WireAlert) => aWebhook([alert], { groupKey: `{}:{instance="${alert.labels.instance}"}` });
    await world.receive(regrouped(web1));
    await world.receive(regrouped(web2));
    expect(world.incidents()).toMatchObject([{ number: 1, firing: 2 }]);
    expect((await world.alert(web1))?.groups).toHaveLength(2);

    world.clock.advance(8 * 3600 - 60);
    await world.receive(regrouped(web1));
    world.clock.advance(61);
    await world.sweep();
    await world.drain();
    expect(await world.alert(web1)).toMatchObject({ status: 'firing' });
    expect(await world.alert(web2)).toMatchObject({ status: 'resolved', endReason: 'source went quiet' });
    expect(world.incidents()).toMatchObject([{ number: 1, status: 'triggered', firing: 1 }]);
    await expectSound(world);
  });

  it('mean nothing by their absence while alerts are truncated', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1, web2]));
    for (let message = 0; message < 4; message += 1) {
      world.clock.advance(120);
      await world.receive(aWebhook([web1], { truncatedAlerts: 1 }));
    }
    expect(await world.alert(web2)).toMatchObject({ status: 'firing' });
  });

  it('end as "source went quiet" after two complete messages without them, told once', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1, web2]));
    world.clock.advance(120);
    await world.receive(aWebhook([web1]));
    expect(await world.alert(web2)).toMatchObject({ status: 'firing' });
    world.clock.advance(120);
    await world.receive(aWebhook([web1]));
    expect(await world.alert(web2)).toMatchObject({ status: 'resolved', endReason: 'source went quiet' });
    world.clock.advance(120);
    await world.receive(aWebhook([web1]));
    expect(await world.outcomes(web2)).toEqual(['joined 1', 'resolved 1']);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1 }]);
    await expectSound(world);
  });

  it('end when a group without send_resolved says nothing any more', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([web1]));
    world.clock.advance(8 * 3600 + 1);
    await world.sweep();
    await world.drain();
    expect(world.incidents()).toMatchObject([{ status: 'resolved', resolveReason: 'source went quiet' }]);
    await world.sweep();
    expect(world.take()).toBe(undefined);
  });

  it('go on beside a malformed neighbour, which is kept for operators', async () => {
    const world = new IngestWorld();
    const webhook = aWebhook([web1]);
    await world.receive({ ...webhook, alerts: [...webhook.alerts, { status: 'firing', labels: { n: 1 } }] });
    expect(world.incidents()).toMatchObject([{ number: 1, firing: 1 }]);
    expect(await loadQuarantined(world.memory, 'main', 10)).toMatchObject([
      { outcome: 'quarantined', source: 'main', reason: expect.stringContaining('alert 2 was set aside') },
    ]);
    expect(world.metrics.counts['AlertsQuarantined{source=main}']).toBe(1);
  });

  it('of another source never take the route of our own', async () => {
    const world = new IngestWorld();
    await world.receive(aWebhook([anAlert('web-1', { labels: { ...web1.labels, tocsin_internal: 'true' } })]));
    const [alert] = world.memory.allItems().filter((item) => item.kind === 'alert');
    expect(alert?.labels).toEqual(web1.labels);
  });

  it('come in thousands as a sequence of small transactions, the most severe first', async () => {
    const world = new IngestWorld();
    const many = Array.from({ length: 5000 }, (_, index) =>
      anAlert(`web-${index}`, {
        labels: { alertname: 'Down', severity: index === 4321 ? 'critical' : 'warning', instance: `web-${index}` },
      }),
    );
    await world.receive(aWebhook(many));
    expect(world.incidents()).toMatchObject([{ number: 1, severity: 'SEV1', firing: 5000, alertsTotal: 5000 }]);
    expect(world.traffic.longestTransaction).toBeLessThanOrEqual(100);
    const [incident] = world.incidents();
    const [first] = await loadTimeline(world.memory, incident?.id ?? '');
    expect(first?.events[0]).toMatchObject({
      type: 'IncidentTriggered',
      severity: 'SEV1',
      title: 'Down: web-4321 fails',
    });
    expect(await world.pages()).toEqual(['INC-1 1 1 1 pagerduty:web', 'INC-1 1 1 1 person:alice']);
    Object.assign(world.traffic, { transactions: 0 });
    await world.receive(aWebhook(many));
    expect(world.traffic.transactions).toBe(0);
    await expectSound(world);
  });
});
