import { describe, expect, it } from 'vitest';
import type { Policy, SeverityRow } from '#shared/config/policy.ts';
import type { EscalationPolicy } from '#shared/escalation/escalation-policy.ts';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import { duesOf } from '#shared/incident/dues.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Instant } from '#shared/kernel/instant.ts';
import type { IncidentEvent } from '#shared/timeline/events.ts';
import {
  accepted,
  acknowledges,
  aPolicy,
  at,
  bobPage,
  carolPage,
  carryOut,
  decide,
  dora,
  escalated,
  escalates,
  isOpened,
  joins,
  mondayMorning,
  noon,
  owed,
  play,
  resolves,
  resolvesByHand,
  saturday,
  tick,
  timerSet,
} from '#test/support/decision-builders.ts';

const move = (seenHash: string | null = null): IncidentCommand => ({ type: 'MoveToPolicy', seenHash });

/** Another file: SEV1 with its steps, or its row, changed. */
const deployed = (change: {
  readonly steps?: EscalationPolicy['steps'];
  readonly row?: Partial<SeverityRow>;
  readonly repeatEverySeconds?: number | null;
}): Policy => {
  const { escalationPolicies, severities } = aPolicy();
  const sev1 = escalationPolicies.sev1;
  if (!sev1) throw new Error('the policy has sev1');
  const { steps = sev1.steps, row = {}, repeatEverySeconds = sev1.repeatEverySeconds } = change;
  return aPolicy({
    hash: 'beef01234567',
    escalationPolicies: { ...escalationPolicies, sev1: { ...sev1, steps, repeatEverySeconds } },
    severities: { ...severities, SEV1: { ...severities.SEV1, ...row } },
  });
};
const oldSteps = aPolicy().escalationPolicies.sev1?.steps ?? [];
const withSecondAfter = (afterSeconds: number) =>
  oldSteps.map((step, index) => (index === 1 ? { ...step, afterSeconds } : step));
const moved = (incident: Incident, policy: Policy, now: Instant): Incident =>
  carryOut(incident, move(), now, { policy }).incident;

const stepAndRound = (event: IncidentEvent): readonly string[] =>
  event.type === 'IncidentEscalated' ? [`${event.step} ${event.round}`] : [];

describe('moving to the policy file of today', () => {
  it('pins it, says what is another, and sets the timer anew', () => {
    const policy = deployed({ steps: withSecondAfter(420), row: { acknowledgeWithinSeconds: 600 } });
    expect(decide(isOpened('SEV1'), move(), at(60), { policy })).toEqual(
      accepted(
        {
          type: 'PolicyMoved',
          from: 'abcdef012345',
          to: 'beef01234567',
          by: dora,
          pinned: expect.objectContaining({ policyHash: 'beef01234567', acknowledgeWithinSeconds: 600 }),
          changes: ['step 2 after 7m instead of 5m', 'acknowledge within 10m instead of 30d'],
        },
        timerSet(at(420), 2),
      ),
    );
  });

  it('pages by the new steps from the next one on', () => {
    const steps = oldSteps.map((step, index) =>
      index === 1 ? { ...step, targets: [{ kind: 'owner', role: 'manager' } as const] } : step,
    );
    const policy = deployed({ steps });
    const incident = moved(isOpened('SEV1'), policy, at(60));
    expect([incident.generation, incident.escalation.stepsDone, incident.dueAt]).toEqual([1, 1, at(300)]);
    expect(decide(incident, tick(incident), at(300), { policy })).toMatchObject({
      events: [{ step: 2, pages: [{ target: carolPage }] }, { type: 'TimerSet' }],
    });
  });

  it('pages nobody by itself where the new step would have come before: its delay counts from then on', () => {
    const incident = carryOut(isOpened('SEV1'), tick(isOpened('SEV1')), at(300)).incident;
    const policy = deployed({
      steps: oldSteps.map((step, index) => (index === 2 ? { ...step, afterSeconds: 330 } : step)),
    });
    const { incident: after, commit } = carryOut(incident, move(), at(500), { policy });
    expect(commit.events.map(({ type }) => type)).toEqual(['PolicyMoved', 'TimerSet']);
    expect(after.dueAt).toBe(at(530));
  });

  it('keeps the distance from the step that ran by hand', () => {
    const incident = play([joins('SEV1', ['a']), noon], [escalates, at(100)]);
    expect(incident.dueAt).toBe(at(400));
    expect(moved(incident, deployed({ row: { pageDeadlineSeconds: 30 } }), at(160)).dueAt).toBe(at(400));
  });

  it('keeps the acknowledgement and gives it the new time', () => {
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]);
    const policy = deployed({ row: { acknowledgementExpiresSeconds: 7200 } });
    const incident = moved(acknowledged, policy, at(120));
    expect([incident.status, incident.generation, incident.dueAt]).toEqual(['acknowledged', 1, at(7260)]);
    const shorter = moved(acknowledged, deployed({ row: { acknowledgementExpiresSeconds: 600 } }), at(1200));
    expect([shorter.status, shorter.dueAt]).toEqual(['acknowledged', at(1800)]);
  });

  it('lets deadlines that are past by the new file count from then on', () => {
    const row = { acknowledgeWithinSeconds: 60, resolveWithinSeconds: 90, missedDeadline: 'page' } as const;
    const incident = moved(isOpened('SEV1'), deployed({ row }), at(200));
    expect(duesOf(incident)).toEqual([
      { kind: 'acknowledge deadline', at: at(260) },
      { kind: 'resolve deadline', at: at(290) },
      { kind: 'step', at: at(300) },
    ]);
  });

  it('leaves what waits for working hours waiting', () => {
    const waiting = play([joins('SEV3', ['a']), saturday]);
    const row = { ...aPolicy().severities.SEV3, pages: 'always' as const };
    const policy = aPolicy({ hash: 'beef01234567', severities: { ...aPolicy().severities, SEV3: row } });
    expect(moved(waiting, policy, '2026-03-07T13:00:00.000Z').dueAt).toBe(mondayMorning);
  });

  it('brings repeats where there were none', () => {
    const policy = aPolicy({
      hash: 'beef01234567',
      escalationPolicies: {
        ...aPolicy().escalationPolicies,
        sev2: { name: 'sev2', steps: aPolicy().escalationPolicies.sev2?.steps ?? [], repeatEverySeconds: 600 },
      },
    });
    const all = carryOut(isOpened('SEV2'), tick(isOpened('SEV2')), at(900)).incident;
    expect(moved(all, policy, at(1000)).dueAt).toBe(at(1600));
  });

  it('never gives a page the identity of an earlier one, however often it is moved', () => {
    const long = deployed({
      steps: [...oldSteps, { afterSeconds: 900, targets: [{ kind: 'person', person: 'bob' }] }],
    });
    const short = aPolicy({ ...deployed({ steps: oldSteps.slice(0, 2) }), hash: 'feed01234567' });
    let incident = carryOut(null, joins('SEV1', ['a']), noon, { policy: long }).incident;
    const pages = ['1 1'];
    const lives = [long, short, long, short, long].flatMap((policy) =>
      [escalates, escalates, move()].map((command) => ({ policy, command })),
    );
    for (const [index, { policy, command }] of lives.entries()) {
      const decision = decide(incident, command, at(index + 1), { policy });
      if (decision.outcome !== 'accepted') continue;
      incident = carryOut(incident, command, at(index + 1), { policy }).incident;
      pages.push(...decision.events.flatMap(stepAndRound));
    }
    expect(new Set(pages).size).toBe(pages.length);
    expect(pages.length).toBeGreaterThan(8);
  });
});

describe('moving is refused', () => {
  it('for what is resolved, held or closed', () => {
    const policy = deployed({ row: { pageDeadlineSeconds: 30 } });
    const resolved = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)]);
    const held = play([joins('SEV1', ['a']), noon], [resolvesByHand, at(60)]);
    const closed = carryOut(resolved, { type: 'CloseIncident' }, at(70)).incident;
    const reasons = [resolved, held, closed].map((incident) => decide(incident, move(), at(90), { policy }));
    expect(reasons).toEqual([
      { outcome: 'rejected', reason: 'incident is resolved' },
      { outcome: 'rejected', reason: 'incident is resolved' },
      { outcome: 'rejected', reason: 'incident is closed' },
    ]);
  });

  it('when another file was deployed since the person saw it compared', () => {
    const policy = deployed({ row: { pageDeadlineSeconds: 30 } });
    expect(decide(isOpened('SEV1'), move('abcdef012345'), at(60), { policy })).toEqual({
      outcome: 'rejected',
      reason: 'policy file has changed',
    });
    expect(decide(isOpened('SEV1'), move('beef01234567'), at(60), { policy }).outcome).toBe('accepted');
  });

  it('not for the same file, which changes nothing', () => {
    expect(decide(isOpened('SEV1'), move(), at(60))).toEqual({ outcome: 'unchanged', reason: 'nothing changed' });
  });

  it('not for a file that differs elsewhere: its hash is what the incident goes by from then on', () => {
    const incident = moved(isOpened('SEV1'), aPolicy({ hash: 'beef01234567' }), at(60));
    expect([incident.pinned.policyHash, incident.dueAt]).toEqual(['beef01234567', at(300)]);
  });
});

it('a deploy changes nothing that runs: without a move the pinned steps go on under another file', () => {
  const policy = deployed({ steps: oldSteps.slice(0, 1), row: { acknowledgeWithinSeconds: 60, pages: 'never' } });
  const incident = isOpened('SEV1');
  expect(decide(incident, tick(incident), at(300), { policy })).toEqual(
    accepted(escalated({ step: 2, pages: [owed(bobPage, at(360), 2)] }), timerSet(at(600), 1)),
  );
});
