import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSnsBody } from '#shared/alert/sources/sns-body.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import type { IngestMessage } from '#shared/runtime/messages.ts';
import { loadAlerts } from '#shared/store/alert-store.ts';
import { IngestWorld, ingestPolicy, startedAt } from '#test/support/ingest-world.ts';

/** CloudWatch says each change once, and SNS delivers in any order, again, and up to an hour late. */

const alarm = JSON.parse(readFileSync('test/fixtures/cloudwatch/metric-alarm.json', 'utf8'));
const topicArn = 'arn:aws:sns:eu-west-1:123456789012:alarms';

/** What the door puts into the queue for a change of the alarm at this second. */
function change(state: 'ALARM' | 'OK', second: number, override: Readonly<Record<string, unknown>> = {}) {
  const at = addSeconds(startedAt, second);
  const text = JSON.stringify({ ...alarm, NewStateValue: state, StateChangeTime: at, ...override });
  const id = `sns-${state}-${second}`;
  const reading = readSnsBody(text, { source: 'main', id, receivedAt: startedAt, sentAt: at, topicArn });
  if (reading.ok !== true) throw new Error('not read');
  return { kind: 'alerts', correlationId: id, message: reading.message } satisfies IngestMessage;
}
const fingerprint = change('ALARM', 0).message.alerts[0]?.fingerprint ?? '';

/** Delivers at this second of our clock, which the door's message bears. */
async function deliver(world: IngestWorld, message: IngestMessage, at: Instant = world.clock.now()) {
  const arrived = message.kind === 'alerts' ? { ...message, message: { ...message.message, receivedAt: at } } : message;
  const { batchItemFailures } = await world.deliver(JSON.stringify(arrived));
  expect(batchItemFailures).toEqual([]);
}
async function deliverAll(world: IngestWorld, messages: readonly IngestMessage[]) {
  for (const message of messages) {
    world.clock.advance(1);
    await deliver(world, message);
  }
}
async function stored(world: IngestWorld) {
  const [record = null] = await loadAlerts(world.memory, [{ source: 'main', fingerprint }]);
  return record;
}
const laterWorld = (seconds: number) => {
  const world = new IngestWorld();
  world.clock.advance(seconds);
  return world;
};

describe('an alert of a source that never repeats itself', () => {
  it('fires until it is resolved, however long its source says nothing', async () => {
    const world = laterWorld(10);
    await deliver(world, change('ALARM', 0));
    expect(world.incidents()).toMatchObject([{ status: 'triggered' }]);
    for (let day = 0; day < 3; day += 1) {
      world.clock.advance(86_400);
      await world.sweep();
      await world.drain();
    }
    expect(await stored(world)).toMatchObject({ status: 'firing', groups: [] });
    expect(world.incidents()).toMatchObject([{ status: 'triggered' }]);
    await deliver(world, change('OK', 3 * 86_400));
    expect(await stored(world)).toMatchObject({ status: 'resolved', endReason: 'resolved' });
    expect(world.incidents()).toMatchObject([{ status: 'resolved' }]);
  });

  it('costs no write when the same message comes again', async () => {
    const world = laterWorld(10);
    await deliver(world, change('ALARM', 0));
    const { transactions } = world.traffic;
    await deliver(world, change('ALARM', 0));
    expect(world.traffic.transactions).toBe(transactions);
  });

  it('is in no group, so that no sweep can end it', async () => {
    const world = laterWorld(10);
    await deliver(world, change('ALARM', 0));
    expect(world.memory.allItems().filter(({ kind }) => kind === 'group')).toEqual([]);
  });
});

describe('what SNS delivers out of order', () => {
  const [first, second, third, fourth] = [change('ALARM', 0), change('OK', 5), change('ALARM', 9), change('OK', 12)];

  it.each([
    ['an alarm after its own end', [second, first], 'resolved'],
    ['an alarm again after its end', [first, second, first], 'resolved'],
    ['an end after the next alarm', [first, third, second], 'firing'],
    ['an end and the next alarm before the first', [third, second, first], 'firing'],
    ['an alarm after two ends', [first, second, fourth, third], 'resolved'],
    ['everything backwards', [fourth, third, second, first], 'resolved'],
    ['everything in order', [first, second, third], 'firing'],
  ])('%s is known as what it is', async (_name, messages, status) => {
    const world = laterWorld(30);
    await deliverAll(world, messages);
    expect(await stored(world)).toMatchObject({ status });
    const open = world.incidents().filter((incident) => incident.status !== 'resolved');
    expect(open).toHaveLength(status === 'firing' ? 1 : 0);
  });

  it('ends in the same state whatever the order, from every permutation of four changes', async () => {
    const messages = [first, second, third, fourth];
    for (const order of permutations(messages)) {
      const world = laterWorld(30);
      await deliverAll(world, order);
      expect([order.map(({ correlationId }) => correlationId), (await stored(world))?.status]).toEqual([
        expect.anything(),
        'resolved',
      ]);
      const open = laterWorld(30);
      await deliverAll(
        open,
        order.filter((message) => message !== fourth),
      );
      expect((await stored(open))?.status).toBe('firing');
    }
  });
});

describe('an alert of SNS that flaps', () => {
  it('is held through ends that come out of order, and ends as its last word says', async () => {
    const world = laterWorld(30);
    Object.assign(world.deps, {
      policy: { ...ingestPolicy, flapping: { transitions: 2, windowSeconds: 3600, calmAfterSeconds: 900 } },
    });
    const [alarms, oks] = [
      [0, 60, 180],
      [30, 90, 210],
    ].map((seconds, index) => seconds.map((second) => change(index === 0 ? 'ALARM' : 'OK', second))) as [
      IngestMessage[],
      IngestMessage[],
    ];
    const inOrder = [alarms[0], oks[0], alarms[1], oks[1]].filter((message) => message !== undefined);
    await deliverAll(world, inOrder);
    expect(await stored(world)).toMatchObject({ status: 'firing', flap: { flaps: { heldEnd: {} } } });
    // The last end overtakes the alarm before it.
    await deliverAll(
      world,
      [oks[2], alarms[2]].filter((message) => message !== undefined),
    );
    expect(await stored(world)).toMatchObject({
      status: 'firing',
      incidentIds: [expect.any(String)],
      flap: { flaps: { heldEnd: {} } },
    });
    world.clock.advance(1000);
    await world.sweep();
    await world.drain();
    expect(await stored(world)).toMatchObject({ status: 'resolved', incidentIds: [] });
    expect(world.incidents()).toMatchObject([{ status: 'resolved' }]);
  });
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
