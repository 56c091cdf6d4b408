import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/respond-to-slack.ts';
import { makeHandler as makeWorker } from '#functions/run-commands.ts';
import type { AlertRecord } from '#shared/alert/alert.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { incidentButtons } from '#shared/notification/slack-buttons.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { answerSilences } from '#shared/notification/slack-silence-answers.ts';
import type { QueuedCommand } from '#shared/runtime/messages.ts';
import { alertWrite } from '#shared/store/alert-store.ts';
import { loadSilences } from '#shared/store/silence-store.ts';
import { record } from '#test/shared/alert/alert-builders.ts';
import { one, silence } from '#test/shared/silence/silence-builders.ts';
import { type CountingTable, makeCountingTable } from '#test/support/counting-table.ts';
import { at, joins, noon } from '#test/support/decision-builders.ts';
import {
  bodyOf,
  carryOutElsewhere,
  type DoorDeps,
  incidentIdOf,
  makeDoorDeps,
  openIncident,
  pressOf,
  slackForm,
  slackRequest,
} from '#test/support/door-kit.ts';

interface Pressable {
  readonly action_id: string;
  readonly value: string;
}

function makeDoor(deps: DoorDeps = makeDoorDeps()) {
  const handle = makeHandler(deps);
  let presses = 0;
  const type = async (text: string) =>
    bodyOf(await handle(slackRequest(deps, 'commands', slackForm({ text, trigger_id: `trigger.${++presses}` }))));
  const press = async ({ action_id, value }: Pressable): Promise<string> => {
    presses += 1;
    const actions = [{ type: 'button', action_id, value, action_ts: `1700000000.${presses}` }];
    await handle(slackRequest(deps, 'interactions', pressOf('', '', { actions })));
    return String(deps.slackResponder.told.at(-1)?.body.text ?? '');
  };
  const silences = () => loadSilences(deps.memory);
  return { deps, type, press, silences };
}

/** The buttons of an answer, whatever block they stand in. */
const buttonsOf = (answer: { blocks?: readonly { elements?: readonly unknown[]; type: string }[] }): Pressable[] =>
  (answer.blocks ?? [])
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements = [] }) => elements as Pressable[]);
const only = <T>(list: readonly T[]): T => {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`${list.length} instead of one`);
  return first;
};
const silenceButtonOf = (incident: Incident): Pressable => {
  const elements = (incidentButtons(incident)?.elements ?? []) as readonly Pressable[];
  return only(elements.filter(({ action_id }) => action_id === 'tocsin:silence-alerts'));
};

async function fire(deps: DoorDeps, ...alerts: readonly Partial<AlertRecord>[]): Promise<void> {
  for (const each of alerts)
    await deps.memory.write([alertWrite(null, record({ source: 'main', ...each }), deps.policy)]);
}
const disk = { fingerprint: 'd1', labels: { alertname: 'Disk', instance: 'web-1' }, incidentIds: [incidentIdOf(42)] };
const rejudged = (deps: DoorDeps) =>
  deps.queues.sent
    .filter(({ queue }) => queue === 'ingest')
    .flatMap(({ body }) => (body as { alerts: unknown[] }).alerts);

describe('/incident silence', () => {
  it('shows what it would hide before anything is silenced, and a press makes it from then on', async () => {
    const { deps, type, press, silences } = makeDoor();
    await openIncident(deps);
    await fire(deps, disk, { fingerprint: 'm1', labels: { alertname: 'Memory' } });
    const answer = await type('silence alertname=Disk 2h replacing &lt;the&gt; disk');
    expect(answer.text).toMatch(
      /^Silence `{alertname="Disk"}` for 2h\? It hides 1 alert of 2 that fire now: 1 of SEV\d\.$/,
    );
    expect(JSON.stringify(answer.blocks)).toContain('INC-42 SEV1 HighErrorRate: Too many errors: *resolves*');
    expect([await silences(), deps.queues.sent]).toEqual([[], []]);
    expect(findSlackViolations(answer)).toEqual([]);

    deps.clock.advance(60);
    const button = only(buttonsOf(answer));
    expect(await press(button)).toMatch(/^Silenced `{alertname="Disk"}` until /);
    expect(await silences()).toMatchObject([
      {
        matchers: [{ name: 'alertname', operator: '=', value: 'Disk' }],
        startsAt: at(60),
        endsAt: at(60 + 7200),
        createdBy: 'dora.d',
        comment: 'replacing <the> disk',
      },
    ]);
    expect(rejudged(deps)).toHaveLength(2);
    expect(await press(button)).toMatch(/^That was already done: silenced /);
    expect(await silences()).toHaveLength(1);
  });

  it.each([
    ['silence alertname=Disk', /needs to know how long/],
    ['silence 2h', /No incident is open/],
    ['silence alertname=~"(" 2h', /That cannot be read: the regular expression "\("/],
    ['silence alertname=~".*" 2h', /cannot be a silence: at least one matcher must not match the empty string/],
    ['silence a="b 2h', /needs to know how long|cannot be read/],
    ['silence a=b c" 1h', /That cannot be read/],
    [`silence alertname=${'x'.repeat(3000)} 2h`, /too long for a button/],
  ])('explains what is wrong with %j', async (text, sentence) => {
    const { type, silences } = makeDoor();
    expect((await type(text)).text).toMatch(sentence);
    expect(await silences()).toEqual([]);
  });

  it('takes what the alerts of an incident share', async () => {
    const { deps, type, press, silences } = makeDoor();
    const { sample } = await openIncident(deps);
    await press(only(buttonsOf(await type('silence 42 30m'))));
    const labels = Object.fromEntries((await silences())[0]?.matchers.map(({ name, value }) => [name, value]) ?? []);
    expect(labels).toEqual(sample[0]?.labels);
    expect((await type('silence 7 30m')).text).toMatch(/There is no such incident/);
  });

  it('warns, and still makes it', async () => {
    const { deps, type } = makeDoor();
    await fire(deps, disk);
    const answer = await type('silence instance!=db 60d');
    expect(JSON.stringify(answer.blocks)).toMatch(/⚠️ .*names no value.*⚠️ It is long \(60d\)/);
    expect(only(buttonsOf(answer))).toMatchObject({ style: 'danger' });
  });

  it('escapes what alerts and people say, and fits Slack whatever they say', async () => {
    const { deps, type } = makeDoor();
    const nasty = '<!channel> `*_~ & '.repeat(50);
    await fire(
      deps,
      ...Array.from({ length: 60 }, (_, i) => ({
        fingerprint: `n${i}`,
        labels: { alertname: 'Disk', note: `${nasty}${i}` },
        incidentIds: [],
      })),
    );
    const answer = await type(`silence alertname=Disk,note=~"${'<!channel>.*|'.repeat(60)}.+" 2h`);
    // The button gives it back to us alone.
    const shown = JSON.stringify(answer, (name, value) => (name === 'value' ? '' : value));
    expect(shown).not.toContain('<!channel>');
    expect(shown).toContain('&lt;!channel&gt;');
    expect(findSlackViolations(answer)).toEqual([]);
  });
});

describe('/incident silences and unsilence', () => {
  it('lists what is silenced with a button to end each, and ends it', async () => {
    const { deps, type, press, silences } = makeDoor();
    await fire(deps, disk);
    expect((await type('silences')).text).toBe('Nothing is silenced.');
    await press(only(buttonsOf(await type('silence Disk 2h &lt;!channel&gt;'))));
    deps.queues.sent.length = 0;
    const listed = await type('unsilence');
    expect(listed.text).toBe('1 silence.');
    expect(JSON.stringify(listed)).not.toContain('<!channel>');
    expect(findSlackViolations(listed)).toEqual([]);
    deps.clock.advance(600);
    expect(await press(only(buttonsOf(listed)))).toBe(
      'Ended the silence of `{alertname="Disk"}`. What still fires is told again.',
    );
    expect(await silences()).toMatchObject([{ endsAt: at(600), endedBy: 'dora.d' }]);
    expect(rejudged(deps)).toEqual([{ source: 'main', fingerprint: 'd1' }]);
    const { id } = only(await silences());
    expect((await type(`unsilence ${id}`)).text).toBe(
      'The silence of `{alertname="Disk"}` has ended already (by dora.d).',
    );
  });

  it('escapes every text of a silence, whoever wrote it', () => {
    const nasty = '<!channel>';
    const told = answerSilences(
      [
        silence({
          createdBy: nasty,
          comment: nasty,
          origin: { kind: 'maintenance', window: nasty },
          matchers: [{ name: 'a', operator: '=', value: nasty }],
        }),
      ],
      one,
    );
    expect(JSON.stringify(told)).not.toContain(nasty);
  });

  it('ends several at once, and says which there are not', async () => {
    const { deps, type, press, silences } = makeDoor();
    for (const name of ['Disk', 'Memory']) {
      await press(only(buttonsOf(await type(`silence ${name} 2h`))));
      deps.clock.advance(1);
    }
    const ids = (await silences()).map(({ id }) => id);
    const answer = await type(`unsilence ${ids.join(', ')} 00000000-0000-7000-8000-00000000ffff`);
    expect(JSON.stringify(answer)).toContain('There is no silence');
    expect((await silences()).map(({ endedBy }) => endedBy)).toEqual(['dora.d', 'dora.d']);
    expect((await type('unsilence what')).text).toMatch(/is no id of a silence/);
  });
});

describe('the button that silences the alerts of an incident', () => {
  it('makes a silence for each alert that fires, until it resolves and at most 7 days', async () => {
    const { deps, press, silences } = makeDoor();
    await openIncident(deps);
    const incident = await carryOutElsewhere(deps, 42, joins('SEV1', ['b']));
    expect(await press(silenceButtonOf(incident))).toMatch(
      /^Silenced 2 alerts of INC-42 until each resolves, at the latest /,
    );
    const made = await silences();
    expect(made.map(({ untilResolved }) => untilResolved?.fingerprint).sort()).toEqual(
      incident.sample.map(({ fingerprint }) => fingerprint).sort(),
    );
    for (const silence of made) {
      expect(silence).toMatchObject({ createdBy: 'dora.d', startsAt: noon, endsAt: at(7 * 86_400) });
      expect(silence.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const { labels } = only(
        incident.sample.filter(({ fingerprint }) => fingerprint === silence.untilResolved?.fingerprint),
      );
      expect(Object.fromEntries(silence.matchers.map(({ name, value }) => [name, value]))).toEqual(labels);
    }
    expect(rejudged(deps)).toHaveLength(2);
  });

  it('finds alerts that the message does not name with the worker, which makes none twice', async () => {
    const { deps, press, silences } = makeDoor();
    await openIncident(deps);
    const names = Array.from({ length: 12 }, (_, i) => `x${i}`);
    const incident = await carryOutElsewhere(deps, 42, joins('SEV1', names));
    await fire(
      deps,
      ...incident.sample.map(({ fingerprint, labels }) => ({ fingerprint, labels, incidentIds: [incident.id] })),
      ...names
        .slice(9)
        .map((name) => ({ fingerprint: `f-${name}`, labels: { alertname: name }, incidentIds: [incident.id] })),
      { fingerprint: 'elsewhere', labels: { alertname: 'Other' }, incidentIds: [incidentIdOf(7)] },
    );
    await press(silenceButtonOf(incident));
    expect(await silences()).toEqual([]);
    const queued = only(deps.queues.sent).body as QueuedCommand;
    const { run } = workerOf(deps);
    await run(queued);
    expect(await silences()).toHaveLength(13);
    await run(queued);
    expect(await silences()).toHaveLength(13);
  });

  it('does nothing when nothing fires any more, or when its value is of an older form', async () => {
    const { deps, press, silences } = makeDoor();
    const incident = await openIncident(deps);
    const button = silenceButtonOf(incident);
    await carryOutElsewhere(deps, 42, {
      type: 'ApplyAlerts',
      routed: null,
      joined: [],
      resolved: incident.sample.map(({ source, fingerprint }) => ({ source, fingerprint, wentQuiet: false })),
      suppressed: [],
      number: 42,
    });
    expect(await press(button)).toBe('No alert of INC-42 fires any more: there is nothing to silence.');
    for (const action_id of ['tocsin:silence-alerts', 'tocsin:silence-make', 'tocsin:silence-end']) {
      expect(await press({ action_id, value: '{"old":"form"}' })).toMatch(/^This button belongs to an older message/);
    }
    expect(await silences()).toEqual([]);
  });

  it('is not there where too many alerts fire to silence them one by one', () => {
    const incident = { firing: 41, status: 'triggered', pinned: { pages: 'never' } } as Incident;
    expect(JSON.stringify(incidentButtons(incident))).not.toContain('silence-alerts');
  });
});

function workerOf(deps: DoorDeps) {
  const handle = makeWorker(deps);
  const run = (queued: QueuedCommand) =>
    handle({
      Records: [
        {
          messageId: 'm',
          receiptHandle: 'h',
          body: JSON.stringify(queued),
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: '0',
            SenderId: 's',
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
  return { run };
}

describe('the calls of the table that a request makes, beside one of the queue', () => {
  async function counted(act: (door: ReturnType<typeof makeDoor>, incident: Incident) => Promise<unknown>) {
    const tables: CountingTable[] = [];
    const deps = makeDoorDeps({
      wrapTable: (table) => {
        const counting = makeCountingTable(table);
        tables.push(counting);
        return counting;
      },
    });
    const door = makeDoor(deps);
    const incident = await openIncident(deps);
    await fire(deps, disk);
    await act(door, incident);
    expect(deps.queues.sent.filter(({ queue }) => queue === 'commands')).toEqual([]);
    return tables[0]?.depth ?? 0;
  }

  it('are three in sequence at most', async () => {
    const proposed = await makeDoor().type('silence Disk 2h');
    expect(await counted(({ type }) => type('silence Disk 2h'))).toBe(3);
    expect(await counted(({ type }) => type('silence 42 2h'))).toBeLessThanOrEqual(3);
    expect(await counted(({ type }) => type('silences'))).toBe(1);
    expect(await counted(({ press }) => press(only(buttonsOf(proposed))))).toBe(2);
    expect(await counted(({ press }, incident) => press(silenceButtonOf(incident)))).toBe(2);
    expect(await counted(({ type }) => type('unsilence 00000000-0000-7000-8000-000000000009'))).toBe(1);
  });
});
