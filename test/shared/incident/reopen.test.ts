import { describe, expect, it } from 'vitest';
import type { Incident } from '#shared/incident/incident.ts';
import {
  accepted,
  acknowledges,
  alert,
  at,
  carryOut,
  decide,
  firstSev1Step,
  isOpened,
  joins,
  noon,
  pinnedFor,
  play,
  resolves,
  resolvesByHand,
  silences,
  source,
  tick,
  timerSet,
  tocsin,
} from '#test/support/decision-builders.ts';

const joined = (names: readonly string[], fresh: number) => ({
  type: 'AlertsJoined' as const,
  count: names.length,
  fresh,
  sample: names.map((name) => alert(name)),
});
const reopened = (flapping: boolean, cause: 'alert fired again' | 'hold ended' = 'alert fired again') => ({
  type: 'IncidentReopened' as const,
  cause,
  flapping,
});
const tellsAnew = { type: 'GenerationStarted' as const, generation: 2, cause: 're-opened' as const };
const secondGeneration = { ...tellsAnew, toldBefore: true as const };

describe('an alert that fires again after the resolve', () => {
  const resolvedAt60 = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)]);

  it('re-opens the incident; within 15 min of its last first page the next one waits', () => {
    expect(decide(resolvedAt60, joins('SEV1', ['a'], false), at(120))).toEqual(
      accepted(joined(['a'], 0), reopened(true), secondGeneration, timerSet(at(900), 3)),
    );
  });

  it('is paged when that time is over, if it still fires', () => {
    const flapping = carryOut(resolvedAt60, joins('SEV1', ['a'], false), at(120)).incident;
    expect(decide(flapping, tick(flapping), at(900))).toEqual(
      accepted(firstSev1Step(at(900), tocsin), timerSet(at(1200), 3)),
    );
  });

  it('is not paged when it resolved in that time', () => {
    const flapping = carryOut(resolvedAt60, joins('SEV1', ['a'], false), at(120)).incident;
    const calm = carryOut(flapping, resolves(['a']), at(180)).incident;
    expect(decide(calm, tick(flapping), at(900))).toEqual({ outcome: 'unchanged', reason: 'timer is stale' });
    expect(decide(calm, tick(calm), at(900))).toEqual({ outcome: 'unchanged', reason: 'nothing is due' });
  });

  it('pages the first step at once when 15 min have passed', () => {
    expect(decide(resolvedAt60, joins('SEV1', ['a'], false), at(900))).toEqual(
      accepted(joined(['a'], 0), reopened(false), secondGeneration, firstSev1Step(at(900)), timerSet(at(1200), 3)),
    );
  });

  it('pages at once when the severity is worse than people know', () => {
    const minor = play([joins('SEV2', ['a']), noon], [resolves(['a']), at(60)]);
    expect(decide(minor, joins('SEV1', ['b']), at(120))).toEqual(
      accepted(
        joined(['b'], 1),
        reopened(false),
        { type: 'SeverityChanged', from: 'SEV2', to: 'SEV1', by: source, pinned: pinnedFor('SEV1') },
        tellsAnew,
        firstSev1Step(at(120)),
        timerSet(at(420), 3),
      ),
    );
  });

  it('never lowers the severity', () => {
    const again = carryOut(resolvedAt60, joins('SEV3', ['a'], false), at(120)).incident;
    expect([again.severity, again.status, again.generation]).toEqual(['SEV1', 'triggered', 2]);
  });

  it('does not re-open it when it also resolves in the same batch', () => {
    const flash = { ...joins('SEV1', ['a'], false), resolved: resolves(['a']).resolved };
    const resolvedEvent = { type: 'AlertsResolved', count: 1, fingerprints: ['a'], wentQuiet: false } as const;
    expect(decide(resolvedAt60, flash, at(120))).toEqual(accepted(joined(['a'], 0), resolvedEvent));
  });

  it('clears the latch of an earlier acknowledgement, but remembers the first', () => {
    const calm = play([joins('SEV1', ['a']), noon], [acknowledges, at(30)], [resolves(['a']), at(60)]);
    const again = carryOut(calm, joins('SEV1', ['a'], false), at(120)).incident;
    expect([again.status, again.acknowledgedAt, again.acknowledgedBy, again.firstAcknowledgedAt]).toEqual([
      'triggered',
      null,
      null,
      at(30),
    ]);
    expect([again.resolvedAt, again.resolvedBy, again.resolveReason, again.reopenings]).toEqual([null, null, null, 1]);
  });
});

describe('a person who resolves while members fire', () => {
  const held = play([joins('SEV1', ['a', 'b']), noon], [resolvesByHand, at(60)]);
  const holdEnds = at(60 + 1800);

  it('holds them, and the incident re-opens at the end of the hold if they still fire', () => {
    expect([held.status, held.firing, held.heldUntil, held.dueAt]).toEqual(['resolved', 2, holdEnds, holdEnds]);
    expect(decide(held, tick(held), holdEnds)).toEqual(
      accepted(
        reopened(false, 'hold ended'),
        secondGeneration,
        firstSev1Step(holdEnds, tocsin),
        timerSet(at(60 + 1800 + 300), 3),
      ),
    );
  });

  it('hears nothing when held members resolve; with the last the hold is over', () => {
    const resolvedOne = { type: 'AlertsResolved', count: 1, fingerprints: ['a'], wentQuiet: false } as const;
    expect(decide(held, resolves(['a']), at(120))).toEqual(accepted(resolvedOne));
    const resolvedBoth = { type: 'AlertsResolved', count: 2, fingerprints: ['a', 'b'], wentQuiet: false } as const;
    expect(decide(held, resolves(['a', 'b']), at(120))).toEqual(accepted(resolvedBoth, timerSet(null, 3)));
    const calm = carryOut(held, resolves(['a', 'b']), at(120)).incident;
    expect([calm.status, calm.firing, calm.heldUntil]).toEqual(['resolved', 0, null]);
  });

  it('ends the hold also when the last held member is silenced', () => {
    const calm = carryOut(held, silences(['a', 'b']), at(120)).incident;
    expect([calm.status, calm.firing, calm.heldUntil, calm.dueAt]).toEqual(['resolved', 0, null, null]);
  });

  it('has it closed after the hold where the severity closes by itself', () => {
    const minor: Incident = play([joins('SEV3', ['a']), noon], [resolvesByHand, at(60)]);
    const calm = carryOut(minor, resolves(['a']), at(120)).incident;
    expect([calm.status, calm.dueAt]).toEqual(['resolved', at(60 + 3 * 86_400)]);
  });

  it('is told nothing new by a held member that flaps', () => {
    const one = carryOut(held, resolves(['a']), at(120)).incident;
    expect(decide(one, joins('SEV1', ['a'], false), at(180))).toEqual(accepted(joined(['a'], 0)));
  });

  it('is told by an alert that is new to the incident, which re-opens it', () => {
    expect(decide(held, joins('SEV1', ['c']), at(1000))).toEqual(
      accepted(joined(['c'], 1), reopened(false), tellsAnew, firstSev1Step(at(1000)), timerSet(at(1300), 3)),
    );
  });

  it('is told by a worse severity, also of a member seen before', () => {
    const minor = play([joins('SEV2', ['a', 'b']), noon], [resolvesByHand, at(60)], [resolves(['a']), at(90)]);
    const again = carryOut(minor, joins('SEV1', ['a'], false), at(120)).incident;
    expect([again.status, again.severity, again.firstStepPagedAt]).toEqual(['triggered', 'SEV1', at(120)]);
  });

  it('does not hold what fires again after the end of the hold, also when the timer is late', () => {
    const one = carryOut(held, resolves(['a']), at(120)).incident;
    const again = carryOut(one, joins('SEV1', ['a'], false), holdEnds).incident;
    expect([again.status, again.generation, again.firing]).toEqual(['triggered', 2, 2]);
  });
});

it('starts the first step again from where nothing was paged, when the first step never ran', () => {
  const neverPaged: Incident = {
    ...play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)]),
    firstStepPagedAt: null,
  };
  const again = carryOut(neverPaged, joins('SEV1', ['a'], false), at(61)).incident;
  expect([again.firstStepPagedAt, isOpened('SEV1').firstStepPagedAt]).toEqual([at(61), noon]);
});
