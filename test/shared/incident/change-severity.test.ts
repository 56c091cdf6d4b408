import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import type { Severity } from '#shared/incident/severity.ts';
import {
  accepted,
  acknowledges,
  aPolicy,
  at,
  carryOut,
  decide,
  dora,
  escalates,
  firstSev1Step,
  isOpened,
  joins,
  noon,
  pinnedFor,
  play,
  resolves,
  resolvesByHand,
  tick,
  timerSet,
} from '#test/support/decision-builders.ts';

const to = (severity: Severity): IncidentCommand => ({ type: 'ChangeSeverity', severity });
const changed = (from: Severity, severity: Severity) => ({
  type: 'SeverityChanged' as const,
  from,
  to: severity,
  by: dora,
  pinned: pinnedFor(severity),
});

describe('a severity raised by a person', () => {
  it.each([
    ['triggered', play([joins('SEV2', ['a']), noon])],
    ['acknowledged', play([joins('SEV2', ['a']), noon], [acknowledges, at(30)])],
  ])('begins a new generation of a %s incident at step 1', (_, incident) => {
    expect(decide(incident, to('SEV1'), at(60))).toEqual(
      accepted(
        changed('SEV2', 'SEV1'),
        { type: 'GenerationStarted', generation: 2, cause: 'severity rose' },
        firstSev1Step(at(60), dora),
        timerSet(at(360), incident.timerPart + 1),
      ),
    );
  });
});

describe('a severity lowered by a person', () => {
  it('pins the new row and steps, pages nobody and keeps the generation', () => {
    expect(decide(isOpened('SEV1'), to('SEV2'), at(60))).toEqual(
      accepted(changed('SEV1', 'SEV2'), timerSet(at(960), 2)),
    );
  });

  it('makes nothing come sooner, not even a page that the new policy has at once', () => {
    const incident = isOpened('SEV2');
    const lowered = carryOut(incident, to('SEV3'), at(60)).incident;
    expect([lowered.dueAt, lowered.generation, lowered.escalation.stepsDone]).toEqual([at(900), 1, 1]);
  });

  it('brings nothing more where nothing more was to come', () => {
    const done = play([joins('SEV2', ['a']), noon], [escalates, at(60)]);
    expect(done.dueAt).toBeNull();
    expect(decide(done, to('SEV3'), at(120))).toEqual(accepted(changed('SEV2', 'SEV3')));
  });

  it('keeps the acknowledgement and gives it the time of the new severity', () => {
    const row = { ...aPolicy().severities.SEV2, acknowledgementExpiresSeconds: 120 };
    const policy = aPolicy({ severities: { ...aPolicy().severities, SEV2: row } });
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]);
    const early = carryOut(acknowledged, to('SEV2'), at(90), { policy }).incident;
    expect([early.status, early.dueAt]).toEqual(['acknowledged', at(180)]);
    // The shorter time is over already: the person gets the whole of it from now.
    const late = carryOut(acknowledged, to('SEV2'), at(600), { policy }).incident;
    expect([late.status, late.dueAt]).toEqual(['acknowledged', at(720)]);
    expect(carryOut(acknowledged, to('SEV3'), at(90)).incident.dueAt).toBeNull();
  });

  it('stops the repeats where the severity never pages', () => {
    const all = play([joins('SEV1', ['a']), noon], [escalates, at(10)], [escalates, at(20)]);
    expect(carryOut(all, to('SEV4'), at(60)).incident.dueAt).toBeNull();
  });

  it('never gives a page the identity of an earlier one, however the steps change', () => {
    const steps = (...delays: readonly number[]) =>
      delays.map((afterSeconds) => ({ afterSeconds, targets: [{ kind: 'person', person: 'alice' } as const] }));
    const escalationPolicies = {
      sev1: { name: 'sev1', steps: steps(0, 60), repeatEverySeconds: null },
      sev2: { name: 'sev2', steps: steps(0, 60, 120), repeatEverySeconds: null },
      office: { name: 'office', steps: steps(0, 60), repeatEverySeconds: null },
    };
    const policy = aPolicy({ escalationPolicies });
    let incident = carryOut(null, joins('SEV1', ['a']), noon, { policy }).incident;
    const pages: string[] = ['1 1'];
    for (const command of [escalates, escalates, to('SEV2'), escalates, to('SEV3'), escalates]) {
      const next = carryOut(incident, command, at(10), { policy });
      incident = next.incident;
      for (const event of next.commit.events) {
        if (event.type === 'IncidentEscalated') pages.push(`${event.step} ${event.round}`);
      }
    }
    expect(pages).toEqual(['1 1', '2 1', '2 2', '3 1', '2 3']);
  });
});

describe('the severity of what is not open', () => {
  const resolved = play([joins('SEV3', ['a']), noon], [resolves(['a']), at(60)]);

  it('changes after the resolve without paging anybody', () => {
    expect(decide(resolved, to('SEV1'), at(120))).toEqual(accepted(changed('SEV3', 'SEV1'), timerSet(null, 3)));
    expect(decide(resolved, to('SEV4'), at(2 * 86_400))).toEqual(
      accepted(changed('SEV3', 'SEV4'), timerSet(at(2 * 86_400), 3)),
    );
  });

  it('leaves a hold as it is', () => {
    const held = play([joins('SEV3', ['a']), noon], [resolvesByHand, at(60)]);
    expect(decide(held, to('SEV1'), at(120))).toEqual(accepted(changed('SEV3', 'SEV1')));
  });

  it('does not change after closing', () => {
    const closed = carryOut(resolved, tick(resolved), at(60 + 3 * 86_400)).incident;
    expect(decide(closed, to('SEV1'), at(4 * 86_400))).toEqual({ outcome: 'rejected', reason: 'incident is closed' });
  });
});

it('is unchanged for the severity that it has', () => {
  expect(decide(isOpened('SEV1'), to('SEV1'), at(60))).toEqual({ outcome: 'unchanged', reason: 'same severity' });
});
