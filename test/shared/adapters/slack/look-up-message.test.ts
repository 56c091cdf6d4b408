import { describe, expect, it } from 'vitest';
import { lookUpMessage, type MessageWanted } from '#shared/adapters/slack/look-up-message.ts';
import type { SlackApi } from '#shared/runtime/ports.ts';

const wanted: MessageWanted = {
  channel: 'C1',
  threadTs: null,
  incidentId: 'incident1',
  key: 'root',
  since: '2026-11-21T01:00:00.000Z',
};
const message = (ts: string, incidentId: string, key: string, type = 'tocsin_incident') => ({
  ts,
  metadata: { event_type: type, event_payload: { incident_id: incidentId, key } },
});

type Answer = Awaited<ReturnType<SlackApi['call']>>;
const page = (messages: unknown, cursor = ''): Answer => ({
  outcome: 'ok',
  value: { ok: true, messages, response_metadata: { next_cursor: cursor } },
});

function answering(...answers: readonly Answer[]) {
  const calls: { method: string; args: unknown }[] = [];
  const api: SlackApi = {
    call: async (method, args) => {
      calls.push({ method, args });
      return answers[calls.length - 1] ?? { outcome: 'failed', reason: 'asked too often' };
    },
  };
  return { api, calls };
}

describe('looking a message up after an unknown outcome', () => {
  it('finds it by incident and key among messages of others', async () => {
    const { api, calls } = answering(
      page([
        { ts: '1', text: 'of a person' },
        message('2', 'incident1', 'commit:3:'),
        message('3', 'incident2', 'root'),
        message('4', 'incident1', 'root', 'other_app'),
        message('5', 'incident1', 'root'),
      ]),
    );
    expect(await lookUpMessage(api, wanted)).toEqual({ outcome: 'ok', value: { ts: '5' } });
    expect(calls).toEqual([
      {
        method: 'conversations.history',
        args: {
          channel: 'C1',
          // One minute before `since`: Slack's clock may differ.
          oldest: '1795222740.000000',
          inclusive: true,
          include_all_metadata: true,
          limit: 200,
        },
      },
    ]);
  });

  it('looks in the thread when there is one', async () => {
    const { api, calls } = answering(page([message('7', 'incident1', 'root')]));
    await lookUpMessage(api, { ...wanted, threadTs: '3.1' });
    expect(calls).toMatchObject([{ method: 'conversations.replies', args: { channel: 'C1', ts: '3.1' } }]);
  });

  it('says surely absent only at the end of the list', async () => {
    const { api, calls } = answering(page([message('1', 'incident2', 'root')], 'next'), page([]));
    expect(await lookUpMessage(api, wanted)).toEqual({ outcome: 'ok', value: null });
    expect(calls).toMatchObject([{ args: {} }, { args: { cursor: 'next' } }]);
  });

  it('finds it on a later page', async () => {
    const { api } = answering(page([], 'next'), page([message('9', 'incident1', 'root')]));
    expect(await lookUpMessage(api, wanted)).toEqual({ outcome: 'ok', value: { ts: '9' } });
  });

  it('does not know after five pages, and asks no further', async () => {
    const { api, calls } = answering(...Array.from({ length: 9 }, (_, index) => page([], `cursor-${index}`)));
    expect(await lookUpMessage(api, wanted)).toEqual({ outcome: 'unknown', reason: 'too many messages since' });
    expect(calls).toHaveLength(5);
  });

  it.each<Answer>([
    { outcome: 'rate limited', retryAfterSeconds: 30 },
    { outcome: 'refused', reason: 'missing_scope' },
    { outcome: 'unknown', reason: 'no answer in time' },
    { outcome: 'failed', reason: 'ECONNREFUSED' },
  ])('hands on what Slack answers: %j', async (answer) => {
    expect(await lookUpMessage(answering(answer).api, wanted)).toEqual(answer);
  });

  it.each([undefined, null, 'text', [null, 'text', { metadata: null }, { metadata: { event_payload: 1 } }]])(
    'takes messages that are %j for no message of ours',
    async (messages) => {
      expect(await lookUpMessage(answering(page(messages)).api, wanted)).toEqual({ outcome: 'ok', value: null });
    },
  );
});
