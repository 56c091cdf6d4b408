import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import { type SlackStandIn, type SlackStandInOptions, startSlackStandIn } from '#local/sandbox/slack-stand-in.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();
const running: SlackStandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.stop()));
});

async function start(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const standIn = await startSlackStandIn(options);
  running.push(standIn);
  return standIn;
}

const clientOf = (standIn: SlackStandIn) =>
  new WebClient('xoxb-test', {
    slackApiUrl: standIn.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 300,
    logLevel: LogLevel.ERROR,
  });

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

describe("Slack's own client against the stand-in", () => {
  it('finds a message again by its metadata, in the history and in its thread', async () => {
    const slack = clientOf(await start());
    const metadata = { event_type: 'tocsin_page', event_payload: { page: 'p1' } };
    const posted = await slack.chat.postMessage({ channel: 'C1', text: 'down', blocks: [section('*down*')], metadata });
    const ts = String(posted.ts);
    await slack.chat.postMessage({ channel: 'C1', text: 'reply', thread_ts: ts });
    const history = await slack.conversations.history({ channel: 'C1', include_all_metadata: true });
    expect(history.messages).toMatchObject([{ ts, text: 'down', metadata, blocks: [section('*down*')] }]);
    const replies = await slack.conversations.replies({ channel: 'C1', ts });
    expect(replies.messages?.map((message) => message.text)).toEqual(['down', 'reply']);
    expect(replies.messages?.[0]).not.toHaveProperty('metadata');
  });

  it('reads the newest first, only between oldest and latest, page by page', async () => {
    const slack = clientOf(await start({ now: () => 1_700_000_000_000, rateLimits: false }));
    const sent: string[] = [];
    for (const text of ['a', 'b', 'c', 'd']) {
      sent.push(String((await slack.chat.postMessage({ channel: 'C1', text })).ts));
    }
    const texts = async (args: Record<string, unknown>) =>
      (await slack.conversations.history({ channel: 'C1', ...args })).messages?.map((message) => message.text);
    expect(await texts({ oldest: sent[1] })).toEqual(['d', 'c']);
    expect(await texts({ oldest: sent[1], inclusive: true, latest: sent[2] })).toEqual(['c', 'b']);
    const page = await slack.conversations.history({ channel: 'C1', limit: 3 });
    expect(page.has_more).toBe(true);
    expect(await texts({ cursor: page.response_metadata?.next_cursor, limit: 3 })).toEqual(['a']);
  });

  it('changes its own messages, but neither unknown nor ephemeral ones', async () => {
    const standIn = await start();
    const slack = clientOf(standIn);
    const ts = String((await slack.chat.postMessage({ channel: 'C1', text: 'old' })).ts);
    await slack.chat.update({ channel: 'C1', ts, text: 'new', blocks: [section('new')] });
    expect(standIn.workspace.find('C1', ts)).toMatchObject({ text: 'new', blocks: [section('new')] });
    await slack.chat.update({ channel: 'C1', ts, text: 'bare' });
    expect(standIn.workspace.find('C1', ts)).toMatchObject({ text: 'bare', blocks: [] });
    const whisper = await slack.chat.postEphemeral({ channel: 'C1', user: 'U1', text: 'psst' });
    for (const unknown of ['1.000000', String(whisper.message_ts)]) {
      await expect(slack.chat.update({ channel: 'C1', ts: unknown, text: 'x' })).rejects.toMatchObject({
        data: { ok: false, error: 'message_not_found' },
      });
    }
  });

  it('sends a direct message to a user id, and opens the same conversation', async () => {
    const slack = clientOf(await start());
    const posted = await slack.chat.postMessage({ channel: 'U0ALICE', text: 'hello' });
    const opened = await slack.conversations.open({ users: 'U0ALICE' });
    expect(opened.channel?.id).toBe(posted.channel);
  });

  it('knows only the people and channels of its directory', async () => {
    const directory = { users: [{ id: 'U1', name: 'alice' }], channels: [{ id: 'C1', name: 'incidents' }] };
    const slack = clientOf(await start({ directory }));
    expect((await slack.chat.postMessage({ channel: '#incidents', text: 'x' })).channel).toBe('C1');
    expect((await slack.users.info({ user: 'U1' })).user).toMatchObject({ name: 'alice', is_restricted: false });
    await expect(slack.chat.postMessage({ channel: 'C2', text: 'x' })).rejects.toMatchObject({
      data: { error: 'channel_not_found' },
    });
    await expect(slack.users.info({ user: 'U2' })).rejects.toMatchObject({ data: { error: 'user_not_found' } });
  });

  it.each([
    ['nothing to say', { text: '' }, 'no_text'],
    ['51 blocks', { text: 'x', blocks: Array.from({ length: 51 }, () => section('x')) }, 'invalid_blocks'],
    ['a section of 3,001 characters', { text: 'x', blocks: [section('x'.repeat(3_001))] }, 'invalid_blocks'],
    [
      'blocks of 15,000 characters',
      { text: 'x', blocks: Array.from({ length: 6 }, () => section('x'.repeat(2_500))) },
      'msg_blocks_too_long',
    ],
    ['a text of 40,001 characters', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ])('refuses %s', async (_, message, error) => {
    const slack = clientOf(await start());
    await expect(slack.chat.postMessage({ channel: 'C1', ...message })).rejects.toMatchObject({ data: { error } });
  });

  it('refuses a call without a bot token', async () => {
    const standIn = await start();
    const response = await fetch(`${standIn.apiUrl}auth.test`, { method: 'POST' });
    expect(await response.json()).toEqual({ ok: false, error: 'not_authed' });
  });

  it('opens a modal once per trigger, within 3 s', async () => {
    let now = 1_700_000_000_000;
    const standIn = await start({ now: () => now });
    const slack = clientOf(standIn);
    const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Update' }, blocks: [] };
    const trigger = standIn.hooks.newTrigger();
    await slack.views.open({ trigger_id: trigger, view });
    expect(standIn.hooks.view).toMatchObject({ view });
    const error = (code: string) => ({ data: { error: code } });
    await expect(slack.views.open({ trigger_id: trigger, view })).rejects.toMatchObject(error('exchanged_trigger_id'));
    const late = standIn.hooks.newTrigger();
    now += 3_001;
    await expect(slack.views.open({ trigger_id: late, view })).rejects.toMatchObject(error('expired_trigger_id'));
  });
});

describe('rate limits', () => {
  it('takes a burst of five messages to a channel, then one a second, each channel for itself', async () => {
    let now = 1_700_000_000_000;
    const standIn = await start({ now: () => now });
    const slack = clientOf(standIn);
    const post = (channel: string) => slack.chat.postMessage({ channel, text: 'x' });
    for (let sent = 0; sent < 5; sent += 1) await post('C1');
    await expect(post('C1')).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
    await post('C2');
    now += 1_000;
    await post('C1');
    await expect(post('C1')).rejects.toMatchObject({ retryAfter: 1 });
    expect(standIn.calls.map((call) => call.outcome).filter((outcome) => outcome === 'ratelimited')).toHaveLength(2);
  });
});

describe('faults', () => {
  it('cuts the connection after carrying the call out, so that only a look-up can tell', async () => {
    const standIn = await start();
    const slack = clientOf(standIn);
    standIn.faults.next({ kind: 'reset', carriedOut: true });
    await expect(slack.chat.postMessage({ channel: 'C1', text: 'once' })).rejects.toThrow();
    expect((await slack.conversations.history({ channel: 'C1' })).messages).toHaveLength(1);
  });

  it('stays silent until the caller gives up, without having done anything', async () => {
    const standIn = await start();
    const slack = clientOf(standIn);
    standIn.faults.next({ kind: 'silence', carriedOut: false });
    await expect(slack.chat.postMessage({ channel: 'C1', text: 'never' })).rejects.toThrow(/timeout/);
    expect(standIn.workspace.messagesOf('C1')).toEqual([]);
  });

  it('fails only matching calls, as often as told, and records what each call got', async () => {
    const standIn = await start();
    const slack = clientOf(standIn);
    standIn.faults.next(
      { kind: 'status', status: 500 },
      { times: 2, matching: (call) => call.method === 'chat.postMessage' },
    );
    standIn.faults.next({ kind: 'error', error: 'is_archived' });
    await expect(slack.auth.test()).rejects.toMatchObject({ data: { error: 'is_archived' } });
    await expect(slack.chat.postMessage({ channel: 'C1', text: 'x' })).rejects.toThrow();
    await expect(slack.chat.postMessage({ channel: 'C1', text: 'x' })).rejects.toThrow();
    await slack.chat.postMessage({ channel: 'C1', text: 'x' });
    expect(standIn.calls.map(({ method, outcome }) => [method, outcome])).toEqual([
      ['auth.test', 'is_archived'],
      ['chat.postMessage', '500'],
      ['chat.postMessage', '500'],
      ['chat.postMessage', 'ok'],
    ]);
    expect(JSON.stringify(standIn.calls)).not.toContain('xoxb-test');
  });

  it('is down for every call during an outage', async () => {
    const standIn = await start();
    standIn.faults.always({ kind: 'status', status: 503 });
    await expect(clientOf(standIn).auth.test()).rejects.toThrow();
    standIn.faults.always(null);
    expect((await clientOf(standIn).auth.test()).ok).toBe(true);
  });
});

describe('a restart', () => {
  it('still has messages, changes and metadata, because they were on disk before the answer', async () => {
    const dataDir = tempDir();
    const first = await start({ dataDir });
    const slack = clientOf(first);
    const metadata = { event_type: 'tocsin_page', event_payload: { page: 'p1' } };
    const ts = String((await slack.chat.postMessage({ channel: 'C1', text: 'old', metadata })).ts);
    const gone = String((await slack.chat.postMessage({ channel: 'C1', text: 'gone' })).ts);
    await slack.chat.update({ channel: 'C1', ts, text: 'new' });
    await slack.chat.delete({ channel: 'C1', ts: gone });
    // No stop: what is on disk now is all that kill -9 would leave.
    const second = await start({ dataDir });
    expect(second.workspace.messagesOf('C1')).toMatchObject([{ ts, text: 'new', metadata }]);
    const third = await start({ dataDir });
    expect(third.workspace.messagesOf('C1')).toEqual(second.workspace.messagesOf('C1'));
  });
});

describe('response_url', () => {
  it('takes five answers, shows them to the asker only unless meant for the channel, and can replace the original', async () => {
    const standIn = await start();
    const { messageTs, url } = await (async () => {
      const posted = await clientOf(standIn).chat.postMessage({ channel: 'C1', text: 'original' });
      return { messageTs: String(posted.ts), url: standIn.hooks.newResponseUrl('C1', 'U1', String(posted.ts)) };
    })();
    const answer = (body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
    await answer({ text: 'for you' });
    await answer({ text: 'for all', response_type: 'in_channel' });
    await answer({ text: 'replaced', replace_original: true });
    expect(standIn.workspace.messagesOf('C1').map(({ text, ephemeralFor }) => [text, ephemeralFor])).toEqual([
      ['replaced', null],
      ['for you', 'U1'],
      ['for all', null],
    ]);
    await answer({ delete_original: true });
    expect(standIn.workspace.find('C1', messageTs)).toBeNull();
    await answer({ text: 'fifth' });
    expect((await answer({ text: 'sixth' })).status).toBe(404);
  });
});
