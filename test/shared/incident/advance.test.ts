import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Instant } from '#shared/kernel/instant.ts';
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
  escalated,
  firstSev1Step,
  isOpened,
  joins,
  mondayMorning,
  noon,
  owed,
  play,
  saturday,
  tick,
  timerSet,
  tocsin,
  webPage,
} from '#test/support/decision-builders.ts';

const advance = (
  incident: Incident,
  override: Partial<Extract<IncidentCommand, { type: 'AdvanceIncident' }>>,
): IncidentCommand => ({
  type: 'AdvanceIncident',
  generation: incident.generation,
  timerPart: incident.timerPart,
  dueAt: null,
  startNewPart: false,
  ...override,
});
const unchangedFor = (reason: string) => ({ outcome: 'unchanged', reason });

/** Lets the running timer act at each instant. */
const tickAll = (incident: Incident, ...instants: readonly Instant[]): Incident =>
  instants.reduce((so, now) => carryOut(so, tick(so), now).incident, incident);

const webSkipped = {
  target: webPage,
  named: 'PagerDuty service web',
  reason: 'already triggered in this generation',
} as const;

describe('the timer of a triggered incident', () => {
  const incident = isOpened('SEV1');

  it('runs the next step when it is due, and waits on in the same part', () => {
    expect(decide(incident, tick(incident), at(300))).toEqual(
      accepted(escalated({ step: 2, pages: [owed(bobPage, at(360), 2)] }), timerSet(at(600), 1)),
    );
  });

  it('does not run it before', () => {
    expect(decide(incident, tick(incident), at(299))).toEqual(unchangedFor('not due yet'));
  });

  it('moves the later steps when it is late, so that they do not come at once', () => {
    expect(decide(incident, tick(incident), at(700))).toEqual(
      accepted(escalated({ step: 2, pages: [owed(bobPage, at(760), 2)] }), timerSet(at(1000), 1)),
    );
  });

  it('does not trigger PagerDuty twice in a generation: it would notify nobody', () => {
    const second = tickAll(incident, at(300));
    expect(decide(second, tick(second), at(600))).toEqual(
      accepted(
        escalated({ step: 3, pages: [owed(carolPage, at(660), 3)], skipped: [webSkipped] }),
        timerSet(at(1500), 1),
      ),
    );
  });

  it('repeats the last step, and with the first repeat pages the fallback, once a generation', () => {
    const last = tickAll(incident, at(300), at(600));
    const repeat = (round: number, now: number) =>
      escalated({ step: 3, round, pages: [owed(carolPage, at(now + 60), 3, round)], skipped: [webSkipped] });
    expect(decide(last, tick(last), at(1500))).toEqual(
      accepted(
        repeat(2, 1500),
        { type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step: 3, round: 2 },
        timerSet(at(2400), 1),
      ),
    );
    const repeated = tickAll(last, at(1500));
    expect(decide(repeated, tick(repeated), at(2400))).toEqual(accepted(repeat(3, 2400), timerSet(at(3300), 1)));
  });

  it('ends after the last step where the policy does not repeat', () => {
    const last = tickAll(isOpened('SEV2'), at(900));
    expect([last.escalation.stepsDone, last.dueAt, last.escalation.fallbackUsed]).toEqual([2, null, false]);
    expect(decide(last, tick(last), at(9000))).toEqual(unchangedFor('not due yet'));
  });

  it('never repeats where the severity never pages', () => {
    expect(isOpened('SEV4').dueAt).toBeNull();
  });

  it('brings in working hours what was due outside them', () => {
    const minor = play([joins('SEV3', ['a']), saturday]);
    expect(minor.dueAt).toBe(mondayMorning);
    expect(decide(minor, tick(minor), mondayMorning)).toEqual(
      accepted(
        escalated({ step: 2, pages: [owed(alicePage, '2026-03-09T08:15:00.000Z', 2)] }),
        timerSet('2026-03-09T12:00:00.000Z', 1),
      ),
    );
  });

  it('tells the fallback when a pinned target is gone, and goes on at once to the step after it', () => {
    const policy = { ...aPolicy(), people: {} };
    expect(decide(incident, tick(incident), at(300), { policy })).toEqual(
      accepted(
        escalated({
          step: 2,
          skipped: [{ target: null, named: 'bob (secondary of payments)', reason: 'target is gone' }],
        }),
        { type: 'FallbackPaged', reason: 'target is gone', target: 'bob (secondary of payments)', step: 2, round: 1 },
        escalated({
          step: 3,
          skipped: [{ target: null, named: 'carol (manager of payments)', reason: 'target is gone' }, webSkipped],
        }),
        { type: 'FallbackPaged', reason: 'target is gone', target: 'carol (manager of payments)', step: 3, round: 1 },
        timerSet(at(1200), 1),
      ),
    );
  });
});

describe('the timer of an acknowledged incident', () => {
  const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]);

  it('ends the acknowledgement and pages from step 1 in a new generation, with a timer of its own', () => {
    expect(decide(acknowledged, tick(acknowledged), at(3660))).toEqual(
      accepted(
        { type: 'AcknowledgementExpired' },
        { type: 'GenerationStarted', generation: 2, cause: 'acknowledgement expired' },
        firstSev1Step(at(3660), tocsin),
        timerSet(at(3960), 3),
      ),
    );
  });

  it('may page the fallback again, once in the new generation', () => {
    const before = tickAll(isOpened('SEV1'), at(300), at(600), at(1500));
    const expired = tickAll(carryOut(before, acknowledges, at(1600)).incident, at(5200));
    expect([before.escalation.fallbackUsed, expired.escalation.fallbackUsed]).toEqual([true, false]);
  });
});

describe('two that advance the same incident', () => {
  const incident = isOpened('SEV1');

  it('run a step once: the second finds another instant due', () => {
    const sweep = advance(incident, { timerPart: null, dueAt: at(300), startNewPart: true });
    const { incident: swept, commit } = carryOut(incident, sweep, at(360));
    expect(commit.events.at(-1)).toEqual(timerSet(at(660), 2));
    expect(decide(swept, tick(incident), at(360))).toEqual(unchangedFor('timer is stale'));
    const ticked = tickAll(incident, at(360));
    expect(decide(ticked, sweep, at(360))).toEqual(unchangedFor('timer is stale'));
  });

  it('are told apart by generation, part and instant', () => {
    const expired = tickAll(play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]), at(3660));
    expect(decide(expired, advance(expired, { generation: 1 }), at(9000))).toEqual(unchangedFor('timer is stale'));
    expect(decide(expired, advance(expired, { timerPart: 2 }), at(9000))).toEqual(unchangedFor('timer is stale'));
    expect(decide(expired, advance(expired, { dueAt: at(300) }), at(9000))).toEqual(unchangedFor('timer is stale'));
  });

  it('may be a timer near the limit of its history and its successor', () => {
    expect(decide(incident, advance(incident, { startNewPart: true }), at(10))).toEqual(accepted(timerSet(at(300), 2)));
    expect(decide(incident, advance(incident, { startNewPart: true, timerPart: null }), at(10))).toEqual(
      unchangedFor('not due yet'),
    );
  });
});
