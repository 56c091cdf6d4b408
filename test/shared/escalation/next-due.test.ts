import { describe, expect, it } from 'vitest';
import { delayAfter, nextDueAt, nextStep } from '#shared/escalation/next-due.ts';
import { noEscalation } from '#shared/incident/evolve-escalation.ts';
import type { PinnedPolicy } from '#shared/incident/incident.ts';
import { aPolicy, at, noon, pinnedFor } from '#test/support/decision-builders.ts';

const done = (stepsDone: number, repeats = 0) => ({ ...noEscalation, stepsDone, repeats });
const noSteps: PinnedPolicy = {
  ...pinnedFor('SEV1'),
  escalation: { name: 'none', steps: [], repeatEverySeconds: 900 },
};

describe('the next step', () => {
  it('is the first not yet run, then the last one in further rounds', () => {
    const sev1 = pinnedFor('SEV1');
    expect([done(0), done(2), done(3), done(3, 1), done(5, 4)].map((progress) => nextStep(sev1, progress))).toEqual([
      { step: 1, round: 1 },
      { step: 3, round: 1 },
      { step: 3, round: 2 },
      { step: 3, round: 3 },
      { step: 3, round: 6 },
    ]);
    expect(nextStep(noSteps, done(0))).toBeNull();
  });

  it('is never before its predecessor, whatever the delays say', () => {
    const { escalation } = pinnedFor('SEV1');
    const steps = [
      { afterSeconds: 600, targets: [] },
      { afterSeconds: 300, targets: [] },
    ];
    expect(delayAfter({ ...pinnedFor('SEV1'), escalation: { ...escalation, steps } }, 1)).toBe(0);
  });
});

describe('the instant when it is due', () => {
  const due = (
    severity: 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4',
    stepsDone: number,
    { ranAt = at(100), notBefore = at(100), pinned = pinnedFor(severity) } = {},
  ) =>
    nextDueAt({
      pinned,
      progress: done(stepsDone),
      triggeredAt: noon,
      ranAt,
      notBefore,
      workingHours: aPolicy().workingHours,
    });

  it('counts from the start of the generation for the first step, from the step before for the others', () => {
    expect([due('SEV1', 0), due('SEV1', 1), due('SEV1', 2)]).toEqual([at(100), at(400), at(400)]);
  });

  it('is not before a flapping hold ends', () => {
    expect(due('SEV1', 0, { notBefore: at(900) })).toBe(at(900));
  });

  it('repeats as the policy says, and never where the severity never pages', () => {
    expect(due('SEV1', 3)).toBe(at(1000));
    expect([due('SEV2', 2), due('SEV4', 1), due('SEV1', 0, { pinned: noSteps })]).toEqual([null, null, null]);
  });

  it('waits for working hours when the step pages, and not when it only informs', () => {
    const evening = '2026-03-02T18:00:00.000Z';
    expect(due('SEV3', 0, { notBefore: evening })).toBe(evening);
    expect(due('SEV3', 1, { notBefore: evening })).toBe('2026-03-03T08:00:00.000Z');
    expect(due('SEV1', 1, { notBefore: evening })).toBe(evening);
  });
});
