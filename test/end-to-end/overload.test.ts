import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alertmanager, startAlertmanager } from './support/alertmanager.ts';
import { makeAlertmanagerConfig } from './support/alertmanager-config.ts';
import { incidentsOf, openedBy, tracesOf } from './support/incidents.ts';
import { ledgerOf, readPages, readSandbox } from './support/operator.ts';
import { channels } from './support/policy.ts';
import { makeScope } from './support/scope.ts';
import { engineOf, startTocsin, type Tocsin } from './support/tocsin.ts';
import { until } from './support/until.ts';
import { keyedPosts, type OutsideVendors, startOutsideVendors } from './support/vendors.ts';

/** What is down delays only what needs it, and nothing is lost or told twice when it is back. */
const scope = makeScope();
let vendors: OutsideVendors;
let tocsin: Tocsin;
let alertmanager: Alertmanager;

beforeAll(async () => {
  vendors = await startOutsideVendors(scope);
  tocsin = await startTocsin(scope, { vendors, notCompared: 'the database is away for seconds, and steps with it' });
  alertmanager = await startAlertmanager(scope, { name: 'alone', config: makeAlertmanagerConfig(scope, tocsin.url)() });
});
afterAll(scope.end);

const fire = (alertname: string) =>
  alertmanager.add([`alertname=${alertname}`, 'severity=critical', 'service=checkout', 'instance=web-1']);

const firstStepOnce = ['1.1.1 pagerduty:platform: handed over', '1.1.1 person:alice: handed over'];

/** The incident message, alice's page and PagerDuty's call: there, once each. */
async function expectEverybodyToldOnce(alertname: string, seconds: number): Promise<void> {
  const incident = await openedBy(tocsin, alertname, seconds);
  const traces = tracesOf(vendors, incident);
  await until(
    `${alertname} is told everywhere`,
    () => traces.root() && traces.messages(channels.alice).length > 0 && traces.rings() > 0,
    { seconds, seen: () => ({ calls: vendors.slack.calls.slice(-8), said: tocsin.program.output() }) },
  );
  await until('the ledger says so', async () => {
    const ledger = ledgerOf(await readPages(tocsin, incident.number));
    return ledger.every((line) => line.endsWith('handed over'));
  });
  expect(ledgerOf(await readPages(tocsin, incident.number))).toEqual(firstStepOnce);
  expect(traces.messages(channels.alice)).toHaveLength(1);
  expect(traces.rings()).toBe(1);
  expect(await incidentsOf(tocsin, alertname)).toHaveLength(1);
}

/** Whatever was tried, Slack shows each message once. */
function expectNoMessageTwice(): void {
  const shown = keyedPosts(vendors.slack.calls)
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ name }) => name);
  expect(shown.filter((name, index) => shown.indexOf(name) !== index)).toEqual([]);
}

/** Five alerts come in while something is down. */
async function fireThroughOutage(prefix: string): Promise<readonly string[]> {
  const names = [1, 2, 3, 4, 5].map((index) => `${prefix}${index}`);
  for (const name of names) {
    await fire(name);
    await sleep(1_000);
  }
  return names;
}

describe('while something is down', () => {
  it('the database: what Alertmanager sends is kept, and everybody is told once when it is back', async () => {
    process.kill(engineOf(tocsin), 'SIGSTOP');
    const names = await fireThroughOutage('DatabaseHangs');
    process.kill(engineOf(tocsin), 'SIGCONT');
    for (const name of names) await expectEverybodyToldOnce(name, 60);
    expectNoMessageTwice();
  });

  it('the database is killed: it comes back on its data, and nothing is lost', async () => {
    const before = engineOf(tocsin);
    await fire('BeforeTheKill');
    await expectEverybodyToldOnce('BeforeTheKill', 30);
    process.kill(before, 'SIGKILL');
    const names = await fireThroughOutage('DatabaseDies');
    for (const name of names) await expectEverybodyToldOnce(name, 60);
    expect(engineOf(tocsin)).not.toBe(before);
    expect(await incidentsOf(tocsin, 'BeforeTheKill')).toHaveLength(1);
    expectNoMessageTwice();
  });

  it('PagerDuty answers 429: Slack is not delayed, and each phone rings once afterwards', async () => {
    vendors.pagerduty.faults.always({ kind: 'status', status: 429 });
    await fire('PagerDutyBusy');
    const incident = await openedBy(tocsin, 'PagerDutyBusy');
    const traces = tracesOf(vendors, incident);
    await until('Slack is told meanwhile', () => traces.root() && traces.messages(channels.alice).length === 1);
    await until(
      'PagerDuty was asked more than once',
      () => {
        return vendors.pagerduty.calls.filter(({ outcome }) => outcome === '429').length > 1;
      },
      { seconds: 40 },
    );
    expect(traces.rings()).toBe(0);
    vendors.pagerduty.faults.always(null);
    await expectEverybodyToldOnce('PagerDutyBusy', 60);
  });

  it('Slack answers 500: PagerDuty is not delayed, and Slack catches up without telling anything twice', async () => {
    vendors.slack.faults.always({ kind: 'status', status: 500 });
    await fire('SlackDown');
    const incident = await openedBy(tocsin, 'SlackDown');
    const traces = tracesOf(vendors, incident);
    await until('PagerDuty rings meanwhile', () => traces.rings() === 1);
    await until('Slack was tried', () => vendors.slack.calls.filter(({ outcome }) => outcome === '500').length >= 2);
    await sleep(2_000);
    vendors.slack.faults.always(null);
    await expectEverybodyToldOnce('SlackDown', 60);
    expectNoMessageTwice();
    expect((await readSandbox(tocsin)).fallback).toEqual([]);
  });
});
