import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import { changeExample, readExample } from './example-policy.ts';

function policyOf(text: string): Policy {
  const reading = readExample(text);
  if (!reading.ok) throw new Error(reading.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return reading.policy;
}

/** The example with more before its escalation policies. */
const withMore = (yaml: string): string => changeExample('escalationPolicies:\n', `${yaml}escalationPolicies:\n`);

const schedules = `holidays:
  germany: { 2027-01-01: Neujahr, 2026-12-25: Weihnachten }
schedules:
  web:
    timeZone: Europe/Berlin
    handOffChannel: incidents
    layers:
      - { name: days, members: [alice, bob], shift: weekly, start: 2026-03-02T09:00 }
      - members: [bob]
        shift: 12h
        start: 2026-03-02T18:00
        end: 2027-03-01T09:00
        when:
          - { days: [fri, mon], start: "18:00", end: "09:00" }
          - { holidays: germany }
          - { days: [sun], holidays: germany, end: "12:00" }
`;

describe('the schedules and holidays of a policy file', () => {
  it('are compiled with their layers, turns in minutes and the dates of their calendars', () => {
    const policy = policyOf(withMore(schedules));
    expect(policy.holidays).toEqual({ germany: ['2026-12-25', '2027-01-01'] });
    expect(policy.schedules).toEqual({
      web: {
        name: 'web',
        timeZone: 'Europe/Berlin',
        handOffChannel: 'incidents',
        layers: [
          {
            name: 'days',
            members: ['alice', 'bob'],
            shiftMinutes: 10_080,
            start: '2026-03-02T09:00',
            end: null,
            restrictions: [],
          },
          {
            name: '2',
            members: ['bob'],
            shiftMinutes: 720,
            start: '2026-03-02T18:00',
            end: '2027-03-01T09:00',
            restrictions: [
              { weekdays: [1, 5], dates: [], startMinute: 1080, endMinute: 540 },
              { weekdays: [], dates: ['2026-12-25', '2027-01-01'], startMinute: 0, endMinute: 1440 },
              { weekdays: [7], dates: ['2026-12-25', '2027-01-01'], startMinute: 0, endMinute: 720 },
            ],
          },
        ],
      },
    });
  });

  it('take turns hourly, daily, weekly or as long as they say', () => {
    const shiftOf = (shift: string) =>
      policyOf(withMore(schedules.replace('shift: weekly', `shift: ${shift}`))).schedules.web?.layers[0]?.shiftMinutes;
    expect(['hourly', 'daily', 'weekly', '90m', '2w'].map(shiftOf)).toEqual([60, 1440, 10_080, 90, 20_160]);
  });

  it('fill roles of teams as people do', () => {
    const { teams } = policyOf(withMore(schedules).replace('onCall: alice', 'onCall: web'));
    expect(teams.web?.roles).toEqual({ onCall: 'web', secondary: 'bob', manager: 'bob' });
  });
});

const personWith = (more: string): string =>
  withMore(schedules).replace('bob: { slack: U0BOB', `bob: { ${more}, slack: U0BOB`);
const personOf = (more: string, rest = '') => policyOf(personWith(more) + rest).people.bob;
const bob = { name: 'bob', slackUserId: 'U0BOB', sns: 'phone' };

describe('the people of a policy file', () => {
  it('have lists of contacts by severity, the default where a severity has none', () => {
    const contact =
      'contact: { SEV1: [{ slack: true }, { sns: phone, after: 2m }], SEV4: [{ slackMention: incidents }], default: [{ pagerduty: web }] }';
    expect(personOf(contact)).toEqual({
      ...bob,
      contact: {
        SEV1: [
          { kind: 'slack', afterSeconds: 0 },
          { kind: 'sns', contact: 'phone', afterSeconds: 120 },
        ],
        SEV2: [{ kind: 'pagerduty', service: 'web', afterSeconds: 0 }],
        SEV3: [{ kind: 'pagerduty', service: 'web', afterSeconds: 0 }],
        SEV4: [{ kind: 'slack mention', channel: 'incidents', afterSeconds: 0 }],
      },
    });
  });

  it('keep the simple way for severities without a list', () => {
    expect(personOf('contact: { SEV1: [{ sns: phone }] }')).toEqual({
      ...bob,
      contact: { SEV1: [{ kind: 'sns', contact: 'phone', afterSeconds: 0 }] },
    });
  });

  it("work the organisation's hours on their own clocks, or hours of their own", () => {
    const hours = '{ days: [mon], start: "08:00", end: "12:00", holidays: germany }';
    const ofAll = `workingHours: { timeZone: Europe/Berlin, days: [mon, tue], start: "09:00", end: "17:00" }\n`;
    expect(personOf('timeZone: America/New_York', ofAll)).toEqual({
      ...bob,
      workingHours: { timeZone: 'America/New_York', weekdays: [1, 2], start: '09:00', end: '17:00' },
    });
    const own = { weekdays: [1], start: '08:00', end: '12:00', holidays: ['2026-12-25', '2027-01-01'] };
    expect(personOf(`timeZone: Asia/Tokyo, workingHours: ${hours}`, ofAll)).toEqual({
      ...bob,
      workingHours: { timeZone: 'Asia/Tokyo', ...own },
    });
    expect(personOf(`workingHours: ${hours}`, ofAll)).toEqual({
      ...bob,
      workingHours: { timeZone: 'Europe/Berlin', ...own },
    });
  });

  it('may be quiet and have a cooldown', () => {
    const nights =
      'time_intervals: [{ name: nights, time_intervals: [{ times: [{ start_time: "00:00", end_time: "06:00" }] }] }]\n';
    const quiet = 'quiet: { severities: [SEV3, SEV2, SEV3], outside: workingHours, during: [nights] }, cooldown: 30m';
    expect(personOf(quiet, nights)).toEqual({
      ...bob,
      quiet: { severities: ['SEV3', 'SEV2'], outsideWorkingHours: true, during: ['nights'] },
      cooldownSeconds: 1800,
    });
    expect(personOf('cooldown: 0s')).toEqual(bob);
  });
});

describe('the severities and the choice of an escalation policy', () => {
  it('have deadlines to resolve, and say what a missed one does', () => {
    const yaml =
      'severities: { SEV1: { resolveWithin: 4h, missedDeadline: page, acknowledgementExpiresAfter: 1m }, SEV2: { resolveWithin: never } }\n';
    const { SEV1, SEV2 } = policyOf(withMore(yaml)).severities;
    expect(SEV1).toMatchObject({
      resolveWithinSeconds: 14_400,
      missedDeadline: 'page',
      acknowledgementExpiresSeconds: 60,
    });
    expect([SEV2.resolveWithinSeconds, SEV2.missedDeadline]).toEqual([undefined, undefined]);
  });

  it('is a name, or a list by severity and time of day, on routes and services', () => {
    const nights =
      'time_intervals: [{ name: nights, time_intervals: [{ times: [{ start_time: "00:00", end_time: "06:00" }] }] }]\n';
    const list = '[{ severities: [SEV1], during: nights, use: default-sev1 }, { use: calm }]';
    const policy = policyOf(
      changeExample('escalationPolicy: calm', `escalationPolicy: ${list}`).replace(
        'statusComponent: shop }',
        `statusComponent: shop, escalationPolicy: ${list} }`,
      ) + nights,
    );
    const compiled = [
      { severities: ['SEV1'], during: 'nights', policy: 'default-sev1' },
      { severities: [], during: null, policy: 'calm' },
    ];
    expect(policy.route.routes.at(-1)?.escalationPolicy).toEqual(compiled);
    expect(policy.services.checkout?.escalationPolicy).toEqual(compiled);
  });

  it('keeps the working hours of the organisation free of its holidays', () => {
    const hours = 'workingHours: { timeZone: UTC, days: [mon], start: "09:00", end: "17:00", holidays: germany }\n';
    expect(policyOf(withMore(schedules) + hours).workingHours).toEqual({
      timeZone: 'UTC',
      weekdays: [1],
      start: '09:00',
      end: '17:00',
      holidays: ['2026-12-25', '2027-01-01'],
    });
  });
});

it('leaves a file without any of this as it was', () => {
  const root = new URL('../../../config/', import.meta.url);
  const policy = policyOf(readFileSync(new URL('local.yaml', root), 'utf8'));
  expect({ schedules: policy.schedules, holidays: policy.holidays }).toEqual({ schedules: {}, holidays: {} });
  expect(Object.keys(policy.people.alice ?? {})).toEqual(['name', 'slackUserId', 'sns']);
  expect(Object.keys(policy.services.checkout ?? {})).not.toContain('escalationPolicy');
  expect(Object.keys(policy.severities.SEV1)).not.toContain('missedDeadline');
});
