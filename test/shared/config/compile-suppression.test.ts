import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import { examplePolicy, readExample } from './example-policy.ts';

function compile(more: string): Policy {
  const reading = readExample(`${examplePolicy}${more}\n`);
  if (!reading.ok) throw new Error(reading.problems.map(({ message }) => message).join('\n'));
  return reading.policy;
}

const team = [{ name: 'team', operator: '=', value: 'a' }];

describe('time intervals of a policy file', () => {
  const intervalOf = (entry: string) =>
    compile(`time_intervals:\n  - { name: n, time_intervals: [${entry}] }`).timeIntervals.n?.[0];
  const always = { times: null, weekdays: null, daysOfMonth: null, months: null, years: null, timeZone: 'UTC' };

  it.each<readonly [string, string, object]>([
    ['always hold in UTC unless they say otherwise', '{}', {}],
    [
      'have minutes of the day, 24:00 included',
      '{ times: [{ start_time: "22:30", end_time: "24:00" }, { start_time: "00:00", end_time: "06:05" }] }',
      {
        times: [
          { startMinute: 1350, endMinute: 1440 },
          { startMinute: 0, endMinute: 365 },
        ],
      },
    ],
    [
      'count weekdays from Sunday',
      '{ weekdays: [sunday, "Monday:friday"] }',
      {
        weekdays: [
          { begin: 0, end: 0 },
          { begin: 1, end: 5 },
        ],
      },
    ],
    [
      'keep days from the end of the month as they are',
      '{ days_of_month: ["-7:-1", 1, "10:15", "1:-2"] }',
      {
        daysOfMonth: [
          { begin: -7, end: -1 },
          { begin: 1, end: 1 },
          { begin: 10, end: 15 },
          { begin: 1, end: -2 },
        ],
      },
    ],
    [
      'read months by name and by number',
      '{ months: [december, "1:march", 6] }',
      {
        months: [
          { begin: 12, end: 12 },
          { begin: 1, end: 3 },
          { begin: 6, end: 6 },
        ],
      },
    ],
    ['read years', '{ years: ["2026:2028"] }', { years: [{ begin: 2026, end: 2028 }] }],
    ['have a zone', '{ location: Asia/Tokyo }', { timeZone: 'Asia/Tokyo' }],
  ])('%s', (_, entry, expected) => {
    expect(intervalOf(entry)).toEqual({ ...always, ...expected });
  });

  it('are one set of names from both keys', () => {
    const entry = (name: string) => `  - { name: ${name}, time_intervals: [{}, {}] }\n`;
    const { timeIntervals } = compile(`time_intervals:\n${entry('new')}mute_time_intervals:\n${entry('old')}`);
    expect(timeIntervals).toEqual({ new: [always, always], old: [always, always] });
  });
});

describe('maintenance windows of a policy file', () => {
  const windowOf = (recurrence: string) =>
    compile(`maintenanceWindows:\n  w: { matchers: ['team="a"'], start: "02:00", duration: 1h30m, ${recurrence} }`)
      .maintenanceWindows[0];

  it('are in UTC, without bounds and called by their name unless they say otherwise', () => {
    expect(windowOf('daily: true')).toEqual({
      name: 'w',
      matchers: team,
      comment: 'maintenance window w',
      timeZone: 'UTC',
      start: '02:00',
      durationSeconds: 5400,
      recurrence: { kind: 'daily' },
      from: null,
      until: null,
    });
  });

  it('keep what they say', () => {
    const said = 'daily: true, comment: patches, timeZone: Europe/Berlin, from: 2026-01-01, until: 2026-02-01';
    expect(windowOf(said)).toMatchObject({
      comment: 'patches',
      timeZone: 'Europe/Berlin',
      from: '2026-01-01',
      until: '2026-02-01',
    });
  });

  it.each<readonly [string, object]>([
    ['days: [sun, mon, mon]', { kind: 'weekly', weekdays: [1, 7] }],
    ['daysOfMonth: [1, -1, 1]', { kind: 'monthly', daysOfMonth: [1, -1] }],
    ['nthWeekday: { nth: -1, day: sat }', { kind: 'monthly by weekday', nth: -1, weekday: 6 }],
    ['date: 2026-12-24', { kind: 'once', date: '2026-12-24' }],
  ])('come as they say: %s', (recurrence, expected) => {
    expect(windowOf(recurrence)?.recurrence).toEqual(expected);
  });
});

describe('inhibition rules of a policy file', () => {
  it('take all spellings together, name each label once and are called by their place', () => {
    const rule = `{ source_match: { a: b }, source_match_re: { c: d }, source_matchers: ['e!="f", g!~"h"'], equal: [x, y, x] }`;
    expect(compile(`inhibit_rules:\n  - { name: first }\n  - ${rule}`).inhibitRules).toEqual([
      { name: 'first', sourceMatchers: [], targetMatchers: [], equal: [] },
      {
        name: 'inhibit_rules[1]',
        sourceMatchers: [
          { name: 'a', operator: '=', value: 'b' },
          { name: 'c', operator: '=~', value: 'd' },
          { name: 'e', operator: '!=', value: 'f' },
          { name: 'g', operator: '!~', value: 'h' },
        ],
        targetMatchers: [],
        equal: ['x', 'y'],
      },
    ]);
  });
});

describe('heartbeats, flapping and sources of a policy file', () => {
  it('have their defaults', () => {
    const { heartbeats, flapping } = compile(
      'heartbeats:\n  dog: { source: main, every: 5m }\nflapping: { within: 2h }',
    );
    expect(heartbeats).toEqual({
      dog: {
        name: 'dog',
        source: 'main',
        matchers: [],
        everySeconds: 300,
        graceSeconds: 300,
        lateSeverity: null,
        missingSeverity: 'SEV2',
        owner: null,
      },
    });
    expect(flapping).toEqual({ transitions: 4, windowSeconds: 7200, calmAfterSeconds: 900 });
  });

  it('keep what they say', () => {
    const dog = `{ source: main, matchers: ['team="a"'], every: 5m, grace: 0s, lateSeverity: SEV4, missingSeverity: SEV1, owner: web }`;
    const { heartbeats, flapping } = compile(
      `heartbeats:\n  dog: ${dog}\nflapping: { transitions: 0, within: 1m, calmAfter: 7d }`,
    );
    expect(heartbeats.dog).toMatchObject({
      matchers: team,
      graceSeconds: 0,
      lateSeverity: 'SEV4',
      missingSeverity: 'SEV1',
      owner: 'web',
    });
    expect(flapping).toEqual({ transitions: 0, windowSeconds: 60, calmAfterSeconds: 604_800 });
  });

  it('read how long a source may be silent and which topics are its own', () => {
    const topic = 'arn:aws:sns:eu-central-1:123456789012:alarms';
    const text = examplePolicy.replace('main: {}', `main: { resolveTimeout: 1m, settle: 0s, snsTopics: ["${topic}"] }`);
    const reading = readExample(text);
    expect(reading.ok && reading.policy.sources.main).toEqual({
      name: 'main',
      quietAfterSeconds: 28_800,
      resolveTimeoutSeconds: 60,
      settleSeconds: 0,
      snsTopics: [topic],
    });
  });

  it('refuse a topic that two sources claim', () => {
    const topic = '"arn:aws:sns:eu-central-1:123456789012:alarms"';
    const reading = readExample(
      examplePolicy.replace('main: {}', `main: { snsTopics: [${topic}] }\n  two: { snsTopics: [${topic}] }`),
    );
    expect(!reading.ok && reading.problems.map(({ path, message }) => [path, message])).toEqual([
      [
        'sources.two.snsTopics[0]',
        'the topic arn:aws:sns:eu-central-1:123456789012:alarms is already that of source main',
      ],
    ]);
  });
});
