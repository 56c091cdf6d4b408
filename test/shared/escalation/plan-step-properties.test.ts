import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Person, Policy } from '#shared/config/policy.ts';
import type { EscalationStep, StepTarget } from '#shared/escalation/escalation-policy.ts';
import { nextDueAt, nextStep } from '#shared/escalation/next-due.ts';
import { foundNobody, planStep } from '#shared/escalation/plan-step.ts';
import { type ResolvedTarget, resolveTarget } from '#shared/escalation/resolve-target.ts';
import type { StepInput, StepPlan } from '#shared/escalation/step-plan.ts';
import { interrupts, nameOf } from '#shared/escalation/step-target.ts';
import { noEscalation } from '#shared/incident/evolve-escalation.ts';
import type { EscalationProgress, PagedPerson } from '#shared/incident/incident.ts';
import { type Severity, severities } from '#shared/incident/severity.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { type OwedPage, targetKey } from '#shared/notification/page.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { ContactMethod } from '#shared/on-call/person.ts';
import { at, noon, pinnedFor, saturday } from '#test/support/decision-builders.ts';
import { anOverride, onCallPolicy, schedule, team } from '#test/support/on-call-builders.ts';

/** Any step, for any people, at any time: nobody whom it names is forgotten, and no rule makes silence out of a page. */

const names = ['alice', 'bob', 'carol', 'mute'] as const;
const target: fc.Arbitrary<StepTarget> = fc.constantFrom<StepTarget>(
  { kind: 'person', person: 'alice' },
  { kind: 'person', person: 'bob' },
  { kind: 'person', person: 'gone' },
  schedule('platform'),
  schedule('deserted'),
  schedule('gone'),
  team('onCall'),
  team('secondary'),
  team('everyone'),
  team('onCall', 'empty'),
  { kind: 'owner', role: 'onCall' },
  { kind: 'slack channel', channel: 'payments', mention: null },
  { kind: 'slack channel', channel: 'payments', mention: 'here' },
  { kind: 'slack channel', channel: 'gone', mention: null },
  { kind: 'pagerduty', service: 'web' },
  { kind: 'sns', contact: 'ops' },
);
const step: fc.Arbitrary<EscalationStep> = fc.record({
  afterSeconds: fc.constantFrom(0, 60, 300),
  targets: fc.array(target, { maxLength: 5 }),
});
const method: fc.Arbitrary<ContactMethod> = fc
  .record({
    way: fc.constantFrom(
      { kind: 'slack' } as const,
      { kind: 'slack mention', channel: 'payments' } as const,
      { kind: 'slack mention', channel: 'gone' } as const,
      { kind: 'pagerduty', service: 'web' } as const,
      { kind: 'sns', contact: 'alice-phone' } as const,
      { kind: 'sns', contact: 'gone' } as const,
    ),
    afterSeconds: fc.constantFrom(0, 0, 60, 900),
  })
  .map(({ way, afterSeconds }) => ({ ...way, afterSeconds }));
const preferences: fc.Arbitrary<Partial<Person>> = fc.record(
  {
    contact: fc.dictionary(fc.constantFrom(...severities), fc.array(method, { minLength: 1, maxLength: 4 })),
    quiet: fc.record({
      // SEV1 cannot be written there, and would not count.
      severities: fc.constant(severities as unknown as NonNullable<Person['quiet']>['severities']),
      outsideWorkingHours: fc.boolean(),
      during: fc.constantFrom([], ['gone']),
    }),
    cooldownSeconds: fc.constantFrom(1, 3_600),
    slackUserId: fc.constantFrom(null, 'U-X'),
  },
  { requiredKeys: [] },
);
const overrides: fc.Arbitrary<readonly Override[]> = fc.array(
  fc
    .record({ person: fc.constantFrom(...names, 'gone'), schedule: fc.constantFrom('platform', 'deserted') })
    .map(anOverride),
  { maxLength: 2 },
);
const progress: fc.Arbitrary<EscalationProgress> = fc.constantFrom<EscalationProgress>(
  noEscalation,
  { ...noEscalation, toldBefore: true },
  { ...noEscalation, pagerdutyTriggered: ['web'] },
  { ...noEscalation, pagerdutyLater: [{ service: 'web', notBeforeAt: at(60) }] },
);
const pagedPeople: fc.Arbitrary<readonly PagedPerson[]> = fc.constantFrom<readonly PagedPerson[]>(
  [],
  names.map((person) => ({ person, at: addSeconds(noon, -600), severity: 'SEV1' })),
  names.map((person) => ({ person, at: addSeconds(noon, -600), severity: 'SEV4' })),
);
const inputs: fc.Arbitrary<StepInput> = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
    people: fc.dictionary(fc.constantFrom(...names), preferences),
    severity: fc.constantFrom(...severities),
    now: fc.constantFrom(noon, saturday),
    round: fc.constantFrom(1, 1, 2),
    cause: fc.constantFrom('timer' as const, 'manual' as const),
    overrides,
    escalation: progress,
    pagedPeople,
  })
  .map(({ steps, people, severity, escalation, pagedPeople: paged, ...rest }) => ({
    ...rest,
    step: 1,
    policy: onCallPolicy(people) satisfies Policy,
    incident: {
      severity,
      escalation,
      pagedPeople: paged,
      pinned: { ...pinnedFor(severity), escalation: { name: 'own', steps, repeatEverySeconds: 900 } },
    },
  }));
const targetsOf = ({ incident, step: number }: StepInput) =>
  incident.pinned.escalation.steps[number - 1]?.targets ?? [];
const runs = { numRuns: 2_000 };

describe('any step', () => {
  it('pages, informs or skips each of its targets, with a reason', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = planStep(input);
        for (const each of targetsOf(input).flatMap((one) => resolveTarget(one, input))) {
          expect(isTold(each, plan), `${JSON.stringify(each)} is told or skipped`).toBe(true);
        }
        expect(plan.skipped.every(({ named, reason }) => named !== '' && reason.length > 0)).toBe(true);
      }),
      runs,
    );
  });

  it('owes no two pages with one identity, and each its deadline after its beginning', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { pages } = planStep(input);
        expect(new Set(pages.map((page) => targetKey(page.target))).size).toBe(pages.length);
        for (const { notBeforeAt, deadlineAt } of pages) {
          expect(notBeforeAt === undefined || notBeforeAt > input.now).toBe(true);
          expect(deadlineAt).toBe(addSeconds(notBeforeAt ?? input.now, input.incident.pinned.pageDeadlineSeconds));
        }
      }),
      runs,
    );
  });

  it('is never quiet and never spares anybody for SEV1', () => {
    fc.assert(
      fc.property(inputs, ({ incident, ...rest }) => {
        const severity: Severity = 'SEV1';
        const pinned = { ...pinnedFor(severity), escalation: incident.pinned.escalation };
        const { skipped } = planStep({ ...rest, incident: { ...incident, severity, pinned } });
        expect(skipped.filter(({ reason }) => reason === 'quiet hours' || reason === 'cooldown')).toEqual([]);
      }),
      runs,
    );
  });

  it('has the fallback told in its first round when it finds nobody, and no page where the severity never pages', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = planStep(input);
        const nobody = foundNobody({ step: 1, ...plan }, input.incident);
        if (nobody && input.round === 1) expect(plan.unreachable?.named.length).toBeGreaterThan(0);
        if (plan.unreachable?.reason === 'nobody on call') expect(nobody).toBe(true);
        if (input.incident.severity === 'SEV4')
          expect([plan.pages, plan.unreachable, nobody]).toEqual([[], null, false]);
        if (plan.pages.length > 0 || !targetsOf(input).some(interrupts)) expect(nobody).toBe(false);
      }),
      runs,
    );
  });

  it('does not delay the next one when it finds nobody', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { incident, now, policy } = input;
        const ran = { ...incident.escalation, stepsDone: 1 };
        const next = nextStep(incident.pinned, ran);
        const nobody = foundNobody({ step: 1, ...planStep(input) }, incident);
        const due = nextDueAt({
          pinned: incident.pinned,
          progress: ran,
          triggeredAt: now,
          ranAt: now,
          notBefore: now,
          workingHours: policy.workingHours,
          foundNobody: nobody,
        });
        // On a Saturday SEV3 waits for Monday, whoever is there.
        if (nobody && next?.round === 1 && !(incident.severity === 'SEV3' && now === saturday)) expect(due).toBe(now);
      }),
      runs,
    );
  });

  it('decides the same when it is asked again', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expect(planStep(input)).toEqual(planStep(input));
      }),
      { numRuns: 300 },
    );
  });
});

function isTold(each: ResolvedTarget, { pages, informedChannels, skipped }: StepPlan): boolean {
  if (each.kind === 'inform') return informedChannels.includes(each.channelId);
  if (skipped.some(({ named }) => named === each.named)) return true;
  if (each.kind === 'page') return pages.some(({ target: to }) => targetKey(to) === targetKey(each.target));
  // A PagerDuty service of a person may page somebody else at the same time: one page, in the name of one of them.
  return (
    each.kind === 'person' && pages.some((page) => page.target.kind === 'pagerduty' || paged(page) === each.person.name)
  );
}

const paged = ({ target: to }: OwedPage): string | null => ('person' in to ? to.person : null);

it('names a target in a skip as the policy file does', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const known = targetsOf(input).map(nameOf);
      for (const { named, reason } of planStep(input).skipped) {
        if (reason === 'nobody on call' || reason === 'nobody in this role') expect(known).toContain(named);
      }
    }),
    { numRuns: 500 },
  );
});
