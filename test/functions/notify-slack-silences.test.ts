import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/notify-slack.ts';
import type { Policy } from '#shared/config/policy.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import type { LaneMessage } from '#shared/runtime/messages.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { alertWrite } from '#shared/store/alert-store.ts';
import { loadSilence, saveSilence } from '#shared/store/silence-store.ts';
import { record } from '#test/shared/alert/alert-builders.ts';
import { matcher, silence } from '#test/shared/silence/silence-builders.ts';
import { aPolicy, at, noon } from '#test/support/decision-builders.ts';
import { makeKit, nothingFailed, sqsEvent } from '#test/support/lane-kit.ts';
import { unknownOutcome } from '#test/support/scripted-vendors.ts';

const person = Object.values(aPolicy().people).find(({ slackUserId }) => slackUserId !== null);
if (person?.slackUserId == null) throw new Error('the example policy knows nobody in Slack');
const direct = `D-${person.slackUserId}`;

const wholeRoute = (override: Partial<Policy['route']>): Policy =>
  aPolicy({ route: { ...aPolicy().route, owner: null, slackChannel: null, ...override } });

async function lane(changes: Partial<Silence> = {}, policy: Policy = aPolicy()) {
  const kit = makeKit({ policy });
  kit.slack.allow('conversations.open', 'chat.postMessage');
  const stored = silence({
    id: 's1',
    version: 1,
    startsAt: at(-7200),
    endsAt: at(600),
    createdBy: person?.name ?? '',
    createdAt: at(-7200),
    updatedAt: at(-7200),
    ...changes,
  });
  await saveSilence(kit.table, null, stored, policy);
  const handle = makeHandler(kit);
  const message: LaneMessage = {
    kind: 'silence ends soon',
    correlationId: 'c',
    silenceId: 's1',
    endsAt: stored.endsAt,
    postponed: 0,
  };
  const tell = async (override: Partial<typeof message> = {}) =>
    expect(await handle(sqsEvent('slack-updates', [{ ...message, ...override }]))).toEqual(nothingFailed);
  const told = async () => (await loadSilence(kit.table, 's1'))?.expiryTold;
  const fire = async (fingerprint: string, labels: Record<string, string>) =>
    kit.table.write([alertWrite(null, record({ source: 'main', fingerprint, labels }), policy)]);
  return { kit, stored, tell, told, fire };
}

describe('the notice that a silence ends soon', () => {
  it('goes to its author, says what still fires under it, and comes once', async () => {
    const { kit, tell, told, fire } = await lane({ comment: '<!channel> new disk' });
    await fire('f1', { alertname: 'Disk', note: '<!here>' });
    await fire('f2', { alertname: 'Memory' });
    await tell();
    await tell();
    expect(kit.slack.posted).toMatchObject([{ channel: direct, threadTs: null }]);
    const args = kit.slack.callsOf('chat.postMessage')[0]?.args ?? {};
    expect(args.text).toMatch(
      /^The silence of `{alertname="Disk"}` ends .*1 alert still fires under it, and will be told again/,
    );
    expect(JSON.stringify(args)).toContain('alertname=Disk note=&lt;!here&gt;');
    expect(JSON.stringify(args)).not.toMatch(/<!(channel|here)>|Memory/);
    expect(findSlackViolations({ text: String(args.text), blocks: args.blocks as unknown[] })).toEqual([]);
    expect(await told()).toEqual({ at: noon, to: person.name });
    // Whoever read it before does not write over this.
    expect((await loadSilence(kit.table, 's1'))?.version).toBe(2);
  });

  it('goes to the channel of the catch-all route when nobody knows the author', async () => {
    const policy = wholeRoute({ slackChannel: Object.keys(aPolicy().slackChannels)[0] ?? '' });
    const { kit, tell, told } = await lane({ createdBy: 'a script' }, policy);
    await tell();
    const [channel = ''] = Object.values(policy.slackChannels);
    expect(kit.slack.posted.map((each) => each.channel)).toEqual([channel]);
    expect(await told()).toEqual({ at: noon, to: channel });
  });

  it('goes to nobody where there is no such channel, and that is recorded', async () => {
    const { kit, tell, told } = await lane({ createdBy: 'a script' }, wholeRoute({}));
    await tell();
    expect([kit.slack.calls, await told()]).toEqual([[], { at: noon, to: 'nobody' }]);
  });

  it.each<readonly [string, Partial<Silence>]>([
    ['has another end by now', { endsAt: at(1200) }],
    ['has ended', { endsAt: at(-1) }],
    ['was told already', { expiryTold: { at: noon, to: 'ada' } }],
  ])('is not sent of one that %s', async (_name, changes) => {
    const { kit, tell } = await lane(changes);
    await tell({ endsAt: changes.endsAt === at(1200) ? at(600) : (changes.endsAt ?? at(600)) });
    await tell({ silenceId: 'gone' });
    expect(kit.slack.calls).toEqual([]);
  });

  it.each([
    ['rate limited', { outcome: 'rate limited', retryAfterSeconds: 30 }],
    ['failed', { outcome: 'failed', reason: 'no connection' }],
    ['refused for its credentials', { outcome: 'refused', reason: 'invalid_auth' }],
  ] as const)('is sent again when Slack %s', async (_name, outcome) => {
    const { kit, tell, told } = await lane();
    kit.slack.script('chat.postMessage', outcome);
    await tell();
    expect(await told()).toBeUndefined();
    expect(kit.queues.sent).toMatchObject([
      { queue: 'slack-updates', body: { kind: 'silence ends soon', postponed: 1 } },
    ]);
  });

  it('is not repeated when nobody knows whether it arrived, and given up when Slack refuses it', async () => {
    const unknown = await lane();
    unknown.kit.slack.script('chat.postMessage', unknownOutcome);
    await unknown.tell();
    expect((await unknown.told())?.to).toBe(person.name);
    const refused = await lane();
    refused.kit.slack.script('chat.postMessage', { outcome: 'refused', reason: 'is_archived' });
    await refused.tell();
    expect((await refused.told())?.to).toBe('nobody');
    expect([unknown.kit.queues.sent, refused.kit.queues.sent]).toEqual([[], []]);
  });

  it('leaves a silence alone that somebody changes meanwhile', async () => {
    const { kit, stored, tell, told } = await lane({ matcherSets: [[matcher('a', '=', 'b')]] });
    kit.slack.script('chat.postMessage', async () => {
      const changed = { ...stored, version: 2, endsAt: at(7200) };
      await saveSilence(kit.table, stored, changed, kit.policy);
    });
    await tell();
    expect([await told(), (await loadSilence(kit.table, 's1'))?.endsAt]).toEqual([undefined, at(7200)]);
  });
});
