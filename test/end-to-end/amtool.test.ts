import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMatcher } from '#shared/alert/parse-matcher.ts';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { compileRoutes, matchRoutes } from '#shared/route/match-routes.ts';
import { type Amtool, makeAmtool } from './support/amtool.ts';
import { repository } from './support/repository.ts';
import { makeScope } from './support/scope.ts';
import { startTocsin, type Tocsin, tokens } from './support/tocsin.ts';
import { until } from './support/until.ts';

/** Debian's own amtool with each of its networked commands, against the running product. */
const scope = makeScope();
let tocsin: Tocsin;
let amtool: Amtool;
let policy: Policy;

const routes = `  receiver: everybody
  group_by: [alertname]
  routes:
    - name: databases
      receiver: dba's "pager"
      matchers: ['team="db"', 'severity=~"critical|error"']
      group_by: ['...']
      continue: true
      mute_time_intervals: [nights]
      routes:
        - name: replicas
          receiver: replicas
          matchers: ['role!~"primary|"']
    - name: audit
      receiver: audit
      matchers: ['team=~".+"', 'path!="C:\\\\temp"']
      active_time_intervals: [office]
`;
/** No interval holds anything back while the test runs. */
const others = `
inhibit_rules:
  - name: cluster-down
    source_matchers: [alertname="ClusterDown"]
    target_matchers: ['severity=~"warning|info"']
    equal: [cluster]
time_intervals:
  - name: nights
    time_intervals:
      - times: [{ start_time: "22:00", end_time: "24:00" }, { start_time: "00:00", end_time: "06:00" }]
        weekdays: ["monday:friday", sunday]
        days_of_month: ["-3:-1", "1"]
        months: ["march:may"]
        years: ["2098:2099"]
        location: Europe/Berlin
  - name: office
    time_intervals:
      - weekdays: ["sunday:saturday"]
`;

function writePolicy(): string {
  const local = readFileSync(join(repository, 'config/local.yaml'), 'utf8');
  const file = join(scope.tempDir('policy'), 'local.yaml');
  const text = local.replace('  owner: platform\n\nservices:', `  owner: platform\n${routes}\nservices:`) + others;
  writeFileSync(file, text);
  const reading = parsePolicy(text, { environment: 'local', fileName: file });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  policy = reading.policy;
  return file;
}

beforeAll(async () => {
  tocsin = await startTocsin(scope, { env: { CONFIG: writePolicy() } });
  amtool = makeAmtool(scope, { url: `${tocsin.url}/alertmanager`, token: tokens.operator });
});
afterAll(scope.end);

/** The output of a command that must succeed. */
async function said(...args: readonly string[]): Promise<string> {
  const { exit, output, errors } = await amtool(...args);
  expect([args, exit, errors.replaceAll(/^Warning: amtool version .*\n/gm, '')]).toEqual([args, 0, '']);
  return output.trim();
}

async function sendAlert(labels: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(`${tocsin.url}/v1/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.source}` },
    body: JSON.stringify({
      version: '4',
      groupKey: `{}:{alertname="${labels.alertname}"}`,
      receiver: 'tocsin',
      status: 'firing',
      truncatedAlerts: 0,
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'http://alertmanager.example:9093',
      alerts: [
        {
          status: 'firing',
          labels,
          annotations: { summary: `About ${labels.alertname}` },
          startsAt: new Date().toISOString(),
          endsAt: '0001-01-01T00:00:00Z',
        },
      ],
    }),
  });
  expect(response.status).toBe(202);
  await until('the alert is open', async () =>
    (await said('alert', 'query', `alertname=${labels.alertname}`)).includes('About'),
  );
}

describe('amtool silence', () => {
  it('adds, finds, updates and expires', async () => {
    const id = await said(
      'silence',
      'add',
      'alertname=Disk',
      'instance=~web-.*',
      '--comment=bigger disk',
      '--duration=2h',
      '--author=tester',
    );
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const found = await said('silence', 'query', 'alertname=Disk');
    expect(found).toContain(id);
    expect(found).toMatch(/alertname="Disk" instance=~"web-\.\*"/);
    expect(found).toContain('bigger disk');
    expect(await said('silence', 'query', 'alertname=Other', '-q')).toBe('');
    expect(await said('silence', 'query', '-q', '--created-by=tester')).toBe(id);
    expect(await said('silence', 'query', '-q', '--within=1h')).toBe('');

    expect(await said('silence', 'update', id, '--comment=still coming', '--duration=4h')).toContain('still coming');
    expect(await said('silence', 'query', '-q', '--within=1h')).toBe('');

    await said('silence', 'expire', id);
    expect(await said('silence', 'query', '-q')).toBe('');
    expect(await said('silence', 'query', '-q', '--expired')).toContain(id);
  });

  it('takes an alert name alone, and refuses what Alertmanager refuses, with its sentence', async () => {
    const id = await said('silence', 'add', 'OnlyAName', '--comment=x');
    expect(await said('silence', 'query', 'OnlyAName')).toContain('alertname="OnlyAName"');
    await said('silence', 'expire', id);
    const everything = await amtool('silence', 'add', 'a=~.*', '--comment=x');
    expect([everything.exit, everything.errors]).toEqual([
      1,
      expect.stringContaining('silence invalid: at least one matcher must not match the empty string'),
    ]);
    const backwards = await amtool('silence', 'add', 'a=b', '--comment=x', '--end=2020-01-01T00:00:00Z');
    expect([backwards.exit, backwards.errors]).toEqual([1, expect.stringContaining('cannot start after it ends')]);
    const unknown = await amtool('silence', 'expire', '11111111-1111-4111-8111-111111111111');
    expect([unknown.exit, unknown.errors]).toEqual([1, expect.stringContaining('404')]);
    const noId = await amtool('silence', 'expire', 'no-id');
    expect([noId.exit, noId.errors]).toEqual([1, expect.stringContaining('422')]);
  });

  it('imports what was exported: changed where it is, made anew with -f or where it is not known', async () => {
    const id = await said('silence', 'add', 'alertname=Import', '--comment=first');
    const exported = await said('silence', 'query', 'alertname=Import', '-o', 'json');
    const file = join(scope.tempDir('import'), 'silences.json');
    writeFileSync(file, exported);
    await said('silence', 'import', file);
    expect(await said('silence', 'query', '-q', 'alertname=Import')).toBe(id);
    await said('silence', 'import', '-f', file);
    expect((await said('silence', 'query', '-q', 'alertname=Import')).split('\n')).toHaveLength(2);
    writeFileSync(file, exported.replaceAll(id, '22222222-2222-4222-8222-222222222222'));
    await said('silence', 'import', file);
    const all = (await said('silence', 'query', '-q', 'alertname=Import')).split('\n');
    expect(all).toHaveLength(3);
    await said('silence', 'expire', ...all);
    expect(await said('silence', 'query', '-q')).toBe('');
  });
});

describe('amtool alert', () => {
  it('queries what fires by label, receiver and state', async () => {
    await sendAlert({ alertname: 'Lag', team: 'db', severity: 'critical', role: 'replica' });
    await sendAlert({ alertname: 'Slow', team: 'web', severity: 'warning' });
    expect(await said('alert', 'query', 'Lag')).toMatch(/^Alertname .*\nLag .* About Lag +active$/);
    const json = JSON.parse(await said('alert', 'query', '-o', 'json', 'team=~db|web'));
    expect(json.map((each: { labels: { alertname: string } }) => each.labels.alertname).sort()).toEqual([
      'Lag',
      'Slow',
    ]);
    expect(await said('alert', 'query', '--receiver=repl.*')).toMatch(/^Alertname.*\nLag [^\n]*$/);
    expect(await said('alert', 'query', '--receiver=repl')).not.toContain('Lag');

    const id = await said('silence', 'add', 'alertname=Slow', '--comment=known');
    expect(await said('alert', 'query')).not.toContain('Slow');
    expect(await said('alert', 'query', '--silenced')).toMatch(/Slow .* suppressed/);
    await said('silence', 'expire', id);
    expect(await said('alert', 'query')).toContain('Slow');
    expect(await said('alert', 'query', '--inhibited')).not.toContain('Slow');
  });

  it('adds one, which opens an incident, and ends it', async () => {
    const started = ['alert', 'add', 'Added', 'team=web', 'severity=critical', '--annotation=summary=By hand'];
    expect(await said(...started)).toBe('');
    await until('it is listed', async () => (await said('alert', 'query', 'Added')).includes('By hand'));
    const [shown] = JSON.parse(await said('alert', 'query', 'Added', '-o', 'json'));
    // amtool names no end, so it would end after the resolve timeout.
    const seconds = (Date.parse(shown.endsAt) - Date.parse(shown.startsAt)) / 1000;
    expect(seconds).toBeGreaterThan(290);
    expect(seconds).toBeLessThan(310);
    await said(...started, `--end=${new Date().toISOString()}`);
    await until('it has ended', async () => !(await said('alert', 'query', 'Added')).includes('By hand'));
  });

  it('is told what is wrong with a filter', async () => {
    const answer = await amtool('alert', 'query', '--receiver=(');
    expect([answer.exit, answer.errors]).toEqual([1, expect.stringContaining('missing closing )')]);
  });
});

describe('amtool cluster and config', () => {
  it('shows a cluster without peers, as of an Alertmanager that runs alone', async () => {
    expect(await said('cluster', 'show')).toMatch(/^Cluster Status: +disabled\nNode Name:/);
  });

  it('shows a configuration that amtool itself finds right, and no secret', async () => {
    const shown = await said('config', 'show');
    for (const word of [tokens.source, tokens.operator, tokens.signing, 'fallback@example.com', 'routingKey'])
      expect(shown).not.toContain(word);
    const file = join(scope.tempDir('config'), 'alertmanager.yml');
    writeFileSync(file, shown);
    expect(await said('check-config', file)).toMatch(
      /SUCCESS[\s\S]* - route[\s\S]* - 1 inhibit rules[\s\S]* - 5 receivers/,
    );
  });

  it('shows the route tree', async () => {
    const tree = (await said('config', 'routes', 'show'))
      .split('\n')
      .map((line) => line.trimEnd().replaceAll('\u00a0', ' '));
    expect(tree).toEqual([
      'Routing tree:',
      '.',
      '└── default-route  receiver: everybody',
      '    ├── {tocsin_internal="true"}  receiver: root/tocsin',
      '    ├── {severity=~"critical|error",team="db"}  continue: true  receiver: dba\'s "pager"',
      '    │   └── {role!~"primary|"}  receiver: replicas',
      '    └── {path!="C:\\\\temp",team=~".+"}  receiver: audit',
    ]);
  });

  it.each([
    ['team=db', 'severity=critical', 'role=primary'],
    ['team=db', 'severity=critical', 'role=replica'],
    ['team=db', 'severity=critical'],
    ['team=db', 'severity=info'],
    ['team=db', 'severity=error', 'path=C:\\temp'],
    ['tocsin_internal=true', 'team=db', 'severity=critical'],
    ['severity=critical'],
    ['alertname=x'],
  ])('routes %s %s %s as we do', async (...labels) => {
    const given = labels.flatMap((text) => {
      const read = text === undefined ? null : parseMatcher(text);
      return read?.ok ? [[read.value.name, read.value.value] as const] : [];
    });
    const ours = matchRoutes(compileRoutes(policy.route), Object.fromEntries(given)).map(({ node }) => node.receiver);
    const words = labels.filter((each) => each !== undefined);
    expect(await said('config', 'routes', 'test', ...words)).toBe(ours.join(','));
  });

  it('is told the version that it asks for first, and stays silent where it need not', async () => {
    const { errors } = await amtool('cluster', 'show');
    expect(errors).toMatch(
      /^Warning: amtool version \(0\.\d+\.\d+\) and alertmanager version \(0\.\d+\.\d+\) are different\.\n$/,
    );
    expect((await amtool('--no-version-check', 'cluster', 'show')).errors).toBe('');
  });
});

describe('who is asked for a credential', () => {
  it('is everybody: without one amtool is refused, with one in the address it is not', async () => {
    const nobody = makeAmtool(scope, { url: `${tocsin.url}/alertmanager` });
    const refused = await nobody('silence', 'query');
    expect([refused.exit, refused.errors]).toEqual([1, expect.stringContaining('401')]);
    const { host } = new URL(tocsin.url);
    for (const who of [`local:${tokens.source}`, `local:${tokens.operator}`]) {
      const inAddress = makeAmtool(scope, { url: `http://${who}@${host}/alertmanager` });
      expect((await inAddress('silence', 'query')).exit).toBe(0);
    }
  });
});

describe('docs/amtool.md', () => {
  it('shows commands that do what it says, one after the other', async () => {
    const guide = readFileSync(join(repository, 'docs/amtool.md'), 'utf8');
    const commands = [...guide.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, text = '']) =>
      text.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2), ...pauseAfter(line)] : [])),
    );
    expect(commands.length).toBeGreaterThan(15);
    const answer = await amtool.shell(['set -euo pipefail', ...commands].join('\n'));
    expect([answer.exit, answer.errors]).toEqual([0, '']);
    expect(answer.output).toContain('disk comes at six');
    expect(answer.output).toContain('90 % of /var is full');
    expect(answer.output).toMatch(/Cluster Status: +disabled/);
  });
});

/** Ingest comes behind a queue, so what is added is not listed in the same moment. */
const pauseAfter = (line: string): readonly string[] => (line.startsWith('$ amtool alert add') ? ['sleep 3'] : []);
