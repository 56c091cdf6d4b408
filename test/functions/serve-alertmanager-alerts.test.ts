import { describe, expect, it } from 'vitest';
import type { AlertRecord } from '#shared/alert/alert.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Suppression } from '#shared/alert/suppression.ts';
import { saveSilence } from '#shared/store/silence-store.ts';
import { matcher, node } from '#test/shared/route/route-builders.ts';
import { silence } from '#test/shared/silence/silence-builders.ts';
import { answerOf, type Client, firing, makeClient, storeAlerts } from '#test/support/alertmanager-kit.ts';
import { aPolicy, at, noon } from '#test/support/decision-builders.ts';

const route = node('root', {
  receiver: 'everybody',
  groupBy: ['alertname'],
  routes: [
    node('root/db', {
      receiver: 'database team',
      matchers: [matcher('team', '=', 'db')],
      groupBy: ['alertname', 'cluster'],
      continue: true,
    }),
    node('root/all', { receiver: 'audit', matchers: [matcher('team', '=~', '.+')], groupBy: ['...'] }),
  ],
});
const policy = aPolicy({ route });

const disk = firing({ alertname: 'Disk', team: 'db', cluster: 'eu' }, { annotations: { summary: 'full' } });
const lag = firing({ alertname: 'Lag', team: 'web' }, { generatorURL: 'http://prometheus/graph' });
const plain = firing({ alertname: 'Plain' });

async function withAlerts(...alerts: readonly AlertRecord[]): Promise<Client> {
  const client = makeClient({ policy });
  await storeAlerts(client, ...alerts);
  return client;
}
const hold = (alert: AlertRecord, suppressedBy: Suppression): AlertRecord => ({ ...alert, suppressedBy });
const inhibition: Suppression = {
  kind: 'inhibition',
  rule: 'cluster down',
  inhibitor: { source: 'main', fingerprint: '73dbeed5635ea4e4' },
  until: at(600),
};
const until = at(600);

/** Names of the alerts in the answer, in its order. */
async function namesIn(client: Client, query = ''): Promise<readonly string[]> {
  const [status, alerts] = answerOf(await client.get(`/api/v2/alerts${query}`));
  expect(status).toBe(200);
  return (alerts as { labels: { alertname: string } }[]).map(({ labels }) => labels.alertname);
}

describe('GET /alerts', () => {
  it('shows each field as Alertmanager does', async () => {
    const [, alerts] = answerOf(await (await withAlerts(lag)).get('/api/v2/alerts'));
    expect(alerts).toEqual([
      {
        annotations: {},
        endsAt: at(300),
        fingerprint: fingerprintOf(lag.labels),
        receivers: [{ name: 'audit' }],
        startsAt: noon,
        status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
        updatedAt: noon,
        generatorURL: 'http://prometheus/graph',
        labels: lag.labels,
      },
    ]);
  });

  it('shows the end that its source named, until it is over; then it fires until its end is decided', async () => {
    const client = await withAlerts(firing({ alertname: 'Posted' }, { leaseUntil: at(240) }));
    const endsAt = async () => (answerOf(await client.get('/api/v2/alerts'))[1] as { endsAt: string }[])[0]?.endsAt;
    expect(await endsAt()).toBe(at(240));
    client.deps.clock.advance(240);
    expect(await endsAt()).toBe(at(540));
  });

  it('sorts by fingerprint, leaves out what has ended, and names every receiver that a route gives it', async () => {
    const ended = firing({ alertname: 'Gone' }, { status: 'resolved', resolvedAt: noon });
    const client = await withAlerts(disk, lag, plain, ended);
    const [, alerts] = answerOf(await client.get('/api/v2/alerts'));
    const shown = alerts as { fingerprint: string; receivers: { name: string }[]; labels: { alertname: string } }[];
    expect(shown.map(({ fingerprint }) => fingerprint)).toEqual(
      [disk, lag, plain].map(({ fingerprint }) => fingerprint).sort(),
    );
    const receivers = Object.fromEntries(
      shown.map((each) => [each.labels.alertname, each.receivers.map(({ name }) => name)]),
    );
    expect(receivers).toEqual({ Disk: ['database team', 'audit'], Lag: ['audit'], Plain: ['everybody'] });
  });

  it('sorts many, whatever shard of the index each stands in', async () => {
    const many = Array.from({ length: 40 }, (_, index) => firing({ alertname: `A${index}` }));
    const [, alerts] = answerOf(await (await withAlerts(...many)).get('/api/v2/alerts'));
    const shown = (alerts as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint);
    expect(shown).toEqual(many.map(({ fingerprint }) => fingerprint).sort());
  });

  it('shows the same alert of two sources twice, with its labels untouched', async () => {
    const client = await withAlerts(plain, { ...plain, source: 'other' });
    expect(await namesIn(client)).toEqual(['Plain', 'Plain']);
  });

  it('tells what holds an alert back in Alertmanager’s words', async () => {
    const client = await withAlerts(
      hold(disk, inhibition),
      hold(lag, { kind: 'interval', interval: 'nights', mode: 'mute', until }),
      hold(plain, { kind: 'settling', until }),
      hold(firing({ alertname: 'Waits' }), { kind: 'group wait', until }),
    );
    const [, alerts] = answerOf(await client.get('/api/v2/alerts'));
    const status = Object.fromEntries(
      (alerts as { labels: { alertname: string }; status: unknown }[]).map((each) => [
        each.labels.alertname,
        each.status,
      ]),
    );
    const nothing = { silencedBy: [], inhibitedBy: [], mutedBy: [] };
    expect(status).toEqual({
      Disk: { ...nothing, state: 'suppressed', inhibitedBy: ['73dbeed5635ea4e4'] },
      Lag: { ...nothing, state: 'suppressed', mutedBy: ['nights'] },
      Plain: { ...nothing, state: 'unprocessed' },
      Waits: { ...nothing, state: 'active' },
    });
  });

  it('names every silence that matches, from the moment when it is stored until it ends', async () => {
    const client = await withAlerts(disk);
    const one = silence({ id: 'one', startsAt: noon, endsAt: at(600) });
    await saveSilence(client.deps.memory, null, one, policy);
    await saveSilence(client.deps.memory, null, { ...one, id: 'two', endsAt: at(900) }, policy);
    const silencedBy = async () => {
      const [, alerts] = answerOf(await client.get('/api/v2/alerts'));
      return (alerts as { status: { silencedBy: string[] } }[])[0]?.status.silencedBy;
    };
    expect(await silencedBy()).toEqual(['two', 'one']);
    client.deps.clock.advance(600);
    expect(await silencedBy()).toEqual(['two']);
    client.deps.clock.advance(300);
    expect(await silencedBy()).toEqual([]);
  });

  const silenced = async () => {
    const client = await withAlerts(disk, hold(lag, inhibition), hold(plain, { kind: 'settling', until }));
    await saveSilence(client.deps.memory, null, silence({ startsAt: noon, endsAt: at(600) }), policy);
    await storeAlerts(client, firing({ alertname: 'Free', team: 'db', cluster: 'us' }));
    return client;
  };
  it.each([
    ['', ['Disk', 'Free', 'Lag', 'Plain']],
    ['?active=false', ['Disk', 'Lag', 'Plain']],
    ['?silenced=false', ['Free', 'Lag', 'Plain']],
    ['?inhibited=0', ['Disk', 'Free', 'Plain']],
    ['?unprocessed=anything', ['Disk', 'Free', 'Lag']],
    ['?active=true&silenced=false&inhibited=false&unprocessed=false', ['Free']],
    ['?active=YES&silenced=1&inhibited=on&unprocessed=', ['Disk', 'Free', 'Lag', 'Plain']],
    ['?active=false&active=t', ['Disk', 'Free', 'Lag', 'Plain']],
    ['?filter=team=db', ['Disk', 'Free']],
    ['?filter=team=db&filter=cluster!=eu', ['Free']],
    [`?filter=${encodeURIComponent('alertname=~"(?i)disk|l.g"')}`, ['Disk', 'Lag']],
    ['?filter=nothing=', ['Disk', 'Free', 'Lag', 'Plain']],
    ['?receiver=audit', ['Disk', 'Free', 'Lag']],
    ['?receiver=aud', []],
    ['?receiver=data.*|every.*', ['Disk', 'Free', 'Plain']],
    ['?receiver_matchers=owner=web', []],
    ['?receiver_matchers=owner!=web', ['Disk', 'Free', 'Lag', 'Plain']],
  ])('%s', async (query, expected) => {
    expect([...(await namesIn(await silenced(), query))].sort()).toEqual(expected);
  });

  it('takes what only a time interval holds back as active, unless muted=false', async () => {
    const muted = hold(plain, { kind: 'interval', interval: 'nights', mode: 'active', until });
    const client = await withAlerts(muted, hold(lag, inhibition));
    expect(await namesIn(client, '?silenced=false&inhibited=false&unprocessed=false')).toEqual(['Plain']);
    expect(await namesIn(client, '?active=false')).toEqual(['Lag']);
    expect(await namesIn(client, '?muted=false')).toEqual(['Lag']);
  });

  it.each([
    ['?filter=team', 'bad matcher format: team (at the end: expected one of = != =~ !~, found nothing)'],
    ['?filter={team=db}', expect.stringMatching(/brace/)],
    ['?filter=team=~"("', expect.stringMatching(/missing closing \)/)],
    ['?receiver=(', expect.stringMatching(/^failed to parse receiver param: .*missing closing \)/)],
    [`?receiver=${'a{1000}'.repeat(9)}`, expect.stringMatching(/repeats too much/)],
    ['?receiver_matchers=x', 'bad matcher format: x (at the end: expected one of = != =~ !~, found nothing)'],
    [`?${'filter=a=b&'.repeat(101)}`, 'at most 100 matchers in filter'],
    [`?${'filter=a=~"[a-z]{1000}[0-9]{1000}[a-z]{1000}x"&'.repeat(100)}`, expect.stringMatching(/parts together/)],
  ])('%s is refused with a sentence', async (query, sentence) => {
    expect(answerOf(await makeClient().get(`/api/v2/alerts${query}`))).toEqual([400, sentence]);
    expect(answerOf(await makeClient().get(`/api/v2/alerts/groups${query}`))).toEqual([400, sentence]);
  });
});

describe('GET /alerts/groups', () => {
  async function groupsIn(client: Client, query = '') {
    const [status, groups] = answerOf(await client.get(`/api/v2/alerts/groups${query}`));
    expect(status).toBe(200);
    type Group = { labels: object; receiver: { name: string }; alerts: { labels: { alertname: string } }[] };
    return (groups as Group[]).map(({ labels, receiver, alerts }) => [
      receiver.name,
      labels,
      alerts.map((each) => each.labels.alertname),
    ]);
  }

  it('are one for each route and each set of its grouping labels, in Alertmanager’s order', async () => {
    const second = firing({ alertname: 'Disk', team: 'db', cluster: 'eu', instance: 'b' });
    const client = await withAlerts(disk, second, lag, plain);
    expect(await groupsIn(client)).toEqual([
      ['everybody', { alertname: 'Plain' }, ['Plain']],
      ['database team', { alertname: 'Disk', cluster: 'eu' }, ['Disk', 'Disk']],
      ['audit', lag.labels, ['Lag']],
      ['audit', disk.labels, ['Disk']],
      ['audit', second.labels, ['Disk']],
    ]);
  });

  it('keep to the receiver and the states that are asked for, and are not shown empty', async () => {
    const client = await withAlerts(disk, hold(lag, inhibition), plain);
    expect(await groupsIn(client, '?receiver=database.*')).toEqual([
      ['database team', { alertname: 'Disk', cluster: 'eu' }, ['Disk']],
    ]);
    expect((await groupsIn(client, '?inhibited=false')).map(([receiver]) => receiver)).toEqual([
      'everybody',
      'database team',
      'audit',
    ]);
    expect(await groupsIn(client, '?filter=alertname=Nothing')).toEqual([]);
  });
});

describe('ten thousand open alerts', () => {
  const long = 'x'.repeat(900);
  async function storm(count: number): Promise<Client> {
    const client = makeClient({ policy });
    const severities = ['critical', 'warning', 'info', 'info'];
    await storeAlerts(
      client,
      ...Array.from({ length: count }, (_, index) =>
        firing(
          { alertname: `Alert${index % 7}`, severity: severities[index % 4] ?? '', team: 'web', instance: `i${index}` },
          { annotations: { summary: long } },
        ),
      ),
    );
    return client;
  }

  it('are all listed where they fit, else none with what would help, never a part', async () => {
    const client = await storm(10_000);
    const [status, sentence] = answerOf(await client.get('/api/v2/alerts'));
    expect([status, sentence]).toEqual([
      400,
      expect.stringMatching(
        /^10000 alerts .* None are shown rather than some\. Ask for fewer: filter=severity="warning" \(2500 alerts\)/,
      ),
    ]);
    const helped = await client.get('/api/v2/alerts?filter=severity="critical"');
    expect([helped.statusCode, JSON.parse(helped.body).length]).toEqual([200, 2_500]);
    expect(answerOf(await client.get('/api/v2/alerts/groups'))).toEqual([400, expect.stringMatching(/^10000 alerts/)]);
  });

  it('answer no more than Lambda takes, counted as it counts: quotes and all', async () => {
    const client = makeClient({ policy });
    const quotes = '"\\\u00e9'.repeat(150);
    const some = (count: number) =>
      Array.from({ length: count }, (_, index) => firing({ alertname: `A${index}` }, { annotations: { quotes } }));
    await storeAlerts(client, ...some(6_000));
    const statuses: number[] = [];
    for (const query of [
      '',
      '?filter=alertname=~"A[0-4].*"',
      '?filter=alertname=~"A[0-3].*"',
      '?filter=alertname=~"A1.*"',
    ]) {
      const answer = await client.get(`/api/v2/alerts${query}`);
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(6 * 1024 * 1024);
      statuses.push(answer.statusCode);
    }
    expect([statuses.at(0), statuses.at(-1)]).toEqual([400, 200]);
  });
});
