import fc from 'fast-check';
import type { Person, Policy, RouteNode, SeverityRow } from '#shared/config/policy.ts';
import type { EscalationPolicy, StepTarget } from '#shared/escalation/escalation-policy.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { ContactMethod } from '#shared/on-call/person.ts';
import type { Layer, Schedule } from '#shared/on-call/schedule.ts';
import type { TimeInterval } from '#shared/route/time-interval.ts';
import { aPolicy } from './decision-builders.ts';
import { anOverride } from './on-call-builders.ts';

/** Random policy files of everything that decides who is told when. */

const names = ['alice', 'bob', 'carol'] as const;
const name = fc.constantFrom(...names);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const seconds = (...values: readonly number[]) => fc.constantFrom(...values);

const target: fc.Arbitrary<StepTarget> = fc.oneof(
  name.map((person) => ({ kind: 'person' as const, person })),
  fc.constantFrom('primary', 'nights').map((schedule) => ({ kind: 'schedule' as const, schedule })),
  fc
    .constantFrom('onCall', 'secondary', 'manager', 'everyone')
    .map((role) => ({ kind: 'owner' as const, role: role as 'onCall' | 'secondary' | 'manager' | 'everyone' })),
  fc.constantFrom(null, 'here' as const).map((mention) => ({ kind: 'owner channel' as const, mention })),
  fc.constant({ kind: 'owner pagerduty' as const }),
  fc.constant({ kind: 'sns' as const, contact: 'ops' }),
);

const escalation = (key: string): fc.Arbitrary<EscalationPolicy> =>
  fc.record({
    name: fc.constant(key),
    steps: fc
      .array(
        fc.record({
          afterSeconds: seconds(0, 0, 60, 300, 600, 3_600),
          targets: fc.array(target, { minLength: 1, maxLength: 3 }),
        }),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((steps) => steps.sort((a, b) => a.afterSeconds - b.afterSeconds)),
    repeatEverySeconds: fc.constantFrom(null, 300, 900),
    repeats: fc.constantFrom('last step' as const, 'all steps' as const),
  });

const method: fc.Arbitrary<ContactMethod> = fc
  .tuple(
    fc.oneof(
      fc.constant({ kind: 'slack' as const }),
      fc.constant({ kind: 'slack mention' as const, channel: 'payments' }),
      fc.constant({ kind: 'pagerduty' as const, service: 'web' }),
      fc.constant({ kind: 'sns' as const, contact: 'ops' }),
    ),
    seconds(0, 60, 900),
  )
  .map(([way, afterSeconds]) => ({ ...way, afterSeconds }));

const person = (key: string): fc.Arbitrary<Person> =>
  fc
    .record({
      contact: maybe(fc.record({ SEV1: fc.array(method, { minLength: 1, maxLength: 3 }) })),
      quiet: maybe(
        fc.record({
          severities: fc.constant(['SEV2', 'SEV3'] as const),
          outsideWorkingHours: fc.boolean(),
          during: fc.constantFrom([], ['nights']),
        }),
      ),
    })
    .map(({ contact, quiet }) => ({
      name: key,
      slackUserId: `U-${key}`,
      sns: null,
      ...(contact && { contact }),
      ...(quiet && { quiet }),
    }));

const layer: fc.Arbitrary<Layer> = fc.record({
  name: fc.constantFrom('days', 'nights'),
  members: fc.array(name, { minLength: 1, maxLength: 3 }),
  shiftMinutes: fc.constantFrom(60, 1_440, 7 * 1_440),
  start: fc.constantFrom('2026-01-05T09:00', '2026-03-01T02:30'),
  end: fc.constant(null),
  restrictions: fc.constantFrom(
    [],
    [{ weekdays: [1, 2, 3, 4, 5, 6, 7], dates: [], startMinute: 1_320, endMinute: 480 }],
  ),
});

const schedule = (key: string): fc.Arbitrary<Schedule> =>
  fc.record({
    name: fc.constant(key),
    timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'UTC'),
    layers: fc.array(layer, { minLength: 1, maxLength: 2 }),
    handOffChannel: fc.constant(null),
  });

const row = (before: SeverityRow): fc.Arbitrary<SeverityRow> =>
  fc
    .record({
      pages: fc.constantFrom('always', 'always', 'working hours', 'never'),
      acknowledgeWithinSeconds: seconds(240, 900),
      resolveWithinSeconds: fc.constantFrom(null, 1_800),
      missedDeadline: fc.constantFrom('remind', 'page'),
      updateEverySeconds: fc.constantFrom(null, 1_200),
      acknowledgementExpiresSeconds: fc.constantFrom(null, 1_800),
    } as const)
    .map((fields) => ({ ...before, ...fields }) as SeverityRow);

const choice = fc.constantFrom(null, 'first', [
  { severities: ['SEV1'], during: 'nights', policy: 'first' },
  { severities: [], during: null, policy: 'second' },
] as const);

const route: fc.Arbitrary<RouteNode> = fc
  .record({
    escalationPolicy: choice,
    continues: fc.boolean(),
    mute: fc.constantFrom([], [], ['nights']),
    waits: fc.tuple(seconds(0, 30, 60), seconds(0, 30, 60)),
  })
  .map(({ escalationPolicy, continues, mute, waits: [firstWait, secondWait] }) => {
    const root: RouteNode = {
      ...aPolicy().route,
      severity: { kind: 'label', label: 'severity', map: { critical: 'SEV1', error: 'SEV2' }, otherwise: 'SEV3' },
      owner: 'payments',
      escalationPolicy: escalationPolicy as RouteNode['escalationPolicy'],
    };
    const matchers = [{ name: 'alertname', operator: '=', value: 'CheckoutDown' }] as const;
    const child: RouteNode = {
      ...root,
      path: 'root/0',
      matchers,
      continue: continues,
      incidentKey: ['alertname'],
      groupWaitSeconds: firstWait,
    };
    const other: RouteNode = {
      ...child,
      path: 'root/1',
      continue: false,
      escalationPolicy: null,
      muteTimeIntervals: mute,
      groupWaitSeconds: secondWait,
    };
    return { ...root, routes: [child, other] };
  });

/** From 22:00 to 06:00 in Berlin. */
const nightly: TimeInterval = {
  times: [
    { startMinute: 0, endMinute: 360 },
    { startMinute: 1_320, endMinute: 1_440 },
  ],
  weekdays: null,
  daysOfMonth: null,
  months: null,
  years: null,
  timeZone: 'Europe/Berlin',
};

export const randomPolicy: fc.Arbitrary<Policy> = fc
  .record({
    first: escalation('first'),
    second: escalation('second'),
    alice: person('alice'),
    bob: person('bob'),
    carol: person('carol'),
    primary: schedule('primary'),
    nights: schedule('nights'),
    SEV1: row(aPolicy().severities.SEV1),
    SEV2: row(aPolicy().severities.SEV2),
    SEV3: row(aPolicy().severities.SEV3),
    route,
    onCall: fc.constantFrom('alice', 'primary', null),
    secondary: fc.constantFrom('bob', 'nights'),
  })
  .map(({ first, second, alice, bob, carol, primary, nights, SEV1, SEV2, SEV3, route: root, onCall, secondary }) => {
    const plain = aPolicy();
    const payments = plain.teams.payments;
    if (payments === undefined) throw new Error('the plain policy has a team');
    return aPolicy({
      route: root,
      escalationPolicies: { ...plain.escalationPolicies, first, second },
      people: { ...plain.people, alice, bob, carol },
      schedules: { primary, nights },
      severities: { ...plain.severities, SEV1: { ...SEV1, escalationPolicy: 'second' }, SEV2, SEV3 },
      teams: { ...plain.teams, payments: { ...payments, roles: { ...payments.roles, onCall, secondary } } },
      timeIntervals: { nights: [nightly] },
    });
  });

/** Overrides around an instant, of the two schedules. */
export const randomOverrides = (at: Instant): fc.Arbitrary<readonly Override[]> =>
  fc
    .array(
      fc.record({
        schedule: fc.constantFrom('primary', 'nights'),
        person: name,
        from: fc.integer({ min: -120, max: 120 }),
        minutes: fc.integer({ min: 1, max: 240 }),
        replaces: fc.constantFrom(null, ...names),
      }),
      { maxLength: 3 },
    )
    .map((drafts) =>
      drafts.map(({ from, minutes, ...fields }, index) =>
        anOverride({
          ...fields,
          id: `override-${index}`,
          startsAt: addSeconds(at, from * 60),
          endsAt: addSeconds(at, (from + minutes) * 60),
          createdAt: addSeconds(at, -86_400 + index),
        }),
      ),
    );
