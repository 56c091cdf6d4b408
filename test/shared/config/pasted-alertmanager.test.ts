import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Policy, RouteNode } from '#shared/config/policy.ts';
import { compileRoutes, matchRoutes } from '#shared/route/match-routes.ts';
import { complaintsAbout, examplePolicy, readExample } from './example-policy.ts';

const file = new URL('../../fixtures/alertmanager/alertmanager.yml', import.meta.url);

/** A key at the top of a YAML text with all that is indented below it. */
function cutOut(key: string, text: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(`${key}:`);
  if (start < 0) throw new Error(`no ${key}: in the file`);
  const length = lines.slice(start + 1).findIndex((line) => /^\S/.test(line));
  return `${lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n')}\n`;
}

const alertmanagerYml = readFileSync(file, 'utf8');
const routeOfExample = cutOut('route', examplePolicy);

/** What docs/policy.md says to do: paste the four keys, then give the root a severity and an owner. */
const pasted = [
  examplePolicy.replace(routeOfExample, ''),
  cutOut('route', alertmanagerYml).replace(
    'route:\n',
    'route:\n  severity: { label: severity, map: { critical: SEV1, page: SEV1, warning: SEV3 }, otherwise: SEV4 }\n  owner: web\n',
  ),
  ...['inhibit_rules', 'mute_time_intervals', 'time_intervals'].map((key) => cutOut(key, alertmanagerYml)),
].join('');

function policyOf(text: string): Policy {
  const reading = readExample(text);
  if (!reading.ok) throw new Error(reading.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return reading.policy;
}

const policy = policyOf(pasted);
const labelsOf = (text: string) => Object.fromEntries(text.split(' ').map((pair) => pair.split('=')));
const receiversOf = (labels: string) =>
  matchRoutes(compileRoutes(policy.route), labelsOf(labels)).map(({ node }) => node.receiver);

function findNode(path: string, node: RouteNode = policy.route): RouteNode | undefined {
  return node.path === path
    ? node
    : node.routes.map((child) => findNode(path, child)).find((found) => found !== undefined);
}

describe('the routes of an alertmanager.yml, pasted', () => {
  /** What `amtool config routes test` 0.25 answered for the same file. */
  it.each([
    ['alertname=Watchdog severity=none', 'null'],
    ['alertname=Watchdog severity=critical', 'null'],
    ['alertname=Disk severity=critical', 'archive'],
    ['alertname=Disk severity=critical service=mysql', 'archive,team-db-pager'],
    ['alertname=Disk severity=warning service=postgres', 'team-db'],
    ['alertname=Disk severity=info service=cassandra', 'null'],
    ['alertname=SlowQueries severity=warning service=mysql env=dev', 'team-db-slow'],
    ['alertname=SlowQueries severity=warning service=mysql env=prod', 'team-db'],
    ['alertname=SlowQueries service=mysql', 'team-db-slow'],
    ['alertname=Errors team=web env=prod severity=page', 'team-web-pager'],
    ['alertname=Errors team=web env=staging severity=critical', 'archive,team-web'],
    ['alertname=Errors team=frontend env=prod severity=warning path=/internal/x', 'team-web'],
    ['alertname=Errors team=web env=prod severity=warning path=/ canary=true region=eu-1', 'team-web,team-web-canary'],
    ['alertname=Errors team=web env=prod severity=warning path=/internal/x canary=true region=eu-1', 'team-web-canary'],
    ['alertname=Errors team=web env=dev severity=warning', 'ops-mail'],
    ['alertname=Late team=batch job=nightly-report severity=warning', 'team-batch'],
    ['alertname=Late team=batch job=nightly- severity=warning', 'ops-mail'],
    ['alertname=Late team=batch job=nightly-report severity=critical', 'archive'],
    ['alertname=Note severity=info', 'catch-info'],
    ['alertname=Note', 'catch-info'],
    ['alertname=Other severity=warning', 'ops-mail'],
    ['alertname=Other service=mysql2 severity=warning', 'ops-mail'],
  ])('take %s to %s', (labels, receivers) => {
    expect(receiversOf(labels).join()).toBe(receivers);
  });

  it.each<readonly [string, string, Partial<RouteNode>]>([
    ['says all at the root', 'root', { groupBy: ['alertname', 'cluster', 'service'], repeatIntervalSeconds: 14_400 }],
    ['waits for nothing', 'root/0', { groupWaitSeconds: 0, groupIntervalSeconds: 300, repeatIntervalSeconds: 60 }],
    ['groups by every label and continues', 'root/1', { groupBy: ['...'], continue: true, groupWaitSeconds: 30 }],
    ['inherits neither continue nor intervals', 'root/2/0', { continue: false, muteTimeIntervals: [] }],
    ['inherits its grouping', 'root/2/1', { groupBy: ['alertname', 'cluster', 'database'], receiver: 'null' }],
    ['has mute intervals', 'root/2/1', { muteTimeIntervals: ['offhours', 'holidays'] }],
    ['has active intervals', 'root/2/2', { activeTimeIntervals: ['office'], groupIntervalSeconds: 1800 }],
    ['clears its grouping', 'root/3/0', { groupBy: [], groupWaitSeconds: 10 }],
    ['inherits its receiver', 'root/3/1', { receiver: 'team-web', continue: true }],
  ])('a node that %s', (_, path, expected) => {
    expect(findNode(path)).toMatchObject(expected);
  });

  it('bring their intervals and rules along', () => {
    expect(Object.keys(policy.timeIntervals)).toEqual(['offhours', 'holidays', 'office']);
    expect(policy.timeIntervals.holidays?.[0]).toEqual({
      times: null,
      weekdays: null,
      daysOfMonth: [
        { begin: 24, end: 26 },
        { begin: -1, end: -1 },
      ],
      months: [{ begin: 12, end: 12 }],
      years: null,
      timeZone: 'UTC',
    });
    expect(policy.inhibitRules).toEqual([
      {
        name: 'inhibit_rules[0]',
        sourceMatchers: [{ name: 'severity', operator: '=', value: 'critical' }],
        targetMatchers: [{ name: 'severity', operator: '=~', value: 'warning|info' }],
        equal: ['alertname', 'cluster', 'service'],
      },
      {
        name: 'inhibit_rules[1]',
        sourceMatchers: [{ name: 'alertname', operator: '=', value: 'ClusterUnreachable' }],
        targetMatchers: [
          { name: 'alertname', operator: '!=', value: 'ClusterUnreachable' },
          { name: 'cluster', operator: '=~', value: '.+' },
        ],
        equal: ['cluster'],
      },
    ]);
  });

  it('are warned about where a receiver that told nobody is only a name now', () => {
    const fix =
      'Write severity: SEV4 there, which pages nobody; or give the receiver another name if its route shall tell.';
    const warning = (place: string, path: string) =>
      `warning: p.yaml:${place}: route ${path} tells like any other, and its receiver is called "null". Fix: ${fix}`;
    expect(complaintsAbout(pasted)).toEqual([warning('41:17', 'root/0'), warning('59:21', 'root/2/1')]);
  });

  it('are refused together with the rest of that file, because nothing here would follow it', () => {
    const whole = `${pasted}${['global', 'templates', 'receivers'].map((key) => cutOut(key, alertmanagerYml)).join('')}`;
    expect(complaintsAbout(whole).map((text) => text.replace(/^\S+ (\S+) .*$/, '$1'))).toEqual([
      'global',
      'templates',
      'receivers',
    ]);
  });
});

describe('a receiver', () => {
  const withReceivers = (atRoot: string, below: string) =>
    policyOf(
      examplePolicy
        .replace('  owner: web\n', `  owner: web\n${atRoot}`)
        .replace('escalationPolicy: calm', `escalationPolicy: calm${below}`),
    );
  const names = ({ route }: Policy) =>
    ['root', 'root/tocsin', 'root/shop', 'root/shop/0', 'root/1'].map((path) => findNode(path, route)?.receiver);

  it('is the path of each node while the file names none', () => {
    expect(names(withReceivers('', ''))).toEqual(['root', 'root/tocsin', 'root/shop', 'root/shop/0', 'root/1']);
  });

  it('is inherited as in Alertmanager where the file names one', () => {
    const named = withReceivers('  receiver: everybody\n', '\n      receiver: calm-people');
    expect(names(named)).toEqual(['everybody', 'root/tocsin', 'everybody', 'everybody', 'calm-people']);
  });

  it('is named for its own node alone where the root has none', () => {
    const named = withReceivers('', '\n      receiver: calm-people');
    expect(names(named)).toEqual(['root', 'root/tocsin', 'root/shop', 'root/shop/0', 'calm-people']);
  });
});
