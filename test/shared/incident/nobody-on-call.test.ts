import { describe, expect, it } from 'vitest';
import type { Person, Policy } from '#shared/config/policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Instant } from '#shared/kernel/instant.ts';
import type { IncidentEvent } from '#shared/timeline/events.ts';
import {
  accepted,
  acknowledges,
  alicePage,
  at,
  bobPage,
  carolPage,
  carryOut,
  decide,
  dora,
  escalated,
  escalates,
  farDeadline,
  joins,
  mondayMorning,
  noon,
  owed,
  saturday,
  source,
  tick,
  timerSet,
} from '#test/support/decision-builders.ts';
import { onCallPolicy, person, schedule, stepAfter, team, withSteps } from '#test/support/on-call-builders.ts';

/** Rule: a step that finds nobody to page is not waited out. */

const deserted = {
  target: null,
  named: 'on-call of deserted',
  reason: 'nobody on call',
  detail: `schedule deserted has nobody on call at ${noon}`,
} as const;
const fallback = (step: number, target = 'on-call of deserted', round = 1): IncidentEvent => ({
  type: 'FallbackPaged',
  reason: 'nobody on call',
  target,
  step,
  round,
});
const web = { kind: 'pagerduty', service: 'web' } as const;
const opens = (policy: Policy, now: Instant = noon) => {
  const decision = decide(null, joins('SEV1', ['a']), now, { policy });
  if (decision.outcome !== 'accepted') throw new Error('not opened');
  return decision.events.slice(2);
};
const opened = (policy: Policy): Incident => carryOut(null, joins('SEV1', ['a']), noon, { policy }).incident;

describe('a step with nobody on call', () => {
  it('FIELD B26: is skipped at once, and the fallback is paged: the delay to the next step is not waited out', () => {
    const policy = withSteps(onCallPolicy(), [
      stepAfter(0, schedule('deserted')),
      stepAfter(900, schedule('platform')),
      stepAfter(1_200, person('carol')),
    ]);
    const because = 'layer days of schedule platform';
    expect(opens(policy)).toEqual([
      escalated({ by: source, skipped: [deserted] }),
      fallback(1),
      escalated({ by: source, step: 2, pages: [{ ...owed(alicePage, at(60), 2), because }] }),
      // As far behind step 2 as the policy has them apart.
      timerSet(at(300), 1),
    ]);
  });

  it('FIELD B26: who has no contact method is skipped at once too, and the fallback stands in', () => {
    const policy = withSteps(onCallPolicy(), [stepAfter(0, person('mute')), stepAfter(900, person('bob'))]);
    expect(opens(policy)).toEqual([
      escalated({
        by: source,
        skipped: [{ target: null, named: 'mute', reason: 'target is gone', detail: 'has no way to be paged' }],
      }),
      { type: 'FallbackPaged', reason: 'target is gone', target: 'mute', step: 1, round: 1 },
      escalated({ by: source, step: 2, pages: [owed(bobPage, at(60), 2)] }),
      timerSet(null, 1, farDeadline(noon)),
    ]);
  });

  it('is skipped however many follow one another, and each tells the fallback whom it did not find', () => {
    const policy = withSteps(onCallPolicy(), [
      stepAfter(60, schedule('deserted')),
      stepAfter(900, team('onCall', 'empty')),
      stepAfter(1_800, person('bob'), schedule('deserted')),
    ]);
    const incident = opened(policy);
    const decision = decide(incident, tick(incident), at(60), { policy });
    const detail = `schedule deserted has nobody on call at ${at(60)}`;
    const nobody = { target: null, named: 'on-call of empty', reason: 'nobody in this role' } as const;
    expect(decision).toEqual(
      accepted(
        escalated({ skipped: [{ ...deserted, detail }] }),
        fallback(1),
        escalated({ step: 2, skipped: [nobody] }),
        fallback(2, 'on-call of empty'),
        escalated({ step: 3, pages: [owed(bobPage, at(120), 3)], skipped: [{ ...deserted, detail }] }),
        timerSet(null, 1, farDeadline(noon)),
      ),
    );
  });

  it('says in the page why it came before its delay', () => {
    const policy = withSteps(onCallPolicy(), [stepAfter(0, schedule('deserted')), stepAfter(900, person('bob'))]);
    const [, , second] = opens(policy);
    expect(second?.type === 'IncidentEscalated' && second.why).toBe(
      'Step 2 of 2 of escalation policy "sev1", round 1 of generation 1: at once, because step 1 found nobody to page. ' +
        'SEV1 pages always; route root, service checkout, owner payments; policy file abcdef012345.',
    );
  });

  it('waits for its repeat when it is the last, and tells the fallback again only that nobody acknowledged', () => {
    const policy = withSteps(onCallPolicy(), [stepAfter(0, person('bob')), stepAfter(300, schedule('deserted'))], {
      repeatEverySeconds: 900,
    });
    const first = opened(policy);
    const last = carryOut(first, tick(first), at(300), { policy }).incident;
    expect(last.dueAt).toBe(at(1_200));
    const detail = `schedule deserted has nobody on call at ${at(1_200)}`;
    expect(decide(last, tick(last), at(1_200), { policy })).toEqual(
      accepted(
        escalated({ step: 2, round: 2, skipped: [{ ...deserted, detail }] }),
        { type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step: 2, round: 2 },
        timerSet(at(2_100), 1),
      ),
    );
  });
});

describe('a step that is waited out although it pages nobody', () => {
  const nextAt = (policy: Policy, cooled: Partial<Incident> = {}): Instant | null => {
    const incident = { ...opened(policy), ...cooled };
    return carryOut(incident, tick(incident), incident.dueAt ?? noon, { policy }).incident.dueAt;
  };

  it('only informs a channel', () => {
    const informs = { kind: 'slack channel', channel: 'payments', mention: null } as const;
    const policy = withSteps(onCallPolicy(), [stepAfter(0, informs), stepAfter(900, person('bob'))]);
    expect(opened(policy).dueAt).toBe(at(900));
  });

  it('finds PagerDuty triggered already', () => {
    const policy = withSteps(onCallPolicy(), [
      stepAfter(0, web),
      stepAfter(300, web, schedule('deserted')),
      stepAfter(900, person('bob')),
    ]);
    expect(nextAt(policy)).toBe(at(900));
  });

  it('is of a severity that never pages', () => {
    const policy = withSteps(onCallPolicy(), [stepAfter(0, schedule('deserted')), stepAfter(900, person('bob'))]);
    expect(carryOut(null, joins('SEV4', ['a']), noon, { policy }).incident.dueAt).toBe(at(900));
  });

  it('waits for working hours, which is not to find nobody', () => {
    const steps = [stepAfter(0, schedule('deserted')), stepAfter(900, person('bob'))];
    const policy = withSteps(onCallPolicy(), steps);
    const minor = carryOut(null, joins('SEV3', ['a']), saturday, { policy }).incident;
    expect([minor.dueAt, minor.escalation.stepsDone]).toEqual([mondayMorning, 0]);
    const ran = carryOut(minor, tick(minor), mondayMorning, { policy });
    expect(
      ran.commit.events.flatMap((event) => (event.type === 'IncidentEscalated' ? [event.pages.length] : [])),
    ).toEqual([0, 1]);
  });
});

describe('a step whose people are all quiet', () => {
  const quiet: Partial<Person> = {
    quiet: { severities: ['SEV2'], outsideWorkingHours: true, during: [] },
  };
  const policy = withSteps(onCallPolicy({ alice: quiet }), [
    stepAfter(0, team('onCall')),
    stepAfter(900, person('carol')),
  ]);

  it('goes on at once to the next, with the fallback in their place', () => {
    const decision = decide(null, joins('SEV2', ['a']), saturday, { policy });
    const detail = `quiet outside working hours until ${mondayMorning}`;
    expect(decision.outcome === 'accepted' && decision.events.slice(2)).toEqual([
      escalated({
        by: source,
        skipped: [{ target: alicePage, named: 'alice (on-call of payments)', reason: 'quiet hours', detail }],
      }),
      fallback(1, 'alice (on-call of payments)'),
      escalated({ by: source, step: 2, pages: [owed(carolPage, '2026-03-07T12:02:00.000Z', 2)] }),
      timerSet(null, 1, farDeadline(saturday)),
    ]);
  });

  it('pages them all the same for SEV1', () => {
    const [first] = opens(policy, saturday);
    expect(first?.type === 'IncidentEscalated' && first.pages.map(({ target }) => target)).toEqual([alicePage]);
  });
});

describe('a person who escalates', () => {
  const manual = { cause: 'manual', by: dora } as const;

  it('gets people and not only the fallback: a step with nobody is passed over', () => {
    const policy = withSteps(onCallPolicy(), [
      stepAfter(0, person('bob')),
      stepAfter(900, schedule('deserted')),
      stepAfter(1_800, person('carol')),
    ]);
    const incident = opened(policy);
    const detail = `schedule deserted has nobody on call at ${at(60)}`;
    expect(decide(incident, escalates, at(60), { policy })).toEqual(
      accepted(
        escalated({ ...manual, step: 2, skipped: [{ ...deserted, detail }] }),
        fallback(2),
        escalated({ ...manual, step: 3, pages: [owed(carolPage, at(120), 3)] }),
        timerSet(null, 2, farDeadline(noon)),
      ),
    );
  });

  it('is done with the fallback when nobody is left, and the next step waits for its repeat', () => {
    const policy = withSteps(onCallPolicy(), [stepAfter(0, person('bob')), stepAfter(900, schedule('deserted'))], {
      repeatEverySeconds: 900,
    });
    const incident = opened(policy);
    const detail = `schedule deserted has nobody on call at ${at(60)}`;
    expect(decide(incident, escalates, at(60), { policy })).toEqual(
      accepted(
        escalated({ ...manual, step: 2, skipped: [{ ...deserted, detail }] }),
        fallback(2),
        timerSet(at(960), 2),
      ),
    );
  });
});

describe('a new member of an acknowledged incident', () => {
  const acknowledged = () => {
    const policy = withSteps(onCallPolicy(), [stepAfter(0, schedule('platform')), stepAfter(300, person('bob'))]);
    const incident = opened(policy);
    return { policy, incident: carryOut(incident, acknowledges, at(60), { policy }).incident };
  };

  it.each(['SEV1', 'SEV2'] as const)('FIELD B4: does not clear the acknowledgement of SEV1 as %s', (severity) => {
    const { policy, incident } = acknowledged();
    const { incident: joined, commit } = carryOut(incident, joins(severity, ['b']), at(120), { policy });
    expect([joined.status, joined.generation, joined.dueAt]).toEqual(['acknowledged', 1, incident.dueAt]);
    expect(commit.events.map(({ type }) => type)).toEqual(['AlertsJoined']);
  });
});

it('looks up who is on call when a step runs, not when the incident opens', () => {
  const policy = withSteps(onCallPolicy(), [stepAfter(0, web), stepAfter(86_400 * 7, schedule('rota'))]);
  const { platform } = policy.schedules;
  const [layer] = platform?.layers ?? [];
  if (!platform || !layer) throw new Error('no schedule');
  const rota = {
    ...platform,
    name: 'rota',
    layers: [{ ...layer, name: 'weeks', members: ['alice', 'carol'], shiftMinutes: 7 * 24 * 60 }],
  };
  const weekly = { ...policy, schedules: { ...policy.schedules, rota } };
  const incident = opened(weekly);
  const { commit } = carryOut(incident, tick(incident), at(86_400 * 7), { policy: weekly });
  const pages = commit.events.flatMap((event) => (event.type === 'IncidentEscalated' ? event.pages : []));
  expect(pages.map(({ target, because }) => [target, because])).toEqual([[carolPage, 'layer weeks of schedule rota']]);
});
