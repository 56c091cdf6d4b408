import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import {
  accepted,
  acknowledges,
  alicePage,
  aPolicy,
  at,
  bobPage,
  carolPage,
  carryOut,
  decide,
  dora,
  escalated,
  escalates,
  farDeadline,
  isOpened,
  joins,
  noon,
  owed,
  play,
  resolves,
  saturday,
  tick,
  timerSet,
  webPage,
} from '#test/support/decision-builders.ts';

const manual = { cause: 'manual', by: dora } as const;
const onlyStep = (...targets: readonly StepTarget[]): Policy => {
  const policy = aPolicy();
  const sev1 = { name: 'sev1', steps: [{ afterSeconds: 0, targets }], repeatEverySeconds: null };
  return { ...policy, escalationPolicies: { ...policy.escalationPolicies, sev1 } };
};

describe('a person who escalates', () => {
  it('pages the next step now; the one after comes as long after it as the policy has between them', () => {
    const incident = isOpened('SEV1');
    const decision = decide(incident, escalates, at(60));
    expect(decision).toEqual(
      accepted(escalated({ ...manual, step: 2, pages: [owed(bobPage, at(120), 2)] }), timerSet(at(360), 2)),
    );
    const jumped = carryOut(incident, escalates, at(60)).incident;
    expect(jumped.generation).toBe(1);
    expect(decide(jumped, tick(incident), at(300))).toEqual({ outcome: 'unchanged', reason: 'timer is stale' });
  });

  it('repeats the last step when there is no further one, and does not page the fallback', () => {
    const atLast = play([joins('SEV1', ['a']), noon], [escalates, at(10)], [escalates, at(20)]);
    expect(decide(atLast, escalates, at(30))).toEqual(
      accepted(
        escalated({
          ...manual,
          step: 3,
          round: 2,
          pages: [owed(carolPage, at(90), 3, 2)],
          skipped: [
            { target: webPage, named: 'PagerDuty service web', reason: 'already triggered in this generation' },
          ],
        }),
        timerSet(at(930), 4),
      ),
    );
  });

  it('pages outside working hours too, and goes on to a step that pages', () => {
    const resolved = play([joins('SEV3', ['a']), saturday], [resolves(['a']), '2026-03-07T12:01:00.000Z']);
    const flapping = carryOut(resolved, joins('SEV3', ['a'], false), '2026-03-07T12:02:00.000Z').incident;
    expect(flapping.escalation.stepsDone).toBe(0);
    expect(decide(flapping, escalates, '2026-03-07T12:03:00.000Z')).toEqual(
      accepted(
        escalated({ ...manual, informedChannels: ['C-PAYMENTS'] }),
        escalated({ ...manual, step: 2, pages: [owed(alicePage, '2026-03-07T12:18:00.000Z', 2)] }),
        timerSet('2026-03-09T08:00:00.000Z', 4),
      ),
    );
  });

  it('opens a new generation of an acknowledged incident, which goes on at the next step', () => {
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]);
    expect(decide(acknowledged, escalates, at(120))).toEqual(
      accepted(
        { type: 'GenerationStarted', generation: 2, cause: 'escalated by a person' },
        escalated({ ...manual, step: 2, pages: [owed(bobPage, at(180), 2)] }),
        timerSet(at(420), 3),
      ),
    );
    const again = carryOut(acknowledged, escalates, at(120)).incident;
    expect([again.status, again.escalation.stepsDone]).toEqual(['triggered', 2]);
  });

  it('has the last step run again in the new generation when all have run', () => {
    const all = play([joins('SEV1', ['a']), noon], [escalates, at(10)], [escalates, at(20)], [acknowledges, at(60)]);
    expect(decide(all, escalates, at(120))).toEqual(
      accepted(
        { type: 'GenerationStarted', generation: 2, cause: 'escalated by a person' },
        escalated({ ...manual, step: 3, pages: [owed(carolPage, at(180), 3), owed(webPage, at(180), 3)] }),
        timerSet(at(1020), 5),
      ),
    );
  });

  it('is refused where nobody may or can be paged', () => {
    const rejectedFor = (reason: string) => ({ outcome: 'rejected', reason });
    expect(decide(isOpened('SEV4'), escalates, at(60))).toEqual(rejectedFor('severity never pages'));
    const resolved = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)]);
    expect(decide(resolved, escalates, at(90))).toEqual(rejectedFor('incident is resolved'));
    const closed = carryOut(resolved, { type: 'CloseIncident' }, at(90)).incident;
    expect(decide(closed, escalates, at(91))).toEqual(rejectedFor('incident is closed'));
    const policy = onlyStep({ kind: 'pagerduty', service: 'web' });
    const triggeredOnly = carryOut(null, joins('SEV1', ['a']), noon, { policy }).incident;
    expect(decide(triggeredOnly, escalates, at(60), { policy })).toEqual(rejectedFor('no further step'));
  });

  it('pages the fallback in place of a target that is gone, which is not nothing', () => {
    const policy = onlyStep({ kind: 'person', person: 'alice' });
    const incident = carryOut(null, joins('SEV1', ['a']), noon, { policy }).incident;
    const acknowledged = carryOut(incident, acknowledges, at(30), { policy }).incident;
    const { alice: _, ...people } = policy.people;
    expect(decide(acknowledged, escalates, at(60), { policy: { ...policy, people } })).toEqual(
      accepted(
        { type: 'GenerationStarted', generation: 2, cause: 'escalated by a person' },
        escalated({ ...manual, skipped: [{ target: null, named: 'alice', reason: 'target is gone' }] }),
        { type: 'FallbackPaged', reason: 'target is gone', target: 'alice', step: 1, round: 1 },
        timerSet(null, 3, farDeadline(at(60))),
      ),
    );
  });
});
