import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/dispatch-timeline.ts';
import { makeHandler as makeSlackHandler } from '#functions/notify-slack.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { toFallback } from '#shared/notification/page-ledger.ts';
import { outcomeCommit } from '#shared/notification/page-outcome.ts';
import { commitItem } from '#shared/store/incident-items.ts';
import { commitKey, metricCountersKey } from '#shared/store/keys.ts';
import { endPageWrites } from '#shared/store/page-store.ts';
import type { Commit } from '#shared/timeline/events.ts';
import { aCommit } from '../support/incident-builders.ts';
import {
  acknowledge,
  incidentId,
  type Kit,
  makeKit,
  openIncident,
  pageMessage,
  pageRow,
  sqsEvent,
  storedIncident,
  updateMessage,
} from '../support/lane-kit.ts';

const record = (commit: Pick<Commit, 'incidentId' | 'version' | 'part'>, sequenceNumber: string): DynamoDBRecord => {
  const { pk, sk } = commitKey(commit.incidentId, commit.version, commit.part);
  return { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: sequenceNumber } };
};
const event = (...records: readonly DynamoDBRecord[]): DynamoDBStreamEvent => ({ Records: [...records] });
const succeeded = { batchItemFailures: [] };
const failedFrom = (sequenceNumber: string) => ({ batchItemFailures: [{ itemIdentifier: sequenceNumber }] });

async function opened() {
  const kit = makeKit();
  const { commit, pages } = await openIncident(kit);
  return { kit, commit, pages, handle: makeHandler(kit) };
}

const isMarked = async (kit: Kit, commit: Commit): Promise<boolean> => {
  const [item] = await kit.table.get([commitKey(commit.incidentId, commit.version, commit.part)]);
  return item?.undispatched === true;
};

/** Commits of other incidents that are looked at only by Slack. */
async function storeNotes(kit: Kit, ...commits: readonly { readonly id: string; readonly version: number }[]) {
  const notes = commits.map(({ id, version }) =>
    aCommit({
      incidentId: id,
      version,
      events: [{ type: 'NoteAdded', by: { kind: 'person', id: 'U1', name: 'Dora' }, text: 'x' }],
    }),
  );
  await kit.table.write(notes.map((commit) => ({ kind: 'put', item: commitItem(commit) })));
  return notes;
}

const sentTo = (kit: Kit) =>
  kit.queues.sent.map(({ queue, body }) => {
    const incident = body as { readonly incidentId?: string };
    return `${queue} ${incident.incidentId ?? ''}`.trim();
  });

describe('dispatch of the timeline', () => {
  it('starts the timer, sends pages and updates, publishes the event, and then takes the mark off', async () => {
    const { kit, commit, pages, handle } = await opened();

    expect(await handle(event(record(commit, '100')))).toEqual(succeeded);

    expect(kit.queues.sent.map(({ queue, body }) => ({ queue, body }))).toEqual([
      { queue: 'slack-pages', body: pageMessage(pages[0] ?? expect.fail()) },
      { queue: 'pagerduty-pages', body: pageMessage(pages[1] ?? expect.fail()) },
      { queue: 'slack-updates', body: updateMessage },
    ]);
    expect(kit.timers.started).toEqual([`${incidentId}-1-1`]);
    expect(kit.topics.published).toMatchObject([{ to: kit.settings.eventsTopic }]);
    expect(await isMarked(kit, commit)).toBe(false);
    const [item] = await kit.table.get([commitKey(incidentId, 1, '')]);
    expect(item).not.toHaveProperty('dueShard');
  });

  it('does nothing for a record that comes again', async () => {
    const { kit, commit, handle } = await opened();
    await handle(event(record(commit, '100')));
    const before = kit.queues.sent.length;

    expect(await handle(event(record(commit, '100')))).toEqual(succeeded);

    expect(kit.queues.sent).toHaveLength(before);
    expect(kit.topics.published).toHaveLength(1);
  });

  it('keeps the mark when anything could not be sent, and sends everything again the next time', async () => {
    const { kit, commit, handle } = await opened();
    kit.topics.failWith = new AdapterError('sns', 'unavailable', 'HTTP 503');

    expect(await handle(event(record(commit, '100')))).toEqual(failedFrom('100'));
    expect(kit.queues.sent.map(({ queue }) => queue)).toEqual(['slack-pages', 'pagerduty-pages', 'slack-updates']);
    expect(await isMarked(kit, commit)).toBe(true);

    kit.topics.failWith = null;
    expect(await handle(event(record(commit, '100')))).toEqual(succeeded);
    expect(await isMarked(kit, commit)).toBe(false);
  });

  it('pages once though its messages were sent twice', async () => {
    const { kit, commit, pages, handle } = await opened();
    kit.topics.failWith = new AdapterError('sns', 'unavailable', 'HTTP 503');
    await handle(event(record(commit, '100')));
    kit.topics.failWith = null;
    await handle(event(record(commit, '100')));
    kit.slack.allow('conversations.open', 'chat.postMessage');
    const messages = kit.queues.sent.filter(({ queue }) => queue === 'slack-pages').map(({ body }) => body);
    expect(messages).toEqual([pageMessage(pages[0] ?? expect.fail()), pageMessage(pages[0] ?? expect.fail())]);

    await makeSlackHandler(kit)(sqsEvent('slack-pages', messages));

    expect(kit.slack.posted).toHaveLength(1);
  });

  it('stops an incident at its first failure and goes on with the others', async () => {
    const { kit, handle } = await opened();
    const [a1, a2, b1, b2] = await storeNotes(
      kit,
      { id: 'incident-a', version: 1 },
      { id: 'incident-a', version: 2 },
      { id: 'incident-b', version: 1 },
      { id: 'incident-b', version: 2 },
    );
    if (!a1 || !a2 || !b1 || !b2) throw new Error('no commits');
    const { send } = kit.queues;
    kit.queues.send = (queue, body, options) =>
      (body as { incidentId: string }).incidentId === 'incident-a'
        ? Promise.reject(new AdapterError('sqs', 'unavailable', 'HTTP 503'))
        : send(queue, body, options);

    const answer = await handle(event(record(a1, '98'), record(b1, '99'), record(a2, '100'), record(b2, '101')));

    expect(answer).toEqual(failedFrom('98'));
    expect(sentTo(kit)).toEqual(['slack-updates incident-b', 'slack-updates incident-b']);
    expect(await Promise.all([a1, a2, b1, b2].map((commit) => isMarked(kit, commit)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('answers the lowest sequence number as a number, not as a text', async () => {
    const { kit, handle } = await opened();
    const [a, b] = await storeNotes(kit, { id: 'incident-a', version: 1 }, { id: 'incident-b', version: 1 });
    if (!a || !b) throw new Error('no commits');
    kit.queues.failWith = new AdapterError('sqs', 'throttled', 'slow down');

    expect(await handle(event(record(a, '99999'), record(b, '100000')))).toEqual(failedFrom('99999'));
  });

  it('fails as a whole when the table cannot be read', async () => {
    const kit = makeKit({ table: { inject: () => new AdapterError('dynamodb', 'unavailable', 'HTTP 503') } });

    await expect(makeHandler(kit)(event(record(aCommit(), '100')))).rejects.toThrow('dynamodb');
  });

  it('looks only at inserts of commits', async () => {
    const { kit, commit, handle } = await opened();
    const modified = { ...record(commit, '100'), eventName: 'MODIFY' } as const;
    const state = {
      eventName: 'INSERT',
      dynamodb: { Keys: { pk: { S: `INCIDENT#${incidentId}` }, sk: { S: 'STATE' } } },
    };

    expect(await handle(event(modified, { ...state, eventName: 'INSERT' }))).toEqual(succeeded);

    expect(kit.queues.sent).toEqual([]);
  });

  it('pages the fallback for a page that found nobody, with what a responder needs', async () => {
    const { kit, handle } = await opened();
    const row = await pageRow(kit, 'person:alice');
    const ended = toFallback(row, 'target is gone', kit.clock.now());
    const commit = outcomeCommit(ended, (await storedIncident(kit)).version, 'correlation');
    await kit.table.write(endPageWrites(row, ended, commit));

    await handle(event(record(commit, '100')));

    expect(kit.queues.sent.find(({ queue }) => queue === 'sns-pages')?.body).toMatchObject({
      kind: 'fallback',
      incidentId,
      subject: expect.stringMatching(/^FALLBACK SEV1 INC-42/),
      text: expect.stringContaining('alice'),
    });
  });

  it('sends everything else when the fallback cannot be told, and keeps the mark', async () => {
    const { kit, commit, handle } = await opened();
    await handle(event(record(commit, '100')));
    const row = await pageRow(kit, 'person:alice');
    const ended = toFallback(row, 'target is gone', kit.clock.now());
    const outcome = outcomeCommit(ended, (await storedIncident(kit)).version, 'correlation');
    await kit.table.write(endPageWrites(row, ended, outcome));
    kit.queues.sent.length = 0;
    Object.defineProperty(kit.settings, 'publicUrl', {
      get: () => {
        throw new Error('the environment variable PUBLIC_URL is not set');
      },
    });

    expect(await handle(event(record(outcome, '101')))).toEqual(failedFrom('101'));

    expect(kit.queues.sent.map(({ queue }) => queue)).toEqual(['slack-updates']);
    expect(await isMarked(kit, outcome)).toBe(true);
  });

  it('counts each commit once for /metrics, in one write a batch', async () => {
    const { kit, commit, handle } = await opened();
    await acknowledge(kit);
    const acknowledged = { incidentId, version: 2, part: '' };

    await handle(event(record(commit, '100'), record(acknowledged, '101')));
    await handle(event(record(commit, '100'), record(acknowledged, '101')));

    const [counters] = await kit.table.get([metricCountersKey]);
    expect(counters).toMatchObject({ incidentsOpened: 1, pagesOwed: 2, incidentsAcknowledged: 1 });
  });
});
