import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import type { EscalationStep } from '#shared/escalation/escalation-policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { addSeconds, secondsBetween } from '#shared/kernel/instant.ts';
import type { Commit } from '#shared/timeline/events.ts';
import { acknowledges, at, carryOut, decide, escalates, joins, noon, tick } from '#test/support/decision-builders.ts';
import { onCallPolicy, person, schedule, stepAfter, withSteps } from '#test/support/on-call-builders.ts';

/** Rule: `repeats: all steps` runs every step again, with its delays, until somebody acknowledges. */

const steps = [stepAfter(60, person('alice')), stepAfter(360, person('bob')), stepAfter(960, person('carol'))];
const repeating = (each: readonly EscalationStep[] = steps): Policy =>
  withSteps(onCallPolicy(), each, { repeatEverySeconds: 900, repeats: 'all steps' });

interface Ran {
  readonly afterSeconds: number;
  readonly step: number;
  readonly round: number;
  readonly paged: readonly string[];
}

const ranIn = ({ at: now, events }: Commit): readonly Ran[] =>
  events.flatMap((event) =>
    event.type === 'IncidentEscalated'
      ? [
          {
            afterSeconds: secondsBetween(noon, now),
            step: event.step,
            round: event.round,
            paged: event.pages.map(({ target }) => ('person' in target ? target.person : target.kind)),
          },
        ]
      : [],
  );

/** The steps that the timer runs, each when it is due. */
function play(policy: Policy, ticks: number): { readonly incident: Incident; readonly ran: readonly Ran[] } {
  let { incident, commit } = carryOut(null, joins('SEV1', ['a']), noon, { policy });
  const ran = [...ranIn(commit)];
  for (let i = 0; i < ticks && incident.dueAt !== null; i++) {
    ({ incident, commit } = carryOut(incident, tick(incident), incident.dueAt, { policy }));
    ran.push(...ranIn(commit));
  }
  return { incident, ran };
}

const row = (afterSeconds: number, step: number, round: number, ...paged: readonly string[]): Ran => ({
  afterSeconds,
  step,
  round,
  paged,
});

describe('a policy that repeats all its steps', () => {
  it('begins again with the first, as long after the last as it says, and keeps the delays between them', () => {
    expect(play(repeating(), 9).ran).toEqual([
      row(60, 1, 1, 'alice'),
      row(360, 2, 1, 'bob'),
      row(960, 3, 1, 'carol'),
      row(960 + 900 + 60, 1, 2, 'alice'),
      row(2_220, 2, 2, 'bob'),
      row(2_820, 3, 2, 'carol'),
      row(2_820 + 900 + 60, 1, 3, 'alice'),
      row(4_080, 2, 3, 'bob'),
      row(4_680, 3, 3, 'carol'),
    ]);
  });

  it('pages the fallback with the first repeat, once', () => {
    const policy = repeating();
    const before = play(policy, 3).incident;
    const { incident, commit } = carryOut(before, tick(before), at(1_920), { policy });
    expect(commit.events.filter(({ type }) => type === 'FallbackPaged')).toEqual([
      { type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step: 1, round: 2 },
    ]);
    const second = carryOut(incident, tick(incident), at(2_220), { policy });
    expect(second.commit.events.filter(({ type }) => type === 'FallbackPaged')).toEqual([]);
  });

  it('says in each page which round it is and by which rule', () => {
    const policy = repeating();
    const before = play(policy, 3).incident;
    const first = carryOut(before, tick(before), at(1_920), { policy });
    const second = carryOut(first.incident, tick(first.incident), at(2_220), { policy });
    const reasons = [first, second].flatMap(({ commit }) =>
      commit.events.flatMap((event) => (event.type === 'IncidentEscalated' ? [event.why] : [])),
    );
    expect(reasons).toEqual([
      expect.stringContaining('round 2 of generation 1: all steps repeated every 900 s until somebody acknowledges.'),
      expect.stringContaining('round 2 of generation 1: due 300 s after step 1 of the same round.'),
    ]);
  });

  it('skips a step with nobody in every round, at once, and waits after the last', () => {
    const policy = repeating([stepAfter(0, schedule('deserted')), stepAfter(300, person('bob'))]);
    expect(play(policy, 2).ran).toEqual([
      row(0, 1, 1),
      row(0, 2, 1, 'bob'),
      row(900, 1, 2),
      row(900, 2, 2, 'bob'),
      row(1_800, 1, 3),
      row(1_800, 2, 3, 'bob'),
    ]);
  });

  it('has a person who escalates in a later round get the next step of that round', () => {
    const policy = repeating();
    const before = play(policy, 4).incident;
    const { incident, commit } = carryOut(before, escalates, at(2_000), { policy });
    expect(ranIn(commit)).toEqual([row(2_000, 2, 2, 'bob')]);
    expect(incident.dueAt).toBe(at(2_600));
  });

  it('begins with the first step again after an acknowledgement that ends', () => {
    const policy = repeating();
    const acknowledged = carryOut(play(policy, 4).incident, acknowledges, at(2_000), { policy }).incident;
    const again = carryOut(acknowledged, tick(acknowledged), addSeconds(at(2_000), 3_600), { policy }).incident;
    expect([again.generation, again.escalation.stepsDone, again.escalation.roundSteps, again.dueAt]).toEqual([
      2,
      0,
      undefined,
      at(5_660),
    ]);
  });
});

it('never runs a step twice in a round when a person lowers the severity to a policy of other steps', () => {
  const office = { name: 'office', steps: steps.slice(0, 2), repeatEverySeconds: 900, repeats: 'all steps' as const };
  const base = repeating();
  const policy: Policy = { ...base, escalationPolicies: { ...base.escalationPolicies, sev2: office } };
  const before = play(policy, 4).incident;
  const lowered = carryOut(before, { type: 'ChangeSeverity', severity: 'SEV2' }, at(2_000), { policy });
  let { incident } = lowered;
  const ran: Ran[] = [];
  for (let i = 0; i < 4 && incident.dueAt !== null; i++) {
    const next = carryOut(incident, tick(incident), incident.dueAt, { policy });
    ran.push(...ranIn(next.commit));
    ({ incident } = next);
  }
  expect(ran.map(({ step, round }) => [step, round])).toEqual([
    [2, 2],
    [1, 3],
    [2, 3],
    [1, 4],
  ]);
});

describe('a person who escalates where all steps repeat', () => {
  it('goes on with the first step when the last pages nobody', () => {
    const policy = repeating([
      ...steps.slice(0, 2),
      stepAfter(960, { kind: 'slack channel', channel: 'payments', mention: null }),
    ]);
    const { incident } = play(policy, 2);
    expect(ranIn(carryOut(incident, escalates, at(400), { policy }).commit)).toEqual([
      row(400, 3, 1),
      row(400, 1, 2, 'alice'),
    ]);
  });

  it('is told when no step of a whole round would page anybody', () => {
    const policy = repeating([
      stepAfter(60, { kind: 'owner pagerduty' }),
      stepAfter(360, { kind: 'owner channel', mention: null }),
    ]);
    const { incident } = play(policy, 1);
    expect(decide(incident, escalates, at(100), { policy })).toEqual({
      outcome: 'rejected',
      reason: 'no further step',
    });
  });
});
