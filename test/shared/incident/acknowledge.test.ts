import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import type { Severity } from '#shared/incident/severity.ts';
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
  tick,
  timerSet,
} from '#test/support/decision-builders.ts';

const button = (seenSeverity: Severity | null, seenGeneration: number | null): IncidentCommand => ({
  type: 'AcknowledgeIncident',
  seenSeverity,
  seenGeneration,
});
const rejectedFor = (reason: string) => ({ outcome: 'rejected', reason });

describe('an acknowledgement', () => {
  it('stops the pages; the timer waits for its expiry where the severity has one', () => {
    expect(decide(isOpened('SEV1'), acknowledges, at(60))).toEqual(
      accepted({ type: 'IncidentAcknowledged', by: dora, expiresAt: at(3660) }, timerSet(at(3660), 2, at(3060))),
    );
    expect(decide(isOpened('SEV2'), acknowledges, at(60))).toEqual(
      accepted({ type: 'IncidentAcknowledged', by: dora, expiresAt: null }, timerSet(null, 2)),
    );
  });

  it('is a latch: the timer of the steps pages nobody after it', () => {
    const triggered = isOpened('SEV1');
    const acknowledged = carryOut(triggered, acknowledges, at(60)).incident;
    expect(decide(acknowledged, tick(triggered), at(300))).toEqual({ outcome: 'unchanged', reason: 'timer is stale' });
    expect(decide(acknowledged, tick(acknowledged), at(300))).toEqual({ outcome: 'unchanged', reason: 'not due yet' });
  });

  it('counts once', () => {
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]);
    expect(decide(acknowledged, acknowledges, at(90))).toEqual({
      outcome: 'unchanged',
      reason: 'already acknowledged',
    });
    expect(decide(acknowledged, button('SEV4', 0), at(90))).toEqual({
      outcome: 'unchanged',
      reason: 'already acknowledged',
    });
  });

  it('never re-opens what is resolved or closed', () => {
    const resolved = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)]);
    expect(decide(resolved, acknowledges, at(61))).toEqual(rejectedFor('incident is resolved'));
    const closed = carryOut(resolved, { type: 'CloseIncident' }, at(62)).incident;
    expect(decide(closed, acknowledges, at(63))).toEqual(rejectedFor('incident is closed'));
    expect(decide(null, acknowledges, at(63))).toEqual(rejectedFor('no such incident'));
  });
});

describe('a button that is older than the incident', () => {
  const risen = play([joins('SEV2', ['a']), noon], [joins('SEV1', ['b']), at(60)]);
  const lowered = play([joins('SEV1', ['a']), noon], [{ type: 'ChangeSeverity', severity: 'SEV2' }, at(60)]);
  const expired = (() => {
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]);
    return carryOut(acknowledged, tick(acknowledged), at(3660)).incident;
  })();

  it.each([
    ['showed a lower severity', risen, button('SEV2', 1), rejectedFor('severity has risen')],
    ['showed a lower severity, generation unknown', risen, button('SEV2', null), rejectedFor('severity has risen')],
    ['showed an earlier generation', expired, button('SEV1', 1), rejectedFor('button is of an earlier generation')],
    ['knows only the generation', expired, button(null, 1), rejectedFor('button is of an earlier generation')],
  ])('is refused when it %s', (_, incident, command, expected) => {
    expect(decide(incident, command, at(4000))).toEqual(expected);
  });

  it.each([
    ['showed what is', risen, button('SEV1', 2)],
    ['knows nothing (a command)', expired, acknowledges],
    ['showed a worse severity', lowered, button('SEV1', 1)],
    ['showed a worse severity of an earlier generation', { ...expired, severity: 'SEV3' as const }, button('SEV1', 1)],
  ])('is taken when it %s', (_, incident, command) => {
    expect(carryOut(incident, command, at(4000)).incident.status).toBe('acknowledged');
  });
});
