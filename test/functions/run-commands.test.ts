import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/run-commands.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import type { QueuedCommand } from '#shared/runtime/messages.ts';
import { loadIncident, loadTimeline } from '#shared/store/incident-store.ts';
import { acknowledges, noon, resolvesByHand } from '#test/support/decision-builders.ts';
import { carryOutElsewhere, type DoorDeps, incidentIdOf, makeDoorDeps, openIncident } from '#test/support/door-kit.ts';

const expiry = '<!date^1772456400^{date_short_pretty} {time}|2026-03-02 13:00 UTC>';

const aCommand = (override: Partial<QueuedCommand> = {}): QueuedCommand => ({
  correlationId: 'correlation',
  commandId: 'trigger.1',
  actor: { kind: 'person', id: 'UDORA', name: 'Dora' },
  incidentNumber: null,
  command: { type: 'Slack text', text: 'ack 42' },
  responseUrl: 'https://hooks.slack.com/commands/1',
  takenAt: noon,
  ...override,
});

const press = { type: 'AcknowledgeIncident', seenSeverity: 'SEV1', seenGeneration: 1 } as const;

const sqsEvent = (body: unknown, receives = 1): SQSEvent => ({
  Records: [
    {
      messageId: 'message-1',
      receiptHandle: 'handle-1',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: '0',
        SenderId: 'sender',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:tocsin-test-commands',
      awsRegion: 'us-east-1',
    },
  ],
});

function makeWorker(deps: DoorDeps = makeDoorDeps()) {
  const handle = makeHandler(deps);
  const run = (body: unknown, receives?: number) => handle(sqsEvent(body, receives));
  const told = () => deps.slackResponder.told.map(({ body }) => body.text);
  const stored = () => loadIncident(deps.memory, incidentIdOf(42));
  return { deps, run, told, stored };
}

const done = { batchItemFailures: [] };
const givenBack = { batchItemFailures: [{ itemIdentifier: 'message-1' }] };

describe('the worker of commands', () => {
  it('decides a command and tells the person with the sentence that the door would have used', async () => {
    const { deps, run, told, stored } = makeWorker();
    await openIncident(deps);
    expect(await run(aCommand())).toEqual(done);
    expect(deps.slackResponder.told[0]?.url).toBe('https://hooks.slack.com/commands/1');
    expect(told()).toEqual([`You acknowledged INC-42. It is SEV1, acknowledged by Dora until ${expiry}.`]);
    expect((await stored())?.acknowledgedBy).toEqual({ kind: 'person', id: 'UDORA', name: 'Dora' });
  });

  it('decides a press by what the presser saw', async () => {
    const { deps, run, told, stored } = makeWorker();
    await openIncident(deps, 42, 'SEV2');
    await carryOutElsewhere(deps, 42, { type: 'ChangeSeverity', severity: 'SEV1' });
    const seen = { ...press, seenSeverity: 'SEV2' } as const;
    await run(aCommand({ incidentNumber: 42, command: seen }));
    expect(told()[0]).toMatch(/^INC-42 is now SEV1, worse than what you saw/);
    expect((await stored())?.status).toBe('triggered');
  });

  it('tells how things stand when the door was quicker after all, and does nothing twice', async () => {
    const { deps, run, told } = makeWorker();
    await openIncident(deps);
    await run(aCommand());
    await run(aCommand());
    expect(told()[1]).toBe(`That was already done for INC-42. It is SEV1, acknowledged by Dora until ${expiry}.`);
    expect(await loadTimeline(deps.memory, incidentIdOf(42))).toHaveLength(2);
  });

  it('finds the only open incident, also where the index still names another', async () => {
    const { deps, run, told } = makeWorker(
      makeDoorDeps({
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
    await openIncident(deps);
    await run(aCommand({ command: { type: 'Slack text', text: 'ack' } }));
    expect(told()[0]).toMatch(/^You acknowledged INC-42/);
  });

  it.each([
    ['ack 7', /^There is no such incident \(INC-7\)/],
    ['nonsense', /^I do not know `nonsense`/],
    ['list', /^1 incident is open/],
    ['why', /^Why INC-42 paged whom/],
    ['show', /INC-42/],
    ['postmortem', /^The postmortem of INC-42 is drafted/],
  ])('answers %s', async (text, expected) => {
    const { deps, run, told } = makeWorker();
    await openIncident(deps);
    await run(aCommand({ command: { type: 'Slack text', text } }));
    expect(told()[0]).toMatch(expected);
  });

  it('gives the message back while the table cannot be asked, as often as it takes', async () => {
    const error = new AdapterError('dynamodb', 'unavailable', 'no connection');
    const { deps, run, told } = makeWorker(
      makeDoorDeps({ wrapTable: (table) => ({ ...table, get: () => Promise.reject(error) }) }),
    );
    expect(await run(aCommand(), 50)).toEqual(givenBack);
    expect([told(), deps.queues.dead, deps.queues.sent]).toEqual([[], [], []]);
  });

  it.each([
    [{ outcome: 'failed', reason: '503' } as const],
    [{ outcome: 'unknown', reason: 'timeout' } as const],
    [{ outcome: 'rate limited', retryAfterSeconds: 30 } as const],
  ])('owes the same answer when Slack does not take it (%j), and never decides again', async (outcome) => {
    const { deps, run, told, stored } = makeWorker();
    await openIncident(deps);
    deps.slackResponder.outcome = outcome;
    expect(await run(aCommand({ command: { type: 'Slack text', text: 'note 42 looking' } }))).toEqual(done);
    const [owed] = deps.queues.sent;
    expect(owed).toMatchObject({ queue: 'commands', body: { owed: { tries: 1 }, takenAt: noon } });
    await carryOutElsewhere(deps, 42, resolvesByHand);
    deps.slackResponder.outcome = { outcome: 'ok', value: null };
    await run(owed?.body);
    expect(told()[1]).toBe(told()[0]);
    expect(told()[1]).toMatch(/^Noted on INC-42/);
    expect((await stored())?.version).toBe(3);
  });

  it('tries an answer for half an hour, then gives it up and says so in the log', async () => {
    const { deps, run } = makeWorker();
    const owed = { answer: { text: 'You acknowledged INC-42.' }, tries: 3 };
    deps.slackResponder.outcome = { outcome: 'failed', reason: '503' };
    deps.clock.advance(30 * 60 - 1);
    await run(aCommand({ owed }));
    expect(deps.queues.sent).toHaveLength(1);
    deps.clock.advance(1);
    expect(await run(aCommand({ owed }))).toEqual(done);
    expect(deps.queues.sent).toHaveLength(1);
    expect(deps.log.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: 'an answer could not be told within half an hour and is given up',
      fields: { correlationId: 'correlation' },
    });
  });

  it('gives an answer up at once when its address is used up', async () => {
    const { deps, run } = makeWorker();
    await openIncident(deps);
    deps.slackResponder.outcome = { outcome: 'refused', reason: 'used_url' };
    expect(await run(aCommand())).toEqual(done);
    expect(deps.queues.sent).toEqual([]);
    expect(deps.log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { reason: 'used_url' } });
  });

  it('waits 3 s for Slack, so that one answer does not use up the time of a batch', async () => {
    const { deps, run } = makeWorker();
    await openIncident(deps);
    Object.assign(deps.slackResponder, { respond: () => new Promise(() => {}) });
    const answer = run(aCommand());
    for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
    deps.clock.advance(3);
    expect(await answer).toEqual(done);
    expect(deps.queues.sent).toMatchObject([{ body: { owed: { tries: 1 } } }]);
  });

  it('does not carry out a command that is half an hour old, and tells the fallback', async () => {
    const { deps, run, stored } = makeWorker();
    await openIncident(deps);
    deps.clock.advance(30 * 60);
    expect(await run(aCommand())).toEqual(done);
    expect((await stored())?.status).toBe('triggered');
    expect(deps.queues.sent).toMatchObject([
      {
        queue: 'sns-pages',
        body: {
          kind: 'fallback',
          correlationId: 'correlation',
          text: expect.stringContaining('a command of Dora could not be decided within half an hour, and was not done'),
        },
      },
    ]);
  });

  it('sets aside what can never succeed at its third receive, and tells the fallback', async () => {
    const { deps, run } = makeWorker();
    expect(await run('{broken', 1)).toEqual(givenBack);
    expect(await run('{broken', 3)).toEqual(done);
    expect(deps.queues.dead).toHaveLength(1);
    expect(deps.queues.sent).toMatchObject([
      { queue: 'sns-pages', body: { kind: 'fallback', text: expect.stringContaining('a command of somebody') } },
    ]);
  });

  it('names the person whose command was set aside', async () => {
    const bug = new Error('a bug');
    const { deps, run } = makeWorker(
      makeDoorDeps({ wrapTable: (table) => ({ ...table, get: () => Promise.reject(bug) }) }),
    );
    await run(aCommand(), 3);
    expect(deps.queues.sent).toMatchObject([{ body: { text: expect.stringContaining('a command of Dora') } }]);
  });

  it('logs no response_url: who has it can speak to the person', async () => {
    const { deps, run } = makeWorker();
    await openIncident(deps);
    await carryOutElsewhere(deps, 42, acknowledges);
    deps.slackResponder.outcome = { outcome: 'failed', reason: '503' };
    await run(aCommand());
    expect(JSON.stringify(deps.log.lines)).not.toContain('hooks.slack.com');
  });
});
