import { describe, expect, it } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { handleLane } from '#shared/runtime/lanes/lane-batch.ts';
import { done, type LaneResult, postpone } from '#shared/runtime/lanes/lane-result.ts';
import type { LaneMessage } from '#shared/runtime/messages.ts';
import { makeKit, nothingFailed, sqsEvent } from '../../../support/lane-kit.ts';

const update = (incidentId: string, postponed = 0): LaneMessage => ({
  kind: 'update',
  correlationId: 'correlation',
  incidentId,
  postponed,
});

/** Handles one batch; answers what was worked on, as `incident postponed`, what was sent again, and what failed. */
async function batch(messages: readonly LaneMessage[], work: (at: number) => LaneResult = () => done) {
  const kit = makeKit();
  const worked: string[] = [];
  const answer = await handleLane(kit, sqsEvent('slack-updates', messages), {
    work: async (message) => {
      if (message.kind !== 'update') throw new Error(message.kind);
      worked.push(`${message.incidentId} ${message.postponed}`);
      return work(worked.length);
    },
    tellFallback: async () => undefined,
  });
  return { answer, worked, again: kit.queues.sent.map(({ body }) => body) };
}

describe('the updates of one batch', () => {
  it('are one look for each incident', async () => {
    const { answer, worked } = await batch([update('a'), update('b'), update('a'), update('a')]);
    expect({ answer, worked }).toEqual({ answer: nothingFailed, worked: ['a 0', 'b 0'] });
  });

  it('are sent again once when the look had to wait', async () => {
    const { again } = await batch([update('a'), update('a', 3), update('a')], () => postpone(1_000));
    expect(again).toEqual([update('a', 1)]);
  });

  it('never leave a new one to the longer backoff of an old one', async () => {
    const { worked } = await batch([update('a', 9), update('a', 0), update('a', 9)], () => postpone(1_000));
    expect(worked).toEqual(['a 9', 'a 0']);
  });

  it('are looked at again when the first look failed', async () => {
    const { answer, worked } = await batch([update('a'), update('a')], (at) => {
      if (at === 1) throw new AdapterError('dynamodb', 'throttled', 'too many requests');
      return done;
    });
    expect({ failed: answer.batchItemFailures, worked }).toEqual({
      failed: [{ itemIdentifier: 'message-0' }],
      worked: ['a 0', 'a 0'],
    });
  });
});
