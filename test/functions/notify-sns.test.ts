import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/notify-sns.ts';
import type { Policy } from '#shared/config/policy.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { aPolicy } from '../support/decision-builders.ts';
import {
  acknowledge,
  makeKit,
  nothingFailed,
  openIncident,
  pageMessage,
  pageRow,
  sqsEvent,
} from '../support/lane-kit.ts';

const opsTopic = 'arn:aws:sns:us-east-1:000000000000:ops';

/** SEV1 pages an SNS contact and a person who is reached by SMS. */
function snsPolicy(): Policy {
  const policy = aPolicy();
  const { sev1 } = policy.escalationPolicies;
  if (!sev1) throw new Error('no escalation policy sev1');
  const targets = [
    { kind: 'sns', contact: 'ops' },
    { kind: 'person', person: 'bob' },
  ] as const;
  return {
    ...policy,
    escalationPolicies: { sev1: { ...sev1, steps: [{ afterSeconds: 0, targets }] } },
    snsContacts: {
      ops: { name: 'ops', topic: opsTopic, phone: null },
      'bob-phone': { name: 'bob-phone', topic: null, phone: '+4915112345678' },
    },
  };
}

async function opened() {
  const kit = makeKit({ policy: snsPolicy() });
  await openIncident(kit);
  const handle = makeHandler(kit);
  const page = async (target: string) => handle(sqsEvent('sns-pages', [pageMessage(await pageRow(kit, target))]));
  return { kit, handle, page };
}

describe('a page by SNS', () => {
  it('reaches a contact by its topic and a person by text message, once each', async () => {
    const { kit, page } = await opened();

    for (const target of ['sns:ops', 'person:bob', 'sns:ops', 'person:bob']) await page(target);

    expect(kit.topics.published.map(({ to }) => to)).toEqual([opsTopic, '+4915112345678']);
    expect(await pageRow(kit, 'sns:ops')).toMatchObject({ state: 'handed over', vendorRef: 'sns-1' });
  });

  it('is not sent after an acknowledgement', async () => {
    const { kit, page } = await opened();
    await acknowledge(kit);

    await page('sns:ops');

    expect(kit.topics.published).toEqual([]);
    expect(await pageRow(kit, 'sns:ops')).toMatchObject({ state: 'cancelled', endReason: 'acknowledged' });
  });

  it('is sent again after an unknown outcome, and says that it may be a repeat', async () => {
    const { kit, page } = await opened();
    kit.topics.failWith = new AdapterError('sns', 'timeout', 'no answer');
    await page('sns:ops');
    expect(await pageRow(kit, 'sns:ops')).toMatchObject({ state: 'unknown' });
    kit.topics.failWith = null;
    kit.clock.advance(5);

    await page('sns:ops');

    expect(kit.topics.published).toMatchObject([{ message: expect.stringContaining('may be a repeat') }]);
    expect(await pageRow(kit, 'sns:ops')).toMatchObject({ state: 'handed over', attempts: 2 });
  });

  it('is postponed, not failed, while SNS throttles', async () => {
    const { kit, page } = await opened();
    kit.topics.failWith = new AdapterError('sns', 'throttled', 'too many');

    expect(await page('sns:ops')).toEqual(nothingFailed);

    expect(await pageRow(kit, 'sns:ops')).toMatchObject({ state: 'pending' });
    expect(kit.queues.sent).toMatchObject([{ queue: 'sns-pages', delaySeconds: 2 }]);
  });

  it('goes to the fallback at once when its topic does not exist', async () => {
    const { kit, page } = await opened();
    kit.topics.failWith = new AdapterError('sns', 'invalid', 'no such topic');

    await page('sns:ops');

    expect(await pageRow(kit, 'sns:ops')).toMatchObject({ state: 'fallback', endReason: 'target is gone' });
  });
});

describe('the fallback', () => {
  const fallback = {
    kind: 'fallback',
    correlationId: 'correlation',
    incidentId: null,
    subject: 'FALLBACK zu spät',
    text: 'Nobody could be told.',
  } as const;

  it('is paged by its topic, with a subject that SNS takes', async () => {
    const { kit, handle } = await opened();

    expect(await handle(sqsEvent('sns-pages', [fallback]))).toEqual(nothingFailed);

    expect(kit.topics.published).toEqual([
      { to: kit.settings.fallbackTopic, message: 'Nobody could be told.', subject: 'FALLBACK zu sp?t' },
    ]);
  });

  it('is tried for as long as SNS does not answer', async () => {
    const { kit, handle } = await opened();
    kit.topics.failWith = new AdapterError('sns', 'unavailable', 'HTTP 503');

    expect(await handle(sqsEvent('sns-pages', [fallback], 500))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(kit.queues.dead).toEqual([]);
  });

  it('is told in plain words of a message that can never be processed', async () => {
    const { kit, handle } = await opened();

    await handle(sqsEvent('sns-pages', [{ kind: 'update', correlationId: 'c', incidentId: 'i', postponed: 0 }], 3));

    expect(kit.queues.dead).toEqual(['sns-pages']);
    expect(kit.topics.published).toMatchObject([
      { to: kit.settings.fallbackTopic, message: expect.stringContaining('sns-pages') },
    ]);
  });
});
