import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/respond-to-slack.ts';
import type { Policy } from '#shared/config/policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { incidentButtons } from '#shared/notification/slack-buttons.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { loadIncident, loadTimeline } from '#shared/store/incident-store.ts';
import { type CountingTable, makeCountingTable } from '#test/support/counting-table.ts';
import { acknowledges, aPolicy, at, joins, noon, resolvesByHand, tick } from '#test/support/decision-builders.ts';
import {
  bodyOf,
  carryOutElsewhere,
  type DoorDeps,
  documentOf,
  incidentIdOf,
  makeDoorDeps,
  openIncident,
  pressOf,
  slackForm,
  slackRequest,
} from '#test/support/door-kit.ts';

const expiry = '<!date^1772456400^{date_short_pretty} {time}|2026-03-02 13:00 UTC>';
const renewable = '<!date^1772455800^{date_short_pretty} {time}|2026-03-02 12:50 UTC>';

function makeDoor(deps: DoorDeps = makeDoorDeps()) {
  const handle = makeHandler(deps);
  const type = (text: string, override: Record<string, string> = {}) =>
    handle(slackRequest(deps, 'commands', slackForm({ text, ...override })));
  const press = (button: string, value: string, override: Record<string, unknown> = {}) =>
    handle(slackRequest(deps, 'interactions', pressOf(button, value, override)));
  const said = async (text: string, override: Record<string, string> = {}): Promise<string> =>
    bodyOf(await type(text, override)).text;
  const stored = (number = 42) => loadIncident(deps.memory, incidentIdOf(number));
  return { deps, handle, type, press, said, stored };
}

/** The value of an incident's button as its message shows it. */
function buttonValueOf(incident: Awaited<ReturnType<typeof openIncident>>): string {
  const value = incidentButtons(incident)?.elements[0]?.value;
  if (value === undefined) throw new Error('the incident shows no button');
  return value;
}

const policyWith = (override: Partial<Policy>) => makeDoorDeps({ policy: aPolicy(override) });

describe('who may use the Slack door', () => {
  it('refuses what Slack did not sign before parsing it, after one fresh look at the secret', async () => {
    const { deps, handle } = makeDoor();
    const answer = await handle(slackRequest(deps, 'commands', '{not a form', { secret: 'another' }));
    expect(documentOf(answer)).toMatchObject({ status: 401, contentType: 'application/problem+json' });
    expect(deps.slackSecrets.freshLooks).toBe(1);
    expect(deps.metrics.counts).toEqual({ 'RequestsRefused{reason=not signed by Slack}': 1 });
  });

  it.each([
    [301, 401],
    [-301, 401],
    [300, 200],
    [-300, 200],
  ])('takes a clock that differs by %i s or not: %i', async (skewSeconds, status) => {
    const { deps, handle } = makeDoor();
    const answer = await handle(slackRequest(deps, 'commands', slackForm(), { skewSeconds }));
    expect(answer.statusCode).toBe(status);
    if (status === 401) expect(deps.slackSecrets.freshLooks).toBe(0);
  });

  it('refuses a body that was changed after signing, and headers that are missing or doubled', async () => {
    const { deps, handle } = makeDoor();
    const signed = slackRequest(deps, 'commands', slackForm());
    expect((await handle({ ...signed, body: `${signed.body}&text=resolve` })).statusCode).toBe(401);
    expect((await handle({ ...signed, headers: {} })).statusCode).toBe(401);
    const doubled = { 'x-slack-signature': 'v0=00', ...signed.headers };
    expect((await handle({ ...signed, headers: doubled })).statusCode).toBe(401);
  });

  it('knows a signature of a secret that is newer than its copy', async () => {
    const { deps, handle } = makeDoor();
    deps.slackSecrets.current = { signingSecret: 'rotated' };
    const answer = await handle(slackRequest(deps, 'commands', slackForm(), { secret: 'rotated' }));
    expect(answer.statusCode).toBe(200);
  });

  it.each([
    [{ failWith: new AdapterError('secrets-manager', 'unavailable', 'no connection') }],
    [{ cached: {}, current: {} }],
    [{ cached: { signingSecret: '' }, current: { signingSecret: '' } }],
  ])('asks to try again when the secret cannot be read: %j', async (state) => {
    const { deps, type } = makeDoor();
    Object.assign(deps.slackSecrets, state);
    expect(documentOf(await type('list'))).toMatchObject({ status: 503, title: 'Try again' });
  });

  it('verifies the bytes of a base64 body', async () => {
    const { deps, handle } = makeDoor();
    const signed = slackRequest(deps, 'commands', slackForm({ text: 'help' }));
    const body = Buffer.from(signed.body ?? '').toString('base64');
    expect((await handle({ ...signed, body, isBase64Encoded: true })).statusCode).toBe(200);
  });

  it('answers Slack looking at the certificate', async () => {
    const { deps, handle } = makeDoor();
    const event = slackRequest(deps, 'commands', 'token=x&ssl_check=1', { secret: 'another' });
    expect(await handle({ ...event, headers: {} })).toMatchObject({ statusCode: 200, body: '' });
    const text = slackForm({ text: '&ssl_check=1' });
    const command = slackRequest(deps, 'commands', text, { secret: 'another' });
    expect((await handle(command)).statusCode).toBe(401);
  });

  it.each([
    ['another team', { team_id: 'T2' }, 'commands'],
    ['no team', { team_id: '' }, 'commands'],
  ] as const)('politely refuses a command of %s', async (_name, override, _path) => {
    const { deps, said, stored } = makeDoor(policyWith({ slackTeamId: 'T1' }));
    await openIncident(deps);
    expect(await said('ack', override)).toBe('Only members of the workspace that Tocsin belongs to can do this.');
    expect((await stored())?.status).toBe('triggered');
  });

  it.each([
    ['another team', { team: { id: 'T2' } }],
    ['a user of another team in a shared channel', { user: { id: 'U9', username: 'eve', team_id: 'T2' } }],
    ['an enterprise-wide install without a team', { team: null, is_enterprise_install: true, user: { id: 'U9' } }],
  ])('politely refuses a press of %s', async (_name, override) => {
    const { deps, press, stored } = makeDoor(policyWith({ slackTeamId: 'T1' }));
    const incident = await openIncident(deps);
    expect(await press('acknowledge', buttonValueOf(incident), override)).toMatchObject({ statusCode: 200, body: '' });
    expect(deps.slackResponder.told.map(({ body }) => body.text)).toEqual([
      'Only members of the workspace that Tocsin belongs to can do this.',
    ]);
    expect((await stored())?.status).toBe('triggered');
  });

  it('refuses a user from outside also where the policy file names no team', async () => {
    const { deps, press, stored } = makeDoor();
    const incident = await openIncident(deps);
    await press('acknowledge', buttonValueOf(incident), { user: { id: 'U9', username: 'eve', team_id: 'T2' } });
    expect((await stored())?.status).toBe('triggered');
  });
});

describe('slash commands', () => {
  it('acknowledges the only open incident, for the person by their name in the policy file', async () => {
    const people = { dora: { name: 'Dora Ops', slackUserId: 'UDORA', sns: null } };
    const { deps, type, stored } = makeDoor(policyWith({ people }));
    await openIncident(deps);
    const answer = await type('ack');
    expect(documentOf(answer)).toMatchObject({
      status: 200,
      contentType: 'application/json',
      response_type: 'ephemeral',
      text: `You acknowledged INC-42. It is SEV1, acknowledged by Dora Ops until ${expiry}.`,
    });
    expect((await stored())?.acknowledgedBy).toEqual({ kind: 'person', id: 'UDORA', name: 'Dora Ops' });
    expect((await loadTimeline(deps.memory, incidentIdOf(42))).at(-1)?.commandId).toBe('trigger.1');
  });

  it('names a person whom the policy file does not know as Slack does', async () => {
    const { deps, type, stored } = makeDoor();
    await openIncident(deps);
    await type('ack', { user_name: '\u202edora\u0000<!channel>' });
    expect((await stored())?.acknowledgedBy?.name).toBe('dora<!channel>');
  });

  it('carries out one command once, however often Slack sends it', async () => {
    const { deps, said } = makeDoor();
    await openIncident(deps);
    expect(await said('note 42 looking')).toMatch(/^Noted on INC-42\./);
    expect(await said('note 42 looking')).toMatch(/^That was already done for INC-42\. It is SEV1, triggered/);
    expect(await loadTimeline(deps.memory, incidentIdOf(42))).toHaveLength(2);
  });

  it('asks which incident is meant when more than one is open', async () => {
    const { deps, said, stored } = makeDoor();
    await openIncident(deps, 41);
    await openIncident(deps, 42);
    expect(await said('ack')).toMatch(/^More than one incident is open: name one, such as `INC-41`\..*INC-42/);
    expect((await stored(41))?.status).toBe('triggered');
    expect(await said('ack 42')).toMatch(/^You acknowledged INC-42/);
    expect((await stored(41))?.status).toBe('triggered');
  });

  it.each([
    ['ack', 'No incident is open. Name one by its number, such as `INC-42`.'],
    ['ack 7', 'There is no such incident (INC-7). `/incident list` shows what is open.'],
    ['show 7', 'There is no such incident (INC-7). `/incident list` shows what is open.'],
    ['why 7', 'There is no such incident (INC-7). `/incident list` shows what is open.'],
    ['postmortem 7', 'There is no such incident (INC-7). `/incident list` shows what is open.'],
    ['list', 'No incident is open.'],
  ])('answers %s politely when nothing is open', async (text, expected) => {
    const { said } = makeDoor();
    expect(await said(text)).toBe(expected);
  });

  it('says how things stand at a second acknowledgement and at one after the resolve', async () => {
    const { deps, said } = makeDoor();
    await openIncident(deps);
    await carryOutElsewhere(deps, 42, acknowledges);
    expect(await said('ack 42')).toBe(
      `INC-42 is already acknowledged by Dora: nothing to do; it can be renewed from ${renewable} on. It is SEV1, acknowledged by Dora until ${expiry}.`,
    );
    await carryOutElsewhere(deps, 42, resolvesByHand);
    expect(await said('ack 42', { trigger_id: 'trigger.2' })).toMatch(
      /^INC-42 is resolved, so this is not possible any more\. It is resolved/,
    );
  });

  it.each([
    ['resolve', 'IncidentResolved'],
    ['escalate', 'IncidentEscalated'],
    ['severity SEV2', 'SeverityChanged'],
    ['note looking', 'NoteAdded'],
    ['update identified A bad release.', 'StatusPublished'],
    ['postmortem', 'PostmortemDrafted'],
  ])('/incident %s puts its event on the timeline', async (text, type) => {
    const { deps, said } = makeDoor();
    await openIncident(deps);
    await said(text);
    const [, commit] = await loadTimeline(deps.memory, incidentIdOf(42));
    expect(commit?.events[0]?.type).toBe(type);
  });

  it('shows, explains and drafts only to the person who asked, within the limits of Slack', async () => {
    const { deps, type } = makeDoor();
    await openIncident(deps);
    await type('note 42 <!channel> wake up', { trigger_id: 'trigger.0' });
    for (const text of ['list', 'show', 'why', 'postmortem', 'help', 'help me', 'akc', '', 'x'.repeat(100_000)]) {
      const answer = bodyOf(await type(text));
      expect(answer).toMatchObject({ response_type: 'ephemeral', replace_original: false });
      expect(findSlackViolations(answer)).toEqual([]);
      expect(JSON.stringify(answer)).not.toMatch(/<!(channel|here|everyone)/);
    }
  });

  it('names where the whole postmortem is', async () => {
    const { deps, type } = makeDoor();
    await openIncident(deps);
    const answer = bodyOf(await type('postmortem'));
    expect(answer.text).toContain('https://tocsin.example/v1/incidents/42/postmortem');
    expect(JSON.stringify(answer.blocks)).toContain('# Postmortem of INC-42');
  });

  it.each([
    ['no user', { user_id: '' }],
    ['a user of another shape', { user_id: 'U1 U2' }],
    ['no trigger_id', { trigger_id: '' }],
    ['a trigger_id without end', { trigger_id: 'x'.repeat(201) }],
    ['no response_url', { response_url: '' }],
    ['a response_url that is none', { response_url: 'file:///etc/passwd' }],
  ])('refuses a command with %s', async (_name, override) => {
    const { type } = makeDoor();
    expect(documentOf(await type('ack', override))).toMatchObject({
      status: 400,
      contentType: 'application/problem+json',
    });
  });

  it('refuses a body that is too large', async () => {
    const { type } = makeDoor();
    expect((await type('x'.repeat(300_000))).statusCode).toBe(413);
  });
});

describe('buttons', () => {
  it('acknowledges what the presser saw, and tells only them', async () => {
    const { deps, press, stored } = makeDoor();
    const incident = await openIncident(deps);
    expect(await press('acknowledge', buttonValueOf(incident))).toMatchObject({ statusCode: 200, body: '' });
    expect((await stored())?.status).toBe('acknowledged');
    expect(deps.slackResponder.told).toEqual([
      {
        url: 'https://hooks.slack.com/actions/1',
        body: {
          response_type: 'ephemeral',
          replace_original: false,
          text: `You acknowledged INC-42. It is SEV1, acknowledged by dora.d until ${expiry}.`,
        },
      },
    ]);
    const [, commit] = await loadTimeline(deps.memory, incidentIdOf(42));
    expect(commit?.commandId).toBe('1700000000.1:tocsin:acknowledge:UDORA');
  });

  it('refuses an acknowledgement of a severity that has risen since', async () => {
    const { deps, press, stored } = makeDoor();
    const seen = await openIncident(deps, 42, 'SEV2');
    await carryOutElsewhere(deps, 42, { type: 'ChangeSeverity', severity: 'SEV1' });
    await press('acknowledge', buttonValueOf(seen));
    expect(deps.slackResponder.told[0]?.body.text).toMatch(
      /^INC-42 is now SEV1, worse than what you saw: look at it and press again\./,
    );
    expect((await stored())?.status).toBe('triggered');
  });

  it('refuses an acknowledgement of a generation that is over', async () => {
    const { deps, press, stored } = makeDoor();
    const seen = await openIncident(deps);
    await carryOutElsewhere(deps, 42, resolvesByHand);
    deps.clock.advance(16 * 60);
    await carryOutElsewhere(deps, 42, joins('SEV1', ['b']));
    await press('acknowledge', buttonValueOf(seen));
    expect(deps.slackResponder.told[0]?.body.text).toMatch(/^INC-42 was triggered again since this message/);
    expect((await stored())?.status).toBe('triggered');
  });

  it.each([
    ['escalate', 'You escalated INC-42.'],
    ['resolve', 'You resolved INC-42 while 1 of its alerts still fire.'],
  ])('%ss', async (button, text) => {
    const { deps, press } = makeDoor();
    const incident = await openIncident(deps);
    await press(button, buttonValueOf(incident));
    expect(deps.slackResponder.told[0]?.body.text).toContain(text);
  });

  it('renews an acknowledgement whose end was announced, and says until when', async () => {
    const { deps, press, stored } = makeDoor();
    await openIncident(deps);
    const acknowledged = await carryOutElsewhere(deps, 42, acknowledges);
    const renewOf = (incident: Incident) =>
      incidentButtons(incident)?.elements.find(({ text }) => text.text === 'Renew');
    expect(renewOf(acknowledged)).toBeUndefined();
    deps.clock.advance(3000);
    const announced = await carryOutElsewhere(deps, 42, tick(acknowledged));
    await press('acknowledge', renewOf(announced)?.value ?? '');
    expect(deps.slackResponder.told[0]?.body.text).toBe(
      'You acknowledged INC-42. It is SEV1, acknowledged by dora.d until <!date^1772459400^{date_short_pretty} {time}|2026-03-02 13:50 UTC>.',
    );
    expect((await stored())?.dueAt).toBe(at(6600));
  });

  it('moves an incident to the policy file that the presser saw compared, and to no other', async () => {
    const { deps, type } = makeDoor();
    await openIncident(deps);
    const { severities } = deps.policy;
    const row = { ...severities.SEV1, acknowledgeWithinSeconds: 600 };
    const today = makeDoor({
      ...deps,
      policy: aPolicy({ hash: 'beef01234567', severities: { ...severities, SEV1: row } }),
    });
    expect(JSON.stringify(bodyOf(await type('show 42')))).toContain("today's is the same");
    const shown = bodyOf(await today.type('policy 42'));
    expect(shown.blocks.at(-2).text.text).toBe(
      "Policy file `abcdef012345`, pinned when it opened or was last changed; today's is `beef01234567`:\n• acknowledge within 10m instead of 30d",
    );
    const { action_id: button, value } = shown.blocks.at(-1).elements[0];
    expect(button).toBe('tocsin:move');
    const later = makeDoor({ ...deps, policy: aPolicy({ hash: 'feed01234567' }) });
    await later.press('move', value);
    await today.press('move', value, {
      actions: [{ type: 'button', action_id: 'tocsin:move', value, action_ts: '1700000000.2' }],
    });
    expect(deps.slackResponder.told.map(({ body }) => String(body.text).split('. ')[0])).toEqual([
      "Today's policy file is another one than you saw: look with `/incident show` and press again",
      "You moved INC-42 to today's policy file; nobody is paged for that",
    ]);
    expect((await today.stored())?.pinned.policyHash).toBe('beef01234567');
    expect(await today.said('policy 42 move', { trigger_id: 'trigger.9' })).toMatch(/^Nothing changed for INC-42\./);
  });

  it('says so when a button is of an older message', async () => {
    const { deps, press } = makeDoor();
    await press('acknowledge', 'INC-42');
    expect(deps.slackResponder.told[0]?.body.text).toMatch(/^This button belongs to an older message/);
  });

  it('leaves the answer to the worker when Slack does not take it at once, and never the command again', async () => {
    const { deps, press } = makeDoor();
    const incident = await openIncident(deps);
    deps.slackResponder.outcome = { outcome: 'failed', reason: '503' };
    expect((await press('acknowledge', buttonValueOf(incident))).statusCode).toBe(200);
    expect(deps.queues.sent).toMatchObject([
      {
        queue: 'commands',
        body: {
          owed: {
            answer: { text: `You acknowledged INC-42. It is SEV1, acknowledged by dora.d until ${expiry}.` },
            tries: 1,
          },
        },
      },
    ]);
  });

  it.each([
    ['an interaction of another kind', { type: 'view_submission' }],
    ['a button that is not ours', { actions: [{ action_id: 'other', action_ts: '1' }] }],
    ['no action', { actions: [] }],
  ])('takes note of %s and does nothing', async (_name, override) => {
    const { deps, press } = makeDoor();
    expect(await press('acknowledge', 'x', override)).toMatchObject({ statusCode: 200, body: '' });
    expect(deps.slackResponder.told).toEqual([]);
  });

  it.each([
    ['no user', { user: null }],
    ['no actions', { actions: 'x' }],
    ['an action without its time', { actions: [{ action_id: 'tocsin:resolve', value: 'x' }] }],
    ['no response_url', { response_url: null }],
  ])('refuses a press with %s', async (_name, override) => {
    const { press } = makeDoor();
    expect((await press('acknowledge', 'x', override)).statusCode).toBe(400);
  });

  it.each(['', 'payload=', 'payload={', 'payload=[]', 'payload=null', 'payload=7', `payload=${'['.repeat(100_000)}`])(
    'refuses the payload %.20s',
    async (body) => {
      const { deps, handle } = makeDoor();
      const answer = await handle(slackRequest(deps, 'interactions', body));
      expect(documentOf(answer)).toMatchObject({ status: 400, contentType: 'application/problem+json' });
    },
  );
});

describe('the time that a request has', () => {
  async function counted(text: string | null): Promise<number> {
    const tables: CountingTable[] = [];
    const deps = makeDoorDeps({
      wrapTable: (table) => {
        const counting = makeCountingTable(table);
        tables.push(counting);
        return counting;
      },
    });
    const { type, press } = makeDoor(deps);
    const incident = await openIncident(deps);
    if (text === null) await press('acknowledge', buttonValueOf(incident));
    else await type(text);
    expect(deps.queues.sent).toEqual([]);
    return tables[0]?.depth ?? 0;
  }

  it.each([
    ['help', 0],
    ['list', 2],
    ['show 42', 2],
    ['show', 2],
    ['why 42', 2],
    ['ack 42', 3],
    ['ack', 3],
    ['note looking', 3],
    ['postmortem 42', 3],
    ['postmortem', 3],
  ])('takes for %s %i calls of the table in sequence', async (text, calls) => {
    expect(await counted(text)).toBe(calls);
  });

  it('takes for a button at most three', async () => {
    expect(await counted(null)).toBe(3);
  });

  /** Answers of the table that stop until the test lets them go. */
  function slowDoor() {
    const waiting: (() => void)[] = [];
    const deps = makeDoorDeps({
      wrapTable: (table) => makeCountingTable(table, () => new Promise((resolve) => waiting.push(resolve))),
    });
    const rounds = async (count: number) => {
      for (let i = 0; i < count; i += 1) await new Promise(setImmediate);
    };
    const letGo = async () => {
      for (let i = 0; i < 10; i += 1) {
        for (const go of waiting.splice(0)) go();
        await rounds(3);
      }
    };
    return { ...makeDoor(deps), rounds, letGo };
  }

  it('queues what is not decided after 1.5 s, and says that it is taken', async () => {
    const { deps, type, rounds } = slowDoor();
    await openIncident(deps);
    const answer = type('ack 42');
    await rounds(5);
    deps.clock.advance(1.499);
    await rounds(2);
    expect(deps.queues.sent).toEqual([]);
    deps.clock.advance(0.001);
    expect(bodyOf(await answer)).toMatchObject({
      response_type: 'ephemeral',
      text: 'Taken. The confirmation follows here in a moment.',
    });
    expect(deps.queues.sent.map(({ queue, body }) => ({ queue, body }))).toEqual([
      {
        queue: 'commands',
        body: {
          correlationId: 'id000000000000000001',
          commandId: 'trigger.1',
          responseUrl: 'https://hooks.slack.com/commands/1',
          takenAt: noon,
          actor: { kind: 'person', id: 'UDORA', name: 'dora.d' },
          incidentNumber: null,
          command: { type: 'Slack text', text: 'ack 42' },
        },
      },
    ]);
    expect(deps.metrics.counts).toEqual({ 'CommandsQueued{reason=too late}': 1 });
  });

  it('begins nothing after the answer, and a decision that ends late harms nobody', async () => {
    const { deps, press, rounds, letGo, stored } = slowDoor();
    const incident = await openIncident(deps);
    const answer = press('acknowledge', buttonValueOf(incident));
    await rounds(5);
    deps.clock.advance(1.5);
    await answer;
    const told = deps.slackResponder.told.length;
    const sent = deps.queues.sent.length;
    await letGo();
    expect((await stored())?.status).toBe('acknowledged');
    expect([deps.slackResponder.told.length, deps.queues.sent.length]).toEqual([told, sent]);
    expect(deps.queues.sent[0]?.body).toMatchObject({
      commandId: '1700000000.1:tocsin:acknowledge:UDORA',
      incidentNumber: 42,
      command: { type: 'AcknowledgeIncident', seenSeverity: 'SEV1', seenGeneration: 1 },
    });
  });

  it.each([
    ['unavailable', new AdapterError('dynamodb', 'unavailable', 'no connection')],
    ['in conflict with others', new AdapterError('dynamodb', 'conflict', 'another transaction')],
    ['broken', new Error('a bug')],
  ])('queues a command when the table is %s', async (_name, error) => {
    const deps = makeDoorDeps({ wrapTable: (table) => ({ ...table, write: () => Promise.reject(error) }) });
    const { said } = makeDoor(deps);
    await openIncident(deps);
    expect(await said('ack 42')).toMatch(/^Taken\./);
    expect(deps.queues.sent).toHaveLength(1);
  });

  it('never says that a command is taken when the queue does not have it', async () => {
    const deps = makeDoorDeps({
      wrapTable: (table) => ({ ...table, get: () => Promise.reject(new AdapterError('dynamodb', 'timeout', 'late')) }),
    });
    deps.queues.failWith = new AdapterError('sqs', 'unavailable', 'no connection');
    const { said } = makeDoor(deps);
    expect(await said('ack 42')).toBe(
      'I could not confirm that in time. Look with `/incident list`, and try again if it was not done.',
    );
  });

  it('gives up a queue and a response_url that do not answer, before Slack gives up the request', async () => {
    const { deps, press, rounds } = slowDoor();
    const incident = await openIncident(deps);
    const never = () => new Promise<never>(() => {});
    Object.assign(deps.queues, { send: never });
    const answer = press('acknowledge', buttonValueOf(incident));
    await rounds(5);
    deps.clock.advance(1.5);
    await rounds(5);
    deps.clock.advance(0.7);
    expect(bodyOf(await answer).text).toMatch(/^I could not confirm that in time/);
  });

  it('leaves to the worker what takes more calls than a request has', async () => {
    const { deps, said, stored } = makeDoor(
      makeDoorDeps({
        // The index still names an incident that has just been resolved.
        wrapTable: (table) => ({
          ...table,
          queryIndex: async (query) => {
            const page = await table.queryIndex(query);
            const stale = { pk: `INCIDENT#${incidentIdOf(41)}`, sk: 'STATE', openSort: incidentIdOf(41) };
            return query.partition.endsWith('#00') ? { ...page, items: [...page.items, stale] } : page;
          },
        }),
      }),
    );
    await openIncident(deps, 42);
    expect(await said('ack')).toMatch(/^Taken\./);
    expect((await stored(42))?.status).toBe('triggered');
    expect(deps.metrics.counts).toEqual({ 'CommandsQueued{reason=more calls}': 1 });
  });
});
