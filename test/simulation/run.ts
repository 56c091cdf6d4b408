import type { QueueName } from '#shared/runtime/messages.ts';
import { AlertmanagerModel } from './alertmanager-model.ts';
import { personsDoors, postWebhook, silenceDoors, simulationSecrets } from './doors.ts';
import { noFaults } from './faults.ts';
import { realFunctions } from './functions.ts';
import { overridesOf } from './ledger.ts';
import { OverridesModel } from './overrides-model.ts';
import { PeopleModel } from './people-model.ts';
import { SilencesModel } from './silences-model.ts';
import { simulationPolicy } from './simulation-policy.ts';
import { type Functions, World, type WorldOptions } from './world.ts';

const minute = 60_000;
export const startMillis = Date.parse('2026-03-02T09:00:00.000Z');
/** Each run has so many changes of alerts at least; then its input ends. */
export const leastChanges = 200;
/** Long enough for holds to end and for repeats of the last step. */
const shortestInput = 60 * minute;
const longestInput = 180 * minute;
/** Until then what was delayed or lost is made good; then somebody acknowledges all that is still triggered. */
const mends = 42 * minute;
const settles = 12 * minute;
const vendorCalls = ['slack.call', 'pagerduty.send'];
const pageQueues: readonly QueueName[] = ['slack-pages', 'pagerduty-pages'];

export interface SimulationOptions extends Partial<Pick<WorldOptions, 'counts' | 'wrapTable'>> {
  readonly functions?: Partial<Functions>;
}

/** Everything that took part in one run, as it stands at its end. */
export interface Run {
  readonly seed: number;
  readonly world: World;
  readonly alertmanager: AlertmanagerModel;
  readonly people: PeopleModel;
  readonly silences: SilencesModel;
  readonly overrides: OverridesModel;
}

/** One run of one seed: alerts, people and faults for about an hour, then calm until nothing is left to do. */
export async function run(seed: number, options: SimulationOptions = {}): Promise<Run> {
  const world = new World(seed, startMillis, {
    functions: { ...realFunctions, ...options.functions },
    policy: simulationPolicy(),
    counts: options.counts ?? new Map(),
    wrapTable: options.wrapTable ?? ((table) => table),
  });
  Object.assign(world.secrets, simulationSecrets);
  const alertmanager = startAlertmanager(world);
  const people = new PeopleModel(world, world.random.fork(), personsDoors(world));
  const silences = new SilencesModel(world.time, world.random.fork(), silenceDoors(world));
  const overrides = startOverrides(world);
  trouble(world);

  while (!hasEnough(world, alertmanager)) await world.time.run(world.time.millis + minute);
  for (const model of [alertmanager, people, silences, overrides]) model.stop();
  calm(world);
  await world.time.run(world.time.millis + mends);
  people.acknowledgeAll();
  await world.time.run(world.time.millis + settles);
  return { seed, world, alertmanager, people, silences, overrides };
}

function hasEnough(world: World, { changes }: AlertmanagerModel): boolean {
  const lasted = world.time.millis - startMillis;
  return lasted >= longestInput || (lasted >= shortestInput && changes >= leastChanges);
}

function trouble(world: World): void {
  world.faults.rates = { error: 0.02, crash: 0.004, conflict: 0.1, stall: 0.003 };
  world.stream.lostShare = 0.02;
  world.stream.replayShare = 0.05;
  world.timers.diesShare = 0.03;
  for (const queue of world.queues.values()) queue.duplicateShare = 0.05;
  // A page that no lane ever hears of: its row is pending, and only the sweep looks.
  for (const [name, queue] of world.queues) if (pageQueues.includes(name)) queue.lostShare = 0.01;
  for (const call of vendorCalls) if (world.random.chance(0.35)) planOutage(world, call);
}

/** Longer than any page may wait: the fallback has to be told in time. */
function planOutage(world: World, call: string): void {
  const begins = world.random.between(10 * minute, 45 * minute);
  world.time.after(begins, () => world.faults.outages.add(call));
  world.time.after(begins + world.random.between(6 * minute, 10 * minute), () => world.faults.outages.delete(call));
}

function calm(world: World): void {
  world.faults.rates = noFaults;
  world.stream.lostShare = 0;
  world.stream.replayShare = 0;
  world.timers.diesShare = 0;
  for (const queue of world.queues.values()) Object.assign(queue, { duplicateShare: 0, lostShare: 0 });
}

function startOverrides(world: World): OverridesModel {
  const idOf = (reason: string) => overridesOf(world).find((each) => each.reason === reason)?.id ?? null;
  return new OverridesModel(world.time, world.random.fork(), personsDoors(world).type, idOf);
}

/** Six groups with two severities, so that an incident can become worse. */
function startAlertmanager(world: World): AlertmanagerModel {
  const model = new AlertmanagerModel(world.time, world.random.fork(), (body) => postWebhook(world, body));
  for (let group = 0; group < 6; group++) {
    const members = world.random.between(3, 7);
    model.addGroup(
      group,
      Array.from({ length: members }, (_, member) => ({
        alertname: `Alert${member}`,
        group: String(group),
        service: group % 2 === 0 ? 'checkout' : 'search',
        instance: `host-${member}`,
        severity: member % 2 === 0 ? 'error' : 'critical',
      })),
    );
  }
  return model;
}
