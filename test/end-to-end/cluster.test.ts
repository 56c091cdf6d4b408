import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Alertmanager,
  type AlertmanagerPlace,
  choosePlace,
  deliveriesOf,
  peersOf,
  startAlertmanager,
} from './support/alertmanager.ts';
import { type ConfigOptions, makeAlertmanagerConfig } from './support/alertmanager-config.ts';
import { everyStepOnce, incidentsOf, openedBy, tracesOf } from './support/incidents.ts';
import { ledgerOf, readIncident, readPages, readTimeline } from './support/operator.ts';
import { channels, writeQuickPolicy } from './support/policy.ts';
import { makeScope } from './support/scope.ts';
import { startTocsin, type Tocsin } from './support/tocsin.ts';
import { throughout, until } from './support/until.ts';
import { type OutsideVendors, startOutsideVendors } from './support/vendors.ts';

/** Two real Alertmanagers at one door: whatever happens to them in mid-incident, it is one incident and one page per step. */
const scope = makeScope();
let vendors: OutsideVendors;
let tocsin: Tocsin;
let configOf: (options?: ConfigOptions) => string;

beforeAll(async () => {
  vendors = await startOutsideVendors(scope);
  tocsin = await startTocsin(scope, { vendors, env: { CONFIG: writeQuickPolicy(scope) } });
  configOf = makeAlertmanagerConfig(scope, tocsin.url);
});
afterAll(scope.end);

const labelsOf = (alertname: string) => [
  `alertname=${alertname}`,
  'severity=critical',
  'service=checkout',
  'instance=web-1',
];

/** Prometheus posts each alert to every Alertmanager that it knows, with the same start. */
const addToAll = (alertmanagers: readonly Alertmanager[], alertname: string, start: Date, end?: Date) =>
  Promise.all(alertmanagers.map((each) => each.add(labelsOf(alertname), { start, ...(end && { end }) })));

async function startPair(
  clustered: boolean,
): Promise<{ pair: [Alertmanager, Alertmanager]; places: AlertmanagerPlace[] }> {
  const places = [await choosePlace(scope, 'left'), await choosePlace(scope, 'right')];
  const config = configOf();
  const start = (index: number) => startAlertmanager(scope, optionsOf(places, index, config, clustered));
  const pair: [Alertmanager, Alertmanager] = [await start(0), await start(1)];
  if (clustered)
    await until('both see each other', async () => (await peersOf(pair[0])) + (await peersOf(pair[1])) === 4);
  return { pair, places };
}

function optionsOf(places: readonly AlertmanagerPlace[], index: number, config: string, clustered: boolean) {
  const place = places[index];
  if (place === undefined) throw new Error(`there is no Alertmanager ${index}`);
  const peers = places.filter((each) => each !== place).flatMap(({ clusterPort }) => clusterPort ?? []);
  return { name: `peer ${index}`, config, place, ...(clustered && { peers }) };
}

/** One incident in all, each page once at its vendor, and nothing of it again for some seconds. */
async function expectOneOfEach(alertname: string, seconds: number): Promise<number> {
  const incident = await openedBy(tocsin, alertname);
  const traces = tracesOf(vendors, incident);
  await until('carol is paged, the last step', () => traces.messages(channels.carol).length > 0);
  const perChannel = () => [channels.alice, channels.bob, channels.carol].map((each) => traces.messages(each).length);
  await throughout(
    'one page per step',
    seconds,
    () => perChannel().every((count) => count === 1) && traces.rings() === 1,
  );
  expect(ledgerOf(await readPages(tocsin, incident.number))).toEqual(everyStepOnce);
  expect(traces.messages(channels.incidents).filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
  expect(await incidentsOf(tocsin, alertname)).toHaveLength(1);
  return incident.number;
}

describe('two Alertmanagers at one door', () => {
  it('are one source: a restarted peer and an edited group_by in mid-incident page nobody again', async () => {
    const { pair, places } = await startPair(true);
    const startedAt = new Date();
    await addToAll(pair, 'ClusterDown', startedAt);
    const { number } = await openedBy(tocsin, 'ClusterDown');

    // One peer goes and comes back in mid-incident: it remembers no alerts, and Prometheus posts them again.
    const [left, right] = pair;
    right.program.kill('SIGTERM');
    await right.program.exit;
    const returned = await startAlertmanager(scope, optionsOf(places, 1, configOf(), true));
    const now = [left, returned];
    await addToAll(now, 'ClusterDown', startedAt);

    // A routine edit: every group key changes, so both peers tell everything anew.
    const before = (await readTimeline(tocsin, number)).length;
    const deliveries = async () => (await deliveriesOf(left)) + (await deliveriesOf(returned));
    const deliveredBefore = await deliveries();
    for (const each of now) await each.reload(configOf({ groupBy: ['alertname'] }));
    await addToAll(now, 'ClusterDown', startedAt);
    await until('the new group is told to Tocsin', async () => (await deliveries()) > deliveredBefore);
    await expectOneOfEach('ClusterDown', 4);
    const events = (await readTimeline(tocsin, number)).slice(before).map(({ type }) => type);
    expect(events.filter((type) => type === 'AlertsJoined' || type === 'AlertsResolved')).toEqual([]);

    // Both say that it is over; it is told once.
    await addToAll(now, 'ClusterDown', startedAt, new Date());
    await until('it resolves', async () => (await readIncident(tocsin, number)).status === 'resolved');
    await throughout('it stays resolved', 4, async () => (await readIncident(tocsin, number)).status === 'resolved');
    const resolves = (await readTimeline(tocsin, number)).filter(({ type }) => type === 'IncidentResolved');
    expect(resolves).toHaveLength(1);
    expect(tocsin.program.errors()).toBe('');
  });

  it('that do not know of each other both send everything, and it is still one incident and one page per step', async () => {
    const { pair } = await startPair(false);
    const startedAt = new Date();
    await addToAll(pair, 'BothTell', startedAt);
    for (const each of pair) await until('each of them tells Tocsin', async () => (await deliveriesOf(each)) > 0);
    const number = await expectOneOfEach('BothTell', 3);
    expect(await readIncident(tocsin, number)).toMatchObject({ firing: 1, alertsTotal: 1, generation: 1 });
    await addToAll(pair, 'BothTell', startedAt, new Date());
    await until('it resolves', async () => (await readIncident(tocsin, number)).status === 'resolved');
    await throughout('the second resolve changes nothing', 4, async () => {
      const incident = await readIncident(tocsin, number);
      return incident.status === 'resolved' && incident.generation === 1;
    });
    expect(await incidentsOf(tocsin, 'BothTell')).toHaveLength(1);
    expect(tocsin.program.errors()).toBe('');
  });
});
