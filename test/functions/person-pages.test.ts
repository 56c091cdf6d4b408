import { describe, expect, it } from 'vitest';
import { makeHandler as makeSlackLane } from '#functions/notify-slack.ts';
import { cancel, handOver, toFallback } from '#shared/notification/page-ledger.ts';
import { personPagesFrom, personPartition } from '#shared/store/keys.ts';
import { loadPersonPages, personPageWrites } from '#shared/store/person-page-store.ts';
import { at } from '../support/decision-builders.ts';
import { aPage } from '../support/incident-builders.ts';
import { acknowledge, makeKit, openIncident, pageMessage, pageRow, sqsEvent } from '../support/lane-kit.ts';

const working = ['conversations.open', 'chat.postMessage', 'conversations.history'] as const;

async function opened() {
  const kit = makeKit();
  await openIncident(kit);
  kit.slack.allow(...working);
  const lane = makeSlackLane(kit);
  const deliver = async () => lane(sqsEvent('slack-pages', [pageMessage(await pageRow(kit, 'person:alice'))]));
  return { kit, deliver };
}

describe('a page that was handed over to a person', () => {
  it('is remembered once, with the transaction that ends it, for 90 days', async () => {
    const { kit, deliver } = await opened();

    await deliver();
    await deliver();

    expect(await loadPersonPages(kit.table, 'alice', at(0))).toEqual([
      { schema: 1, person: 'alice', at: at(0), incidentNumber: 42, severity: 'SEV1', target: 'person:alice' },
    ]);
    const { items } = await kit.table.query({ pk: personPartition('alice'), skFrom: personPagesFrom(at(0)) });
    expect(items[0]?.expiresAtEpochSeconds).toBe(Date.parse(at(90 * 86_400)) / 1000);
  });

  it('is not remembered when an acknowledgement was first', async () => {
    const { kit, deliver } = await opened();
    await acknowledge(kit);

    await deliver();

    expect(await loadPersonPages(kit.table, 'alice', at(0))).toEqual([]);
  });

  it('is found from its own instant on', async () => {
    const { kit, deliver } = await opened();
    await deliver();
    expect(await loadPersonPages(kit.table, 'alice', at(0))).toHaveLength(1);
    expect(await loadPersonPages(kit.table, 'alice', at(0.001))).toEqual([]);
  });

  const claimed = aPage({ state: 'claimed', claimedAt: at(0), leaseUntil: at(30), attempts: 1 });
  const pagerDuty = { ...claimed, target: 'pagerduty:web', pageTarget: { kind: 'pagerduty', service: 'web' } } as const;

  it('counts for the person of a PagerDuty service that is a contact method, and for nobody otherwise', () => {
    const people = [{ ...pagerDuty, person: 'bob' }, pagerDuty].map((row) =>
      personPageWrites(handOver(row, 'key', at(1))).map((write) => write.kind === 'put' && write.item.pk),
    );
    expect(people).toEqual([['PERSON#bob'], []]);
  });

  it('is none when it was cancelled, or when the fallback was paged in its place', () => {
    expect(personPageWrites(cancel(claimed, 'acknowledged', at(1)))).toEqual([]);
    expect(personPageWrites(toFallback(claimed, 'deadline passed', at(1)))).toEqual([]);
  });
});
