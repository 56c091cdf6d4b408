import { describe, expect, it } from 'vitest';
import {
  accepted,
  acknowledges,
  at,
  carryOut,
  decide,
  dora,
  isOpened,
  joins,
  noon,
  play,
  resolves,
  resolvesByHand,
  tick,
  timerSet,
  tocsin,
} from '#test/support/decision-builders.ts';

const days = 86_400;

describe('a resolve by hand', () => {
  it('tells what still fires and until when it is held', () => {
    expect(decide(isOpened('SEV1'), resolvesByHand, at(60))).toEqual(
      accepted(
        { type: 'IncidentResolved', by: dora, reason: 'by a person', stillFiring: 1, heldUntil: at(1860) },
        timerSet(at(1860), 2),
      ),
    );
  });

  it('beats an acknowledgement', () => {
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(30)]);
    const resolved = carryOut(acknowledged, { type: 'ResolveIncident', reason: 'by PagerDuty' }, at(60)).incident;
    expect([resolved.status, resolved.resolveReason, resolved.dueAt]).toEqual(['resolved', 'by PagerDuty', at(1860)]);
  });

  it('counts once', () => {
    const resolved = play([joins('SEV1', ['a']), noon], [resolvesByHand, at(60)]);
    expect(decide(resolved, resolvesByHand, at(90))).toEqual({ outcome: 'unchanged', reason: 'already resolved' });
    const calm = carryOut(resolved, resolves(['a']), at(100)).incident;
    const closed = carryOut(calm, { type: 'CloseIncident' }, at(110)).incident;
    expect(decide(closed, resolvesByHand, at(120))).toEqual({ outcome: 'unchanged', reason: 'already closed' });
  });
});

describe('closing', () => {
  it('comes by itself where the severity says so', () => {
    const resolved = play([joins('SEV3', ['a']), noon], [resolves(['a']), at(60)]);
    expect(decide(resolved, tick(resolved), at(60 + 3 * days - 1))).toEqual({
      outcome: 'unchanged',
      reason: 'not due yet',
    });
    expect(decide(resolved, tick(resolved), at(60 + 3 * days))).toEqual(
      accepted({ type: 'IncidentClosed', by: tocsin }, timerSet(null, 2)),
    );
  });

  it('needs a person where it says nothing, and a drafted postmortem is not yet that', () => {
    const resolved = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)]);
    expect(resolved.dueAt).toBeNull();
    const drafted = carryOut(resolved, { type: 'RecordPostmortem' }, at(90)).incident;
    expect(drafted.status).toBe('resolved');
    expect(decide(drafted, { type: 'CloseIncident' }, at(120))).toEqual(accepted({ type: 'IncidentClosed', by: dora }));
  });

  it('is refused while open or held, and counts once', () => {
    const close = { type: 'CloseIncident' } as const;
    expect(decide(isOpened('SEV1'), close, at(60))).toEqual({
      outcome: 'rejected',
      reason: 'incident is not resolved',
    });
    const held = play([joins('SEV1', ['a']), noon], [resolvesByHand, at(60)]);
    expect(decide(held, close, at(90))).toEqual({ outcome: 'rejected', reason: 'alerts still fire' });
    const closed = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)], [close, at(90)]);
    expect(decide(closed, close, at(120))).toEqual({ outcome: 'unchanged', reason: 'already closed' });
  });
});
