import { describe, expect, it } from 'vitest';
import type { Person, Policy } from '#shared/config/policy.ts';
import type { EscalationPolicy, StepTarget } from '#shared/escalation/escalation-policy.ts';
import { planStep } from '#shared/escalation/plan-step.ts';
import type { StepInput, StepPlan } from '#shared/escalation/step-plan.ts';
import { noEscalation } from '#shared/incident/evolve-escalation.ts';
import type { EscalationProgress, PagedPerson } from '#shared/incident/incident.ts';
import { type Severity, severities } from '#shared/incident/severity.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import { alicePage, at, bobPage, noon, owed, pinnedFor, webPage } from '#test/support/decision-builders.ts';
import { anOverride, onCallPolicy, person, schedule } from '#test/support/on-call-builders.ts';

interface Circumstances extends Partial<Omit<StepInput, 'incident' | 'policy'>> {
  readonly severity?: Severity;
  readonly escalation?: EscalationProgress;
  readonly pagedPeople?: readonly PagedPerson[];
  readonly policy?: Partial<Policy>;
  /** Steps behind it, and their repeat. Absent: there is none. */
  readonly behind?: Partial<EscalationPolicy>;
}

/** A step with these targets, run for people with these preferences. */
const plan = (
  changes: Readonly<Record<string, Partial<Person>>>,
  targets: readonly StepTarget[],
  {
    severity = 'SEV2',
    escalation = noEscalation,
    pagedPeople = [],
    policy = {},
    behind,
    ...override
  }: Circumstances = {},
): StepPlan => {
  const pinned = {
    ...pinnedFor(severity),
    escalation: {
      name: 'own',
      repeatEverySeconds: behind?.repeatEverySeconds ?? null,
      steps: [{ afterSeconds: 0, targets }, ...(behind?.steps ?? [])],
    },
  };
  return planStep({
    step: 1,
    round: 1,
    cause: 'timer',
    policy: onCallPolicy(changes, policy),
    overrides: [],
    now: noon,
    incident: { severity, pinned, escalation, pagedPeople },
    ...override,
  });
};
const empty: StepPlan = { pages: [], informedChannels: [], skipped: [], unreachable: null };
const alicePhone = { kind: 'person', person: 'alice', lane: 'sns', contact: 'alice-phone' } as const;
const aliceMention = { kind: 'person mention', person: 'alice', channelId: 'C-PAYMENTS' } as const;
const slack = { kind: 'slack', afterSeconds: 0 } as const;
const later = (target: typeof alicePhone | typeof aliceMention | typeof webPage, seconds: number, deadline = 120) => ({
  ...owed(target, at(seconds + deadline)),
  notBeforeAt: at(seconds),
});

describe('the contact methods of a person', () => {
  const contact: Person['contact'] = {
    SEV1: [
      slack,
      { kind: 'sns', contact: 'alice-phone', afterSeconds: 0 },
      { kind: 'pagerduty', service: 'web', afterSeconds: 120 },
    ],
    SEV2: [
      { kind: 'slack mention', channel: 'payments', afterSeconds: 0 },
      { kind: 'sns', contact: 'alice-phone', afterSeconds: 300 },
    ],
  };

  it('FIELD B27: are those of the severity, in order, each with its own time and deadline', () => {
    expect(plan({ alice: { contact } }, [person('alice')])).toEqual({
      ...empty,
      pages: [owed(aliceMention, at(120)), later(alicePhone, 300)],
    });
    expect(plan({ alice: { contact } }, [person('alice')], { severity: 'SEV1' })).toEqual({
      ...empty,
      pages: [
        owed(alicePage, at(60)),
        owed(alicePhone, at(60)),
        { ...later(webPage, 120, 60), because: 'contact of alice', person: 'alice' },
      ],
    });
    expect(plan({ alice: { contact } }, [person('alice')], { severity: 'SEV3' }).pages).toEqual([
      owed(alicePage, at(900)),
    ]);
  });

  it('say for the person on call by which rule it is this one', () => {
    const { pages } = plan(
      { bob: { contact: { SEV2: [{ kind: 'pagerduty', service: 'web', afterSeconds: 0 }] } } },
      [schedule('platform')],
      { overrides: [anOverride()] },
    );
    expect(pages).toEqual([
      {
        ...owed(webPage, at(120)),
        because: 'contact of bob, override by carol in schedule platform, instead of alice',
        person: 'bob',
      },
    ]);
  });

  it('FIELD B6: do not hold one another back: one that is gone is skipped, the next is paged', () => {
    const broken: Person['contact'] = {
      SEV2: [
        { kind: 'sns', contact: 'cancelled-phone', afterSeconds: 0 },
        { kind: 'slack mention', channel: 'archived', afterSeconds: 0 },
        { kind: 'pagerduty', service: 'cancelled', afterSeconds: 0 },
        slack,
      ],
    };
    const gone = (named: string) => ({ target: null, named, reason: 'target is gone' as const });
    const skipped = [
      gone('alice by contact cancelled-phone'),
      gone('alice by #archived'),
      gone('alice by PagerDuty service cancelled'),
    ];
    expect(plan({ alice: { contact: broken } }, [person('alice'), person('bob')])).toEqual({
      ...empty,
      pages: [owed(alicePage, at(120)), owed(bobPage, at(120))],
      skipped,
    });
    expect(plan({ alice: { contact: broken, slackUserId: null } }, [person('alice')])).toEqual({
      ...empty,
      skipped: [...skipped, gone('alice by Slack'), { ...gone('alice'), detail: 'has no way to be paged' }],
      unreachable: { named: ['alice'], reason: 'target is gone' },
    });
  });

  it('of two people at one PagerDuty service make one page, at the earlier time', () => {
    const at5Minutes: Person['contact'] = { SEV2: [{ kind: 'pagerduty', service: 'web', afterSeconds: 300 }] };
    const atOnce: Person['contact'] = { SEV2: [{ kind: 'pagerduty', service: 'web', afterSeconds: 0 }] };
    const people = { alice: { contact: at5Minutes }, bob: { contact: atOnce } };
    const page = { ...owed(webPage, at(120)), because: 'contact of bob', person: 'bob' };
    expect(plan(people, [person('alice'), person('bob')])).toEqual({ ...empty, pages: [page] });
    expect(plan(people, [person('bob'), person('alice')])).toEqual({ ...empty, pages: [page] });
  });

  it('skip a PagerDuty service that has been triggered by then, and not one that will be later', () => {
    const contact: Person['contact'] = { SEV2: [{ kind: 'pagerduty', service: 'web', afterSeconds: 300 }] };
    const triggered = (pagerdutyLater: NonNullable<EscalationProgress['pagerdutyLater']>) =>
      plan({ alice: { contact } }, [person('alice')], { escalation: { ...noEscalation, pagerdutyLater } });
    const skipped = [{ target: webPage, named: 'alice', reason: 'already triggered in this generation' as const }];
    const page = { ...later(webPage, 300), because: 'contact of alice', person: 'alice' };
    expect(triggered([{ service: 'web', notBeforeAt: at(300) }])).toEqual({ ...empty, skipped });
    expect(triggered([{ service: 'web', notBeforeAt: at(301) }])).toEqual({ ...empty, pages: [page] });
    expect(triggered([{ service: 'other', notBeforeAt: at(1) }])).toEqual({ ...empty, pages: [page] });
  });
});

describe('a person who is quiet', () => {
  /** Before 09:00 and after 17:00 in New York, whatever the organisation works. */
  const hours: Partial<Person> = {
    workingHours: { timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' },
    quiet: { severities: ['SEV2', 'SEV3'], outsideWorkingHours: true, during: [] },
  };
  const everyDay = { weekdays: null, daysOfMonth: null, months: null, years: null, timeZone: 'UTC' };
  const timeIntervals: Policy['timeIntervals'] = {
    lunch: [{ ...everyDay, times: [{ startMinute: 12 * 60, endMinute: 13 * 60 }] }],
    always: [{ ...everyDay, times: null }],
  };
  const lunch: Partial<Person> = {
    quiet: { severities: ['SEV2'], outsideWorkingHours: false, during: ['gone', 'lunch'] },
  };
  const skipped = (detail: string) => [{ target: alicePage, named: 'alice', reason: 'quiet hours' as const, detail }];
  const nobody = { named: ['alice'], reason: 'nobody on call' as const };

  it('is skipped outside of their own working hours, and told until when', () => {
    expect(plan({ alice: hours }, [person('alice'), person('bob')])).toEqual({
      ...empty,
      pages: [owed(bobPage, at(120))],
      skipped: skipped('quiet outside working hours until 2026-03-02T14:00:00.000Z'),
    });
    expect(plan({ alice: hours }, [person('alice')], { now: '2026-03-02T14:00:00.000Z' }).skipped).toEqual([]);
  });

  it("goes by the organisation's working hours where they have none", () => {
    const quiet: Person['quiet'] = { severities: ['SEV2'], outsideWorkingHours: true, during: [] };
    const evening: Instant = '2026-03-02T18:00:00.000Z';
    expect(plan({ alice: { quiet } }, [person('alice')]).skipped).toEqual([]);
    expect(plan({ alice: { quiet } }, [person('alice')], { now: evening }).skipped).toEqual(
      skipped('quiet outside working hours until 2026-03-03T08:00:00.000Z'),
    );
  });

  it('is skipped during a named time interval, to its end and no longer', () => {
    const during = (now: Instant) =>
      plan({ alice: lunch }, [person('alice')], { now, policy: { timeIntervals } }).skipped;
    expect(during(noon)).toEqual(skipped('quiet during lunch until 2026-03-02T13:00:00.000Z'));
    expect([during(addSeconds(noon, -1)), during(at(3_600))]).toEqual([[], []]);
  });

  it('is told no end where none is to come', () => {
    const quiet: Person['quiet'] = { severities: ['SEV2'], outsideWorkingHours: false, during: ['always'] };
    const policy = { timeIntervals };
    expect(plan({ alice: { quiet } }, [person('alice')], { policy }).skipped).toEqual(skipped('quiet during always'));
  });

  it('has the fallback stand in when nobody else is reached', () => {
    expect(plan({ alice: hours }, [person('alice')]).unreachable).toEqual(nobody);
    expect(plan({ alice: hours }, [person('alice'), person('bob')]).unreachable).toBeNull();
  });

  it.each(severities)(
    'is paged for %s unless they chose quiet for it, and for SEV1 whatever is written',
    (severity) => {
      const quiet = { ...hours.quiet, severities: ['SEV1', 'SEV3'] } as unknown as Person['quiet'];
      const { pages } = plan({ alice: { ...hours, quiet } as Partial<Person> }, [person('alice')], { severity });
      expect(pages.length).toBe(severity === 'SEV1' || severity === 'SEV2' ? 1 : 0);
    },
  );
});

describe('a person with a cooldown', () => {
  const cooldown = { alice: { cooldownSeconds: 3_600 } };
  const toldBefore: EscalationProgress = { ...noEscalation, toldBefore: true };
  const paged = (secondsAgo: number, severity: Severity = 'SEV2') => [
    { person: 'alice', at: addSeconds(noon, -secondsAgo), severity },
  ];
  const afterReopening = (override: Circumstances = {}) =>
    plan(cooldown, [person('alice')], {
      escalation: toldBefore,
      pagedPeople: paged(600),
      behind: { repeatEverySeconds: 900 },
      ...override,
    });
  const behind = (targets: readonly StepTarget[]) => ({ behind: { steps: [{ afterSeconds: 300, targets }] } });
  const spared: StepPlan = {
    ...empty,
    skipped: [
      {
        target: alicePage,
        named: 'alice',
        reason: 'cooldown',
        detail: 'cooldown: paged for it before, and not again until 2026-03-02T12:50:00.000Z',
      },
    ],
  };
  const alicePaged: StepPlan = { ...empty, pages: [owed(alicePage, at(120))] };

  it('is spared by the first round of a re-opened incident, and no fallback stands in: they know', () => {
    expect(afterReopening()).toEqual(spared);
    expect(afterReopening(behind([person('bob')]))).toEqual(spared);
  });

  it.each<[string, Circumstances]>([
    ['when it is over', { pagedPeople: paged(3_600) }],
    ['who was never paged for this incident', { pagedPeople: [] }],
    ['who was paged for something less severe', { pagedPeople: paged(600, 'SEV3') }],
    ['by a repeat', { round: 2 }],
    ['when nobody would be paged behind it', { behind: {} }],
    [
      'when only a channel would be told behind it',
      behind([{ kind: 'slack channel', channel: 'payments', mention: null }]),
    ],
    ['when a person asks', { cause: 'manual' }],
    ['in a generation that began otherwise', { escalation: noEscalation }],
  ])('is paged %s', (_, circumstances) => {
    expect(afterReopening(circumstances).pages.map(({ target }) => target)).toEqual([alicePage]);
  });

  it('is spared to the last moment of it', () => {
    expect(afterReopening({ pagedPeople: paged(3_599) }).pages).toEqual([]);
    expect(afterReopening({ pagedPeople: paged(600, 'SEV1') })).toEqual(spared);
  });

  it('is never spared SEV1', () => {
    const sev1 = afterReopening({ severity: 'SEV1', pagedPeople: paged(600, 'SEV1') });
    expect(sev1).toEqual({ ...alicePaged, pages: [owed(alicePage, at(60))] });
  });
});
