import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/respond-to-slack.ts';
import { makeHandler as makeWorker } from '#functions/run-commands.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { answerOverrides } from '#shared/notification/slack-on-call-answers.ts';
import type { QueuedCommand } from '#shared/runtime/messages.ts';
import { loadOverrideBook } from '#shared/store/override-store.ts';
import type { Table } from '#shared/store/table.ts';
import { type CountingTable, makeCountingTable } from '#test/support/counting-table.ts';
import { noon } from '#test/support/decision-builders.ts';
import { bodyOf, type DoorDeps, makeDoorDeps, slackForm, slackRequest } from '#test/support/door-kit.ts';
import { anOverride, onCallPolicy } from '#test/support/on-call-kit.ts';

/** It is Monday 13:00 in Berlin; alice is on call in `primary` until Tuesday 09:00, then bob, day by day. */
function makeDoor(deps: DoorDeps = makeDoorDeps({ policy: onCallPolicy() })) {
  const handle = makeHandler(deps);
  let typed = 0;
  const type = async (text: string, form: Record<string, string> = {}) => {
    typed += 1;
    const trigger = { user_id: 'UCAROL', trigger_id: `trigger.${typed}`, ...form };
    return bodyOf(await handle(slackRequest(deps, 'commands', slackForm({ text, ...trigger }))));
  };
  const said = async (text: string, form: Record<string, string> = {}): Promise<string> =>
    withoutDates((await type(text, form)).text);
  const shown = async (text: string): Promise<string> => withoutDates(JSON.stringify((await type(text)).blocks));
  const overrides = async () => (await loadOverrideBook(deps.memory, '2026-01-01T00:00:00.000Z')).overrides;
  const made = async () =>
    (await overrides()).map(({ schedule, person, replaces, startsAt, endsAt }) =>
      [schedule, person, startsAt, endsAt, ...(replaces === null ? [] : [`for ${replaces}`])].join(' '),
    );
  const idOf = async (index: number) => (await overrides())[index]?.id ?? '';
  return { deps, type, said, shown, overrides, made, idOf };
}

/** Slack's dates in UTC, and ids as `ID`. */
const withoutDates = (text: string): string =>
  text.replaceAll(/<!date\^\d+\^[^|]+\|([^>]+)>/g, '$1').replaceAll(/\b[0-9a-f]{10}\b/g, 'ID');

describe('/incident on-call', () => {
  it('says who is on call, until when, by which rule, and who is next', async () => {
    const { said } = makeDoor();
    expect(await said('on-call primary')).toBe(
      '*primary*: *alice* (layer day by day) until 2026-03-03 08:00 UTC, then bob',
    );
    expect(await said('on-call Backup')).toBe('*backup*: *dora* (layer always) with no change in sight');
  });

  it('shows every schedule without a name, and who made an override', async () => {
    const { said, shown } = makeDoor();
    await said('override primary carol for 2h');
    expect(JSON.parse(await shown('on-call'))).toMatchObject([
      {
        text: {
          text: [
            '*primary*: *carol* (override `ID` by carol instead of alice) until 2026-03-02 14:00 UTC, then alice',
            '*backup*: *dora* (layer always) with no change in sight',
          ].join('\n'),
        },
      },
    ]);
  });

  it('says when nobody is on call', async () => {
    const policy = onCallPolicy();
    const { primary } = policy.schedules;
    if (primary === undefined) throw new Error('there is one');
    const layers = primary.layers.map((layer) => ({ ...layer, start: '2026-03-03T09:00' }));
    const { said } = makeDoor(makeDoorDeps({ policy: { ...policy, schedules: { primary: { ...primary, layers } } } }));
    expect(await said('on-call primary')).toBe('*primary*: *nobody* is on call until 2026-03-03 08:00 UTC, then alice');
  });

  it('knows no schedule that is not there, and says which one may be meant', async () => {
    const { said } = makeDoor();
    expect(await said('on-call primry')).toBe('There is no schedule primry. Did you mean "primary"?');
    expect(await said('on-call constructor')).toBe(
      'There is no schedule constructor. Use one of: "primary", "backup".',
    );
    expect(await said('on-call', { text: 'on-call &lt;!channel&gt;' })).toContain('That is no name of a schedule.');
  });
});

describe('/incident override', () => {
  it('puts somebody on call for a time on the clocks of the schedule, and says instead of whom', async () => {
    const { said, made, deps } = makeDoor();
    expect(await said('override primary carol 18:00 to 22:00 dentist')).toBe(
      '*carol* is on call for *primary* from 2026-03-02 17:00 UTC until 2026-03-02 21:00 UTC. That is instead of alice. ' +
        '`/incident override cancel ID` takes it back.',
    );
    expect(await made()).toEqual(['primary carol 2026-03-02T17:00:00.000Z 2026-03-02T21:00:00.000Z']);
    expect(deps.log.lines.filter(({ message }) => message === 'override of a schedule')).toMatchObject([
      { fields: { by: 'carol', schedule: 'primary', person: 'carol', outcome: 'accepted' } },
    ]);
  });

  it('takes "me" for who asks, and a mention for who is mentioned', async () => {
    const { said, made } = makeDoor();
    expect(await said('override primary me for 2h')).toMatch(/^\*carol\* is on call/);
    expect(await said('override primary <@UBOB> until 20:00')).toMatch(/^\*bob\* is on call/);
    expect(await said('override primary me for 2h', { user_id: 'USTRANGER' })).toBe(
      'You are nobody whom the policy file knows by a Slack user. Write a name of the policy file.',
    );
    expect(await made()).toHaveLength(2);
  });

  it('says aloud what it covers: the later made wins', async () => {
    const { said } = makeDoor();
    await said('override primary carol 18:00 to 20:00');
    expect(await said('override primary bob 19:00 to 23:00')).toBe(
      '*bob* is on call for *primary* from 2026-03-02 18:00 UTC until 2026-03-02 22:00 UTC. That is instead of carol, alice. ' +
        'It covers the override for carol until 2026-03-02 19:00 UTC by carol, because it was made later. ' +
        '`/incident override cancel ID` takes it back.',
    );
  });

  it.for([
    ['override primary carol 2026-03-04T18:00 to 2026-03-04T17:00', /^It would end at .* not after its start/],
    ['override primary carol 2026-03-01T10:00 to 12:00', /^It would end at .* and it is /],
    ['override primary carol for 40d', /^It would last longer than 31 days\./],
    ['override primary carol for 500d', /^That is longer than a year\.$/],
    ['override primary carl for 2h', /^There is no person carl\. Did you mean "carol"\?$/],
    ['override primry carol for 2h', /^There is no schedule primry\. Did you mean "primary"\?$/],
    [
      'override primary carol 2026-03-29T02:30 for 2h',
      /^Clocks in Europe\/Berlin skip 02:30 .* Write 2026-03-29T03:00/,
    ],
    ['override primary carol 2026-10-25T02:30 for 2h', /twice\. Write 2026-10-25T02:30\+02:00 for the first or /],
    ['override primary carol whenever', /^I need a schedule, a person and when/],
    ['override primary alice until 20:00', /^Nothing to do: this person is on call then already\.$/],
    [`override primary carol for 2h ${'x'.repeat(600)}`, /^The reason has more than 500 characters\./],
  ] as const)('%s is refused with what to write instead', async ([text, answer]) => {
    const { said, made } = makeDoor();
    expect(await said(text)).toMatch(answer);
    expect(await made()).toEqual([]);
  });

  it('is made once however often the command comes', async () => {
    const { deps, said, made } = makeDoor();
    const again = { trigger_id: 'trigger.again' };
    await said('override primary carol for 2h', again);
    deps.clock.advance(60);
    expect(await said('override primary carol for 2h', again)).toMatch(
      /^That was already done: \*carol\* for \*primary\*/,
    );
    expect(await made()).toEqual(['primary carol 2026-03-02T12:00:00.000Z 2026-03-02T14:00:00.000Z']);
  });

  it('is listed with who made it when, until it is cancelled', async () => {
    const { said, shown, idOf, overrides } = makeDoor();
    expect(await said('overrides')).toBe('There are no overrides. `/incident on-call` shows who is on call.');
    await said('override primary carol for 2h *dentist*');
    expect(await shown('override list')).toContain(
      '`ID` *carol* for *primary* from 2026-03-02 12:00 UTC until 2026-03-02 14:00 UTC, by carol 2026-03-02 12:00 UTC: *dentist*',
    );
    const id = await idOf(0);
    expect(await said(`override cancel ${id}`, { user_id: 'UBOB' })).toBe(
      'Cancelled: *carol* for *primary* from 2026-03-02 12:00 UTC until 2026-03-02 14:00 UTC. The schedule counts again, from now on.',
    );
    expect(await overrides()).toMatchObject([{ version: 2, cancelledAt: noon, cancelledBy: { name: 'bob' } }]);
    expect(await said('on-call primary')).toMatch(/^\*primary\*: \*alice\*/);
    expect(await said(`override cancel ${id}`)).toBe('That was cancelled already.');
    expect(await said('overrides')).toMatch(/^There are no overrides\./);
    expect(await said('override cancel 0123456789')).toMatch(/^There is no such override, or it is over\./);
  });

  it('stays within what Slack takes, however many there are', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      anOverride({
        id: `${index}`.padStart(10, '0'),
        schedule: 'x'.repeat(80),
        person: 'x'.repeat(80),
        replaces: 'x'.repeat(80),
        createdBy: { kind: 'person', id: 'U1', name: '&'.repeat(80) },
        reason: '&'.repeat(500),
        swapId: '0123456789',
      }),
    );
    const answer = answerOverrides(many);
    expect(findSlackViolations(answer)).toEqual([]);
    expect(JSON.stringify(answer.blocks)).toContain('and 185 more');
  });
});

describe('/incident swap', () => {
  it('swaps the next shifts of two people and says which', async () => {
    const { said, made } = makeDoor();
    expect(await said('swap primary alice bob')).toBe(
      'Swapped: *bob* is on call for *primary* from 2026-03-04 08:00 UTC until 2026-03-05 08:00 UTC instead of alice; ' +
        '*alice* is on call for *primary* from 2026-03-03 08:00 UTC until 2026-03-04 08:00 UTC instead of bob. ' +
        '`/incident override cancel ID` takes it back.',
    );
    expect(await made()).toEqual([
      'primary alice 2026-03-03T08:00:00.000Z 2026-03-04T08:00:00.000Z for bob',
      'primary bob 2026-03-04T08:00:00.000Z 2026-03-05T08:00:00.000Z for alice',
    ]);
  });

  it('begins where it is told to, and is made once', async () => {
    const { said, made } = makeDoor();
    const again = { trigger_id: 'trigger.again' };
    await said('swap primary alice bob from monday 09:00', again);
    expect(await said('swap primary alice bob from monday 09:00', again)).toMatch(/^That was already done/);
    expect(await made()).toEqual([
      'primary alice 2026-03-09T08:00:00.000Z 2026-03-10T08:00:00.000Z for bob',
      'primary bob 2026-03-10T08:00:00.000Z 2026-03-11T08:00:00.000Z for alice',
    ]);
  });

  it('is taken back as a whole by its own id, or by halves', async () => {
    const { said, idOf, overrides } = makeDoor();
    await said('swap primary alice bob');
    const half = await idOf(0);
    expect(await said(`override cancel ${half}`)).toMatch(/^Cancelled: \*alice\* for/);
    await said(`override cancel ${half.slice(0, 10)}`);
    expect((await overrides()).map(({ cancelledAt }) => cancelledAt)).toEqual([noon, noon]);
  });

  it.for([
    ['swap primary alice alice', /^Both shifts are alice's\. Name two people\.$/],
    ['swap primary alice carol', /^carol begins no shift of primary in the 400 days from /],
    ['swap primary alice', /^I need a schedule and two people/],
  ] as const)('%s is refused with the reason', async ([text, answer]) => {
    const { said, made } = makeDoor();
    expect(await said(text)).toMatch(answer);
    expect(await made()).toEqual([]);
  });
});

describe('a command about schedules within a request', () => {
  it.for([
    ['on-call', 1],
    ['override primary carol for 2h', 2],
    ['swap primary alice bob', 2],
    ['override cancel 0123456789', 1],
  ] as const)('%s takes at most three calls in sequence: %i', async ([text, calls]) => {
    const counting: { table: CountingTable | null } = { table: null };
    const wrapTable = (table: Table) => {
      counting.table = makeCountingTable(table);
      return counting.table;
    };
    await makeDoor(makeDoorDeps({ policy: onCallPolicy(), wrapTable })).type(text);
    expect(counting.table?.depth).toBe(calls);
  });

  it('that loses a race is left to the worker, which means the hours of when it was asked', async () => {
    let racing = true;
    const deps = makeDoorDeps({
      policy: onCallPolicy(),
      wrapTable: (table) => ({
        ...table,
        write: (writes) => {
          if (!racing) return table.write(writes);
          racing = false;
          return table
            .write([{ kind: 'put', item: { pk: 'OVERRIDES', sk: 'VERSION', version: 7 } }])
            .then(() => table.write(writes));
        },
      }),
    });
    const { said, made } = makeDoor(deps);
    expect(await said('override primary carol for 2h')).toMatch(/^Taken\./);
    const [queued] = deps.queues.sent.filter(({ queue }) => queue === 'commands');
    deps.clock.advance(300);
    const body = queued?.body as QueuedCommand;
    const worker = makeWorker(deps);
    await worker({ Records: [sqsRecord(body)] });
    await worker({ Records: [sqsRecord(body)] });
    expect(await made()).toEqual(['primary carol 2026-03-02T12:05:00.000Z 2026-03-02T14:00:00.000Z']);
    expect(deps.slackResponder.told.map(({ body: { text } }) => withoutDates(String(text)).slice(0, 20))).toEqual([
      '*carol* is on call f',
      'That was already don',
    ]);
  });
});

const sqsRecord = (body: QueuedCommand) => ({
  messageId: 'message-1',
  receiptHandle: 'receipt',
  body: JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:tocsin-commands',
  awsRegion: 'eu-central-1',
});
