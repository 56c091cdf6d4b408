import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printConfig, receiversOf } from '#shared/alertmanager/config-text.ts';
import { writeYaml, type YamlValue } from '#shared/alertmanager/yaml-text.ts';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { examplePolicy } from '#test/shared/config/example-policy.ts';
import { matcher, node } from '#test/shared/route/route-builders.ts';
import { aPolicy } from '#test/support/decision-builders.ts';
import { hostileTexts } from '#test/support/hostile-texts.ts';

const read = (policy: Policy) => parse(printConfig(policy));

const policyOf = (text: string): Policy => {
  const reading = parsePolicy(text, { environment: 'test', fileName: 'test.yaml' });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
};

describe('the configuration that clients of Alertmanager see', () => {
  it('says of each route what it decides in Alertmanager, its own and what it inherits', () => {
    const route = node('root', {
      receiver: 'all',
      routes: [
        node('root/0', {
          receiver: 'db',
          matchers: [matcher('team', '=', 'db'), matcher('host', '!~', 'a.*|b')],
          continue: true,
          groupBy: ['...'],
          groupWaitSeconds: 0,
          muteTimeIntervals: ['nights'],
          activeTimeIntervals: ['office'],
          routes: [node('root/0/0', { receiver: 'db' })],
        }),
      ],
    });
    const timers = { group_interval: '300s', repeat_interval: '14400s' };
    expect(read(aPolicy({ route }))).toEqual({
      route: {
        receiver: 'all',
        group_by: [],
        group_wait: '30s',
        ...timers,
        routes: [
          {
            receiver: 'db',
            matchers: ['team="db"', 'host!~"a.*|b"'],
            continue: true,
            group_by: ['...'],
            group_wait: '0s',
            ...timers,
            mute_time_intervals: ['nights'],
            active_time_intervals: ['office'],
            routes: [{ receiver: 'db', matchers: [], continue: false, group_by: [], group_wait: '30s', ...timers }],
          },
        ],
      },
      receivers: [{ name: 'all' }, { name: 'db' }],
    });
  });

  it('prints parts of a second as Alertmanager reads them: it knows no decimals', () => {
    const text = examplePolicy.replace(
      '  owner: web\n',
      '  owner: web\n  group_wait: 500ms\n  group_interval: 1m1s100ms\n',
    );
    expect(read(policyOf(text)).route).toMatchObject({ group_wait: '500ms', group_interval: '61100ms' });
  });

  it('names a receiver once, in the order of the tree', () => {
    const route = node('root', { receiver: 'a', routes: [node('x', { receiver: 'b' }), node('y', { receiver: 'a' })] });
    expect(receiversOf(route)).toEqual(['a', 'b']);
  });

  const intervals = `
time_intervals:
  - name: nights
    time_intervals:
      - times: [{ start_time: "22:00", end_time: "24:00" }]
        weekdays: ["monday:friday", sunday]
        days_of_month: ["-3:-1", "1"]
        months: ["march:may", december]
        years: ["2026:2028"]
        location: Europe/Berlin
      - weekdays: [saturday]
inhibit_rules:
  - name: cluster-down
    source_matchers: [alertname="ClusterDown"]
    target_matchers: ['severity=~"warning|info"']
    equal: [cluster]
`;
  it('prints time intervals and inhibition so that the policy file reads back what it had said', () => {
    const policy = policyOf(examplePolicy + intervals);
    const printed = read(policy);
    const { time_intervals, inhibit_rules } = printed;
    const again = policyOf(examplePolicy + writeYaml({ time_intervals, inhibit_rules }));
    expect(again.timeIntervals).toEqual(policy.timeIntervals);
    expect(again.inhibitRules.map(({ name: _, ...rule }) => rule)).toEqual(
      policy.inhibitRules.map(({ name: _, ...rule }) => rule),
    );
    expect(Object.keys(policy.timeIntervals)).toEqual(['nights']);
  });

  it('holds nothing of people, contacts and secrets', () => {
    const text = printConfig(policyOf(examplePolicy));
    for (const word of ['+15550100123', 'alice', 'U0BOB', 'C0INCIDENTS', 'routingKey'])
      expect(text).not.toContain(word);
  });

  it('cannot be broken out of by a name or a value', () => {
    for (const text of hostileTexts) {
      const route = node('root', { receiver: text, routes: [node('x', { matchers: [matcher('a', '=', text)] })] });
      const printed = read(aPolicy({ route, environment: text.replaceAll('\n', ' ') }));
      expect(Object.keys(printed)).toEqual(['route', 'receivers']);
      expect(printed.route.receiver).toBe(text.toWellFormed());
    }
  });
});

describe('our YAML', () => {
  it.each<[string, YamlValue]>([
    [
      'texts that look like something else',
      ['1', 'true', 'null', '~', '', ' a ', '- b', '# c', 'd: e', '2026-01-01', "o'clock"],
    ],
    ['control characters and all planes', ['\u0000\u001b\u007f\u0085\u2028', 'tab\tnew\nline\\n', 'Ünïcode 日本 😀']],
    ['nested lists and objects', { a: { b: [{ c: [1, 2], d: {} }, { e: [] }] }, f: [[1], [[2], 3]] }],
    ['nothing', {}],
  ])('is read back as it was: %s', (_, value) => {
    expect(parse(writeYaml(value))).toEqual(value);
  });
});
