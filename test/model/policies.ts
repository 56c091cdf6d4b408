import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Policy, SeverityRow, WorkingHours } from '#shared/config/policy.ts';
import type { EscalationChoice } from '#shared/escalation/escalation-choice.ts';
import type { EscalationPolicy, StepTarget } from '#shared/escalation/escalation-policy.ts';
import { severities } from '#shared/incident/severity.ts';
import type { Schedule } from '#shared/on-call/schedule.ts';
import type { TimeInterval } from '#shared/route/time-interval.ts';
import { aPolicy } from '#test/support/decision-builders.ts';
import { readingAt, readingsOf, type Span } from './clock-table.ts';
import { choice, hours, methods, quiet, row, schedule } from './policy-pieces.ts';

/** Random policy files, and what their names mean to the reference. All times are whole quarters of an hour. */

const day = 24 * 3600;

/** The one time interval of the model, and how the reference reads it. */
const night: TimeInterval = {
  times: [
    { startMinute: 0, endMinute: 420 },
    { startMinute: 1320, endMinute: 1440 },
  ],
  weekdays: null,
  daysOfMonth: null,
  months: null,
  years: null,
  timeZone: 'Europe/Berlin',
};
export function isInNight(at: number, span: Span): boolean {
  const { minute } = readingAt(readingsOf('Europe/Berlin', span), at);
  return minute < 420 || minute >= 1320;
}

const scheduleNames = ['primary', 'second'] as const;

const stepTarget = fc.constantFrom<StepTarget>(
  { kind: 'owner', role: 'onCall' },
  { kind: 'owner', role: 'secondary' },
  { kind: 'owner', role: 'manager' },
  { kind: 'team', team: 'payments', role: 'everyone' },
  { kind: 'team', team: 'empty', role: 'everyone' },
  { kind: 'team', team: 'empty', role: 'onCall' },
  { kind: 'schedule', schedule: 'primary' },
  { kind: 'schedule', schedule: 'second' },
  { kind: 'schedule', schedule: 'gone' },
  { kind: 'person', person: 'bob' },
  { kind: 'person', person: 'carol' },
  { kind: 'person', person: 'gone' },
  { kind: 'slack channel', channel: 'payments', mention: null },
  { kind: 'slack channel', channel: 'payments', mention: 'here' },
  { kind: 'owner pagerduty' },
  { kind: 'sns', contact: 'ops' },
);

const escalation = (name: string): fc.Arbitrary<EscalationPolicy> =>
  fc
    .record({
      steps: fc.array(
        fc.record({
          afterSeconds: fc.constantFrom(0, 0, 60, 300, 900, 14_400),
          targets: fc.array(stepTarget, { minLength: 1, maxLength: 3 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      repeatEverySeconds: fc.constantFrom(null, 300, 900),
      repeats: fc.constantFrom('last step', 'all steps', undefined),
    })
    .map(({ steps, repeatEverySeconds, repeats }) => ({
      name,
      steps: [...steps].sort((a, b) => a.afterSeconds - b.afterSeconds),
      repeatEverySeconds,
      ...(repeats && { repeats }),
    }));

const habits = fc.record(
  {
    contact: fc.dictionary(fc.constantFrom(...severities), methods),
    workingHours: hours,
    quiet,
    cooldownSeconds: fc.constantFrom(1800, 7200),
  },
  { requiredKeys: [] },
);

const role = fc.constantFrom<string | null>('alice', 'bob', 'carol', 'dave', 'primary', 'second', null);

/** Which rules of the policy file are drawn; the rest is drawn and left out. */
export interface Rules {
  readonly schedules: boolean;
  readonly people: boolean;
  readonly deadlines: boolean;
  readonly repeatsAll: boolean;
}

export const policies = (startsOn: string, rules: Rules): fc.Arbitrary<Policy> =>
  fc
    .record({
      escalations: fc.tuple(...['sev1', 'sev2', 'office', 'quiet'].map(escalation)),
      rows: fc.tuple(
        row('sev1', 'always'),
        row('sev2', 'always'),
        row('office', 'working hours'),
        row('quiet', 'never'),
      ),
      schedules: fc.tuple(...scheduleNames.map((name) => schedule(name, startsOn))),
      habits: fc.tuple(habits, habits, habits),
      roles: fc.record({ onCall: role, secondary: role, manager: role }),
      members: fc.subarray(['alice', 'bob', 'mute']),
      hours,
      ofService: fc.option(choice, { nil: undefined, freq: 3 }),
      ofRoute: fc.option(choice, { nil: null, freq: 3 }),
      cooldown: fc.constantFrom(undefined, 5400),
    })
    .map((drawn) => build(drawn, rules));

type Drawn = Readonly<{
  escalations: readonly EscalationPolicy[];
  rows: readonly [SeverityRow, SeverityRow, SeverityRow, SeverityRow];
  schedules: readonly Schedule[];
  habits: readonly Partial<Policy['people'][string]>[];
  roles: Policy['teams'][string]['roles'];
  members: readonly string[];
  hours: WorkingHours;
  ofService: EscalationChoice | undefined;
  ofRoute: EscalationChoice | null;
  cooldown: number | undefined;
}>;

function build(drawn: Drawn, rules: Rules): Policy {
  const base = aPolicy();
  const [SEV1, SEV2, SEV3, SEV4] = drawn.rows.map((each) => (rules.deadlines ? each : withoutDeadlines(each)));
  const { alice, bob, carol, mute } = base.people;
  const { payments, empty } = base.teams;
  if (!SEV1 || !SEV2 || !SEV3 || !SEV4 || !alice || !bob || !carol || !mute || !payments || !empty) {
    throw new Error('the base policy has changed');
  }
  const [first = {}, second = {}, third = {}] = rules.people ? drawn.habits : [];
  const isPerson = (name: string | null) => rules.schedules || name === null || name in base.people || name === 'dave';
  const { onCall, secondary, manager } = drawn.roles;
  const named = (name: string | null) => (isPerson(name) ? name : 'alice');
  return {
    ...base,
    hash: createHash('sha256').update(JSON.stringify(drawn)).digest('hex').slice(0, 12),
    severities: { SEV1, SEV2, SEV3, SEV4 },
    escalationPolicies: Object.fromEntries(
      drawn.escalations.map(({ repeats, ...each }) => [
        each.name,
        rules.repeatsAll && repeats ? { ...each, repeats } : each,
      ]),
    ),
    schedules: rules.schedules ? Object.fromEntries(drawn.schedules.map((each) => [each.name, each])) : {},
    people: {
      alice: { ...alice, ...first },
      bob: { ...bob, ...second },
      carol: { ...carol, ...third },
      dave: { name: 'dave', slackUserId: 'U-DAVE', sns: null },
      mute,
    },
    teams: {
      payments: {
        ...payments,
        roles: { onCall: named(onCall), secondary: named(secondary), manager: named(manager) },
        members: [...drawn.members],
      },
      empty,
    },
    services: {
      checkout: {
        name: 'checkout',
        owner: 'payments',
        tier: null,
        runbook: null,
        dashboard: null,
        statusComponent: null,
        ...(drawn.ofService !== undefined && { escalationPolicy: drawn.ofService }),
      },
    },
    route: {
      ...base.route,
      escalationPolicy: drawn.ofRoute,
      ...(drawn.cooldown !== undefined && { cooldownSeconds: drawn.cooldown }),
    },
    timeIntervals: { night: [night] },
    workingHours: drawn.hours,
  };
}

/** So late that no run of the model comes to it. */
function withoutDeadlines({ resolveWithinSeconds: _, missedDeadline: __, ...rest }: SeverityRow): SeverityRow {
  return { ...rest, acknowledgeWithinSeconds: 400 * day, updateEverySeconds: null };
}
