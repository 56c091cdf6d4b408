import fc from 'fast-check';
import type { SeverityRow, WorkingHours } from '#shared/config/policy.ts';
import type { EscalationChoice } from '#shared/escalation/escalation-choice.ts';
import { type Severity, severities } from '#shared/incident/severity.ts';
import type { ContactMethod, QuietPreference } from '#shared/on-call/person.ts';
import type { Layer, Restriction, Schedule } from '#shared/on-call/schedule.ts';

/** Random pieces of a policy file. All times are whole quarters of an hour. */

const hour = 3600;
const day = 24 * hour;

export const peopleNames = ['alice', 'bob', 'carol', 'dave', 'mute'] as const;

export const hours: fc.Arbitrary<WorkingHours> = fc.record({
  timeZone: fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York'),
  weekdays: fc.constantFrom([1, 2, 3, 4, 5], [1, 3, 6, 7]),
  start: fc.constantFrom('09:00', '07:30'),
  end: fc.constantFrom('17:00', '24:00'),
  holidays: fc.constantFrom([], ['2026-03-03', '2026-03-31', '2026-10-26']),
});

const restriction: fc.Arbitrary<Restriction> = fc.constantFrom<Restriction>(
  { weekdays: [1, 2, 3, 4, 5], dates: [], startMinute: 540, endMinute: 1020 },
  { weekdays: [1, 2, 3, 4, 5, 6, 7], dates: [], startMinute: 1320, endMinute: 360 },
  { weekdays: [6, 7], dates: ['2026-03-04'], startMinute: 0, endMinute: 0 },
);

const layer = (name: string, startsOn: string): fc.Arbitrary<Layer> =>
  fc.record({
    name: fc.constant(name),
    members: fc.array(fc.constantFrom(...peopleNames), { minLength: 1, maxLength: 3 }),
    shiftMinutes: fc.constantFrom(60, 150, 720, 1440, 10_080),
    start: fc.constantFrom(`${startsOn}T00:00`, `${startsOn}T02:30`, `${startsOn}T17:45`),
    end: fc.constantFrom(null, null, `${startsOn.slice(0, 8)}31T12:00`),
    restrictions: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(restriction, { minLength: 1, maxLength: 2 }) },
    ),
  });

export const schedule = (name: string, startsOn: string): fc.Arbitrary<Schedule> =>
  fc
    .record({
      timeZone: fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York'),
      base: layer('base', startsOn),
      above: fc.option(layer('above', startsOn), { nil: null }),
    })
    .map(({ timeZone, base, above }) => ({
      name,
      timeZone,
      layers: above === null ? [base] : [base, above],
      handOffChannel: null,
    }));

const method: fc.Arbitrary<ContactMethod> = fc
  .record({
    way: fc.constantFrom(
      { kind: 'slack' as const },
      { kind: 'slack mention' as const, channel: 'payments' },
      { kind: 'pagerduty' as const, service: 'web' },
      { kind: 'sns' as const, contact: 'ops' },
    ),
    afterSeconds: fc.constantFrom(0, 0, 120, 900),
  })
  .map(({ way, afterSeconds }) => ({ ...way, afterSeconds }));

/** As the policy file demands it: the first method at once. */
export const methods = fc
  .uniqueArray(method, { minLength: 1, maxLength: 3, selector: ({ kind }) => kind })
  .map((list) => [...list].sort((a, b) => a.afterSeconds - b.afterSeconds))
  .map((list) => list.map((each, index) => (index === 0 ? { ...each, afterSeconds: 0 } : each)));

export const quiet: fc.Arbitrary<QuietPreference> = fc.record({
  // SEV1 is no choice, and counts for nothing where it is written all the same.
  severities: fc.subarray([...severities], { minLength: 1 }) as fc.Arbitrary<QuietPreference['severities']>,
  outsideWorkingHours: fc.boolean(),
  during: fc.constantFrom([], ['night']),
});

export const choice: fc.Arbitrary<EscalationChoice> = fc.oneof(
  fc.constantFrom('sev1', 'sev2', 'office', 'quiet'),
  fc.array(
    fc.record({
      severities: fc.subarray([...severities] as Severity[]),
      during: fc.constantFrom(null, 'night'),
      policy: fc.constantFrom('sev1', 'sev2', 'office', 'quiet'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
);

export const row = (policyName: string, pages: SeverityRow['pages']): fc.Arbitrary<SeverityRow> =>
  fc
    .record({
      acknowledgeWithinSeconds: fc.constantFrom(900, 4 * hour),
      resolveWithinSeconds: fc.constantFrom(undefined, 2 * hour),
      missedDeadline: fc.constantFrom(undefined, 'remind', 'page'),
      updateEverySeconds: fc.constantFrom(null, 1800),
      acknowledgementExpiresSeconds: fc.constantFrom(null, 600, hour),
      pageDeadlineSeconds: fc.constantFrom(60, 900),
      closesAfterSeconds: fc.constantFrom(null, day),
    })
    .map(({ resolveWithinSeconds, missedDeadline, ...rest }) => ({
      meaning: policyName,
      pages,
      escalationPolicy: policyName,
      ...(resolveWithinSeconds !== undefined && { resolveWithinSeconds }),
      ...(missedDeadline && { missedDeadline: missedDeadline as 'remind' | 'page' }),
      ...rest,
    }));
