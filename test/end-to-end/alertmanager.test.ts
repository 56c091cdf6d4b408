import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alertmanager, startAlertmanager } from './support/alertmanager.ts';
import { makeAlertmanagerConfig } from './support/alertmanager-config.ts';
import { everyStepOnce, openedBy, tracesOf } from './support/incidents.ts';
import { ledgerOf, readIncident, readPages, readSandbox, readTimeline } from './support/operator.ts';
import { channels, writeQuickPolicy } from './support/policy.ts';
import { makeScope } from './support/scope.ts';
import { personIn, startTocsin, type Tocsin } from './support/tocsin.ts';
import { throughout, until } from './support/until.ts';
import { type OutsideVendors, startOutsideVendors, wordsOf } from './support/vendors.ts';

/**
 * One alert's life with everything real but the vendors: amtool tells Alertmanager, Alertmanager tells Tocsin, and what
 * Slack and PagerDuty got is read from outside the product.
 */
const scope = makeScope();
let vendors: OutsideVendors;
let tocsin: Tocsin;
let alertmanager: Alertmanager;

beforeAll(async () => {
  vendors = await startOutsideVendors(scope);
  tocsin = await startTocsin(scope, { vendors, env: { CONFIG: writeQuickPolicy(scope) } });
  alertmanager = await startAlertmanager(scope, { name: 'alone', config: makeAlertmanagerConfig(scope, tocsin.url)() });
});
afterAll(scope.end);

const labelsOf = (alertname: string) => [
  `alertname=${alertname}`,
  'severity=critical',
  'service=checkout',
  'instance=web-1',
];

describe('an alert from Alertmanager', () => {
  it('opens an incident, pages and escalates until somebody acknowledges, and its end is told to everybody', async () => {
    await alertmanager.add(labelsOf('CheckoutDown'), { summary: 'Checkout answers 5xx' });
    const incident = await openedBy(tocsin, 'CheckoutDown');
    const traces = tracesOf(vendors, incident);
    expect(incident).toMatchObject({ status: 'triggered', severity: 'SEV1', firing: 1, generation: 1 });

    // Step 1 at once: the person on call and PagerDuty.
    await until('Slack and PagerDuty are told', () => traces.root() && traces.rings() > 0);
    await until('alice is paged', () => traces.messages(channels.alice).length > 0);
    const [call] = vendors.pagerduty.model.notifications;
    expect(call).toMatchObject({ severity: 'critical', dedupKey: `${incident.id}:1` });
    expect(call?.summary).toContain('CheckoutDown');
    expect(traces.messages(channels.bob)).toEqual([]);

    // Nobody answers: step 2 after 3 s, not earlier.
    await until('it escalates to bob', () => traces.messages(channels.bob).length > 0);
    const [page] = traces.messages(channels.bob);
    const waitedMillis = Number(page?.ts) * 1000 - Date.parse(incident.openedAt);
    expect(waitedMillis).toBeGreaterThanOrEqual(3_000);
    expect(waitedMillis).toBeLessThan(10_000);

    // Somebody answers: step 3, due at 10 s, never comes.
    const answer = await personIn(vendors, tocsin).command(`ack ${incident.number}`, channels.incidents);
    expect(answer.status).toBe(200);
    await until('PagerDuty knows', () => traces.pagerdutyStatus(1) === 'acknowledged');
    const secondsOpen = (Date.now() - Date.parse(incident.openedAt)) / 1000;
    await throughout('nobody is paged after the acknowledgement', 12 - secondsOpen, () => {
      return traces.messages(channels.carol).length === 0;
    });
    expect(await readIncident(tocsin, incident.number)).toMatchObject({ status: 'acknowledged', generation: 1 });

    // The alert ends.
    await alertmanager.add(labelsOf('CheckoutDown'), { end: new Date() });
    await until('it resolves', async () => (await readIncident(tocsin, incident.number)).status === 'resolved');
    await until('PagerDuty resolves', () => traces.pagerdutyStatus(1) === 'resolved');
    await until(
      'the message in Slack is edited, and its thread told',
      () => {
        const root = traces.root();
        const edited = root !== undefined && root.editedTs !== null && /resolved/i.test(wordsOf(root));
        return edited && traces.thread().some((reply) => /resolved/i.test(wordsOf(reply)));
      },
      { seen: () => traces.messages(channels.incidents) },
    );

    // What everybody got, in all: one page per step, one message that was edited, one call.
    expect(ledgerOf(await readPages(tocsin, incident.number))).toEqual(everyStepOnce.slice(0, 3));
    expect(traces.messages(channels.alice)).toHaveLength(1);
    expect(traces.messages(channels.bob)).toHaveLength(1);
    expect(traces.messages(channels.incidents).filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    expect(traces.rings()).toBe(1);
    const states = new Set(['IncidentTriggered', 'IncidentEscalated', 'IncidentAcknowledged', 'IncidentResolved']);
    const told = (await readTimeline(tocsin, incident.number)).map(({ type }) => type);
    expect(told.filter((type) => states.has(type))).toEqual([
      'IncidentTriggered',
      'IncidentEscalated',
      'IncidentEscalated',
      'IncidentAcknowledged',
      'IncidentResolved',
    ]);
    expect((await readSandbox(tocsin)).fallback).toEqual([]);
    expect(tocsin.program.errors()).toBe('');
  });

  it('pages each step once when nobody ever answers', async () => {
    await alertmanager.add(labelsOf('NobodyCares'), { summary: 'Nobody looks' });
    const incident = await openedBy(tocsin, 'NobodyCares');
    const traces = tracesOf(vendors, incident);
    await until('carol is paged', () => traces.messages(channels.carol).length > 0);
    await throughout('nobody is paged twice', 3, () => traces.messages(channels.carol).length === 1);
    await until('the ledger balances', async () =>
      ledgerOf(await readPages(tocsin, incident.number)).every((line) => line.endsWith('handed over')),
    );
    expect(ledgerOf(await readPages(tocsin, incident.number))).toEqual(everyStepOnce);
    expect(traces.messages(channels.alice)).toHaveLength(1);
    expect(traces.messages(channels.bob)).toHaveLength(1);
    expect(traces.rings()).toBe(1);
  });
});
