import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/notify-pagerduty.ts';
import { loadLane } from '#shared/store/lane-store.ts';
import { at } from '../support/decision-builders.ts';
import {
  acknowledge,
  command,
  eventTypes,
  incidentId,
  type Kit,
  makeKit,
  nothingFailed,
  openIncident,
  pageMessage,
  pageRow,
  resolve,
  sqsEvent,
  updateMessage,
} from '../support/lane-kit.ts';
import { unknownOutcome } from '../support/scripted-vendors.ts';

const web = 'pagerduty:web';
const first = `${incidentId}:1`;
const second = `${incidentId}:2`;

async function opened(kit = makeKit()) {
  await openIncident(kit, 'SEV2', { escalationPolicy: 'sev1' });
  const handle = makeHandler(kit);
  const page = async (generation = 1) =>
    handle(sqsEvent('pagerduty-pages', [pageMessage(await pageRow(kit, web, generation))]));
  const update = () => handle(sqsEvent('pagerduty-updates', [updateMessage]));
  return { kit, page, update };
}

/** A rise of the severity: a new generation, which pages again. */
const raise = (kit: Kit) => command(kit, { type: 'ChangeSeverity', severity: 'SEV1' });

describe('a page by PagerDuty', () => {
  it('is a trigger under the key of its generation, sent once', async () => {
    const { kit, page } = await opened();

    expect([await page(), await page()]).toEqual([nothingFailed, nothingFailed]);

    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`]);
    expect(await pageRow(kit, web)).toMatchObject({ state: 'handed over', vendorRef: first, attempts: 1 });
  });

  it.each([
    ['nobody knows', unknownOutcome],
    ['it failed', { outcome: 'failed', reason: '503' } as const],
    ['PagerDuty is busy', { outcome: 'rate limited', retryAfterSeconds: 1 } as const],
  ])('is not tried on and on past its deadline, which would keep it from the fallback: %s', async (_case, outcome) => {
    const { kit, page } = await opened();
    kit.clock.advance(121);
    kit.pagerduty.script(outcome);
    await page();
    kit.clock.advance(5);

    await page();

    expect(await pageRow(kit, web)).toMatchObject({ state: 'fallback', endReason: 'deadline passed', attempts: 1 });
    expect(await eventTypes(kit)).toContain('FallbackPaged');
  });

  it('is tried once when it comes to its lane after its deadline', async () => {
    const { kit, page } = await opened();
    kit.clock.advance(121);

    await page();

    expect(await pageRow(kit, web)).toMatchObject({ state: 'handed over', attempts: 1 });
  });

  it('is sent again under the same key after an unknown outcome, and notifies once', async () => {
    const { kit, page } = await opened();
    kit.pagerduty.script('done, answer lost');
    await page();
    expect(await pageRow(kit, web)).toMatchObject({ state: 'unknown', leaseUntil: at(5) });
    expect(kit.queues.sent).toMatchObject([{ queue: 'pagerduty-pages', delaySeconds: 5 }]);
    kit.clock.advance(5);

    await page();

    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`, `trigger ${first}`]);
    expect(kit.pagerduty.notified).toEqual([first]);
    expect(await pageRow(kit, web)).toMatchObject({ state: 'handed over', attempts: 2 });
  });

  it('stays unknown when the second try is limited: the first may have arrived', async () => {
    const { kit, page } = await opened();
    kit.pagerduty.script(unknownOutcome, { outcome: 'rate limited', retryAfterSeconds: 15 });
    await page();
    kit.clock.advance(5);

    await page();

    expect(await pageRow(kit, web)).toMatchObject({ state: 'unknown', attempts: 2 });
  });

  it('is not sent again once somebody acknowledged, and what may have arrived is acknowledged', async () => {
    const { kit, page, update } = await opened();
    kit.pagerduty.script('done, answer lost');
    await page();
    await acknowledge(kit);
    kit.clock.advance(5);

    await page();
    await update();

    expect(await pageRow(kit, web)).toMatchObject({ state: 'cancelled', endReason: 'acknowledged' });
    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`, `acknowledge ${first}`]);
  });

  it('goes to the fallback at once when the secret holds no routing key for its service', async () => {
    const { kit, page } = await opened();
    kit.secrets.current = {};
    kit.secrets.cached = {};

    await page();

    expect(kit.pagerduty.sent).toEqual([]);
    expect(kit.secrets.freshLooks).toBe(1);
    expect(await pageRow(kit, web)).toMatchObject({ state: 'fallback', endReason: 'target is gone' });
    expect(await eventTypes(kit)).toContain('FallbackPaged');
  });

  it('finds a routing key that was put into the secret a moment ago', async () => {
    const { kit, page } = await opened();
    kit.secrets.cached = {};

    await page();

    expect(await pageRow(kit, web)).toMatchObject({ state: 'handed over' });
  });
});

describe('an incident in PagerDuty', () => {
  it('is acknowledged once, however often it is looked at', async () => {
    const { kit, page, update } = await opened();
    await page();
    await acknowledge(kit);

    await update();
    await update();

    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`, `acknowledge ${first}`]);
    expect(kit.pagerduty.alerts).toEqual({ [first]: 'acknowledged' });
  });

  it('is told nothing while it is triggered', async () => {
    const { kit, page, update } = await opened();
    await page();

    await update();

    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`]);
    expect(kit.queues.sent).toEqual([]);
  });

  it('is acknowledged only after a trigger that was claimed before the acknowledgement', async () => {
    const { kit, page, update } = await opened();
    kit.pagerduty.script(async () => {
      await acknowledge(kit);
      await update();
    });

    await page();
    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`]);
    expect(kit.queues.sent).toMatchObject([{ queue: 'pagerduty-updates' }]);
    await update();

    expect(kit.pagerduty.alerts).toEqual({ [first]: 'acknowledged' });
  });

  it('gets a key of its own for each generation, and loses the earlier one after the new trigger is accepted', async () => {
    const { kit, page, update } = await opened();
    await page();
    await raise(kit);
    await update();
    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`]);

    await page(2);
    await update();

    expect(kit.pagerduty.sent).toEqual([`trigger ${first}`, `trigger ${second}`, `resolve ${first}`]);
    expect(kit.pagerduty.notified).toEqual([first, second]);
    expect(kit.pagerduty.alerts).toEqual({ [first]: 'resolved', [second]: 'triggered' });
    // Resolved for good: the next look sends nothing more, though the lane has forgotten the key.
    await update();
    expect(kit.pagerduty.sent).toHaveLength(3);
    expect((await loadLane(kit.table, incidentId, 'pagerduty')).state).toEqual({ told: [], settledThrough: 1 });
  });

  it('is resolved under every key that may be open', async () => {
    const { kit, page, update } = await opened();
    await page();
    await raise(kit);
    kit.pagerduty.script('done, answer lost');
    await page(2);
    await resolve(kit);
    kit.clock.advance(5);
    await page(2);

    await update();

    expect(kit.pagerduty.alerts).toEqual({ [first]: 'resolved', [second]: 'resolved' });
  });

  it('is told later what PagerDuty did not take, and only that', async () => {
    const { kit, page, update } = await opened();
    await page();
    await acknowledge(kit);
    kit.pagerduty.script({ outcome: 'rate limited', retryAfterSeconds: 15 });

    expect(await update()).toEqual(nothingFailed);
    expect(kit.queues.sent).toMatchObject([{ queue: 'pagerduty-updates', delaySeconds: 15 }]);
    kit.clock.advance(15);
    await update();

    expect(kit.pagerduty.alerts).toEqual({ [first]: 'acknowledged' });
  });
});
