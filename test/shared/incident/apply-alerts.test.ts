import { describe, expect, it } from 'vitest';
import type { ApplyAlerts } from '#shared/incident/commands.ts';
import {
  accepted,
  acknowledges,
  alert,
  alicePage,
  aPolicy,
  at,
  decide,
  escalated,
  farDeadline,
  firstSev1Step,
  isOpened,
  joins,
  mondayMorning,
  noon,
  owed,
  pinnedFor,
  play,
  resolves,
  saturday,
  silenced,
  silences,
  source,
  timerSet,
} from '#test/support/decision-builders.ts';

const triggered = (severity: 'SEV1' | 'SEV3' | 'SEV4') => ({
  type: 'IncidentTriggered' as const,
  number: 42,
  incidentKey: 'group:main:hook:{}',
  title: 'HighErrorRate: Too many errors',
  severity,
  source: 'main',
  service: 'checkout',
  owner: 'payments',
  routePath: 'root',
  slackChannelId: 'C-PAYMENTS',
  pinned: pinnedFor(severity),
});
const joined = (names: readonly string[], fresh = names.length) => ({
  type: 'AlertsJoined' as const,
  count: names.length,
  fresh,
  sample: names.map((name) => alert(name)),
});
const resolved = (fingerprints: readonly string[], wentQuiet = false) => ({
  type: 'AlertsResolved' as const,
  count: fingerprints.length,
  fingerprints,
  wentQuiet,
});
const resolvedBySource = (reason: 'alerts resolved' | 'source went quiet' | 'alerts silenced') => ({
  type: 'IncidentResolved' as const,
  by: source,
  reason,
  stillFiring: 0,
  heldUntil: null,
});
const both = (first: ApplyAlerts, second: ApplyAlerts): ApplyAlerts => ({
  ...first,
  resolved: second.resolved,
  suppressed: second.suppressed,
});

describe('alerts that begin to fire', () => {
  it('open an incident, page its first step at once and set the timer for the second', () => {
    expect(decide(null, joins('SEV1', ['a', 'b']), noon)).toEqual(
      accepted(triggered('SEV1'), joined(['a', 'b']), firstSev1Step(noon), timerSet(at(300), 1)),
    );
  });

  it('wait when the first step has a delay', () => {
    const policy = aPolicy();
    const { sev1 } = policy.escalationPolicies;
    if (!sev1) throw new Error('no sev1');
    const steps = sev1.steps.map((step) => ({ ...step, afterSeconds: step.afterSeconds + 120 }));
    const delayed = { ...policy, escalationPolicies: { sev1: { ...sev1, steps } } };
    const decision = decide(null, joins('SEV1', ['a']), noon, { policy: delayed });
    expect(decision).toEqual(
      accepted({ ...triggered('SEV1'), pinned: pinnedFor('SEV1', delayed) }, joined(['a']), timerSet(at(120), 1)),
    );
  });

  it('inform channels at once and page in the next working hours, where the severity pages only then', () => {
    expect(decide(null, joins('SEV3', ['a']), saturday)).toEqual(
      accepted(
        triggered('SEV3'),
        joined(['a']),
        escalated({ by: source, informedChannels: ['C-PAYMENTS'] }),
        timerSet(mondayMorning, 1),
      ),
    );
  });

  it('inform and page in one commit inside working hours', () => {
    expect(decide(null, joins('SEV3', ['a']), noon)).toEqual(
      accepted(
        triggered('SEV3'),
        joined(['a']),
        escalated({ by: source, informedChannels: ['C-PAYMENTS'] }),
        escalated({ by: source, step: 2, pages: [owed(alicePage, at(900), 2)] }),
        // Four hours later it is after 17:00 in Berlin.
        timerSet('2026-03-03T08:00:00.000Z', 1),
      ),
    );
  });

  it('page nobody where the severity never pages, and say so', () => {
    expect(decide(null, joins('SEV4', ['a']), noon)).toEqual(
      accepted(
        triggered('SEV4'),
        joined(['a']),
        escalated({
          by: source,
          informedChannels: ['C-PAYMENTS'],
          skipped: [{ target: alicePage, named: 'alice (on-call of payments)', reason: 'severity never pages' }],
        }),
        timerSet(null, 1, farDeadline(noon)),
      ),
    );
  });

  it('are only counted when their incident is open and the severity does not rise', () => {
    expect(decide(isOpened('SEV2'), joins('SEV3', ['b']), at(60))).toEqual(accepted(joined(['b'])));
    const acknowledged = play([joins('SEV2', ['a']), noon], [acknowledges, at(30)]);
    expect(decide(acknowledged, joins('SEV2', ['b', 'c'], false), at(60))).toEqual(accepted(joined(['b', 'c'], 0)));
  });

  it.each(['triggered', 'acknowledged'])('raise the severity of a %s incident and page from step 1 again', (status) => {
    const open = isOpened('SEV2');
    const incident = status === 'triggered' ? open : play([joins('SEV2', ['a']), noon], [acknowledges, at(30)]);
    expect(decide(incident, joins('SEV1', ['b']), at(60))).toEqual(
      accepted(
        joined(['b']),
        { type: 'SeverityChanged', from: 'SEV2', to: 'SEV1', by: source, pinned: pinnedFor('SEV1') },
        { type: 'GenerationStarted', generation: 2, cause: 'severity rose' },
        firstSev1Step(at(60)),
        timerSet(at(360), incident.timerPart + 1),
      ),
    );
  });

  it('do not open an incident without one to join when nothing fires any more at the end of the batch', () => {
    expect(decide(null, both(joins('SEV1', ['a']), resolves(['a'])), noon)).toEqual(
      accepted(triggered('SEV1'), joined(['a']), resolved(['a']), resolvedBySource('alerts resolved')),
    );
  });

  it('never join a closed incident', () => {
    const closed = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)], [{ type: 'CloseIncident' }, at(90)]);
    expect(decide(closed, joins('SEV1', ['a'], false), at(120))).toEqual({
      outcome: 'rejected',
      reason: 'incident is closed',
    });
  });

  it('take the title from the first of them, cleaned and cut', () => {
    const command = joins('SEV1', ['a']);
    const long = alert('a', { labels: { alertname: 'Disk\u202e\nfull' }, annotations: { summary: 'x'.repeat(500) } });
    const nameless = alert('a', { labels: {}, annotations: {} });
    const titleFor = (summary: typeof long) => {
      const decision = decide(null, { ...command, joined: [{ summary, fresh: true }] }, noon);
      const [event] = decision.outcome === 'accepted' ? decision.events : [];
      return event?.type === 'IncidentTriggered' ? event.title : null;
    };
    expect(titleFor(long)).toBe(`Disk full: ${'x'.repeat(108)}…`);
    expect(titleFor(nameless)).toBe('Alert without a name');
  });
});

describe('alerts that cease to fire', () => {
  it('are counted while others fire', () => {
    const incident = play([joins('SEV1', ['a', 'b']), noon]);
    expect(decide(incident, resolves(['a']), at(60))).toEqual(accepted(resolved(['a'])));
  });

  it('resolve the incident with the last of them, and stop its timer', () => {
    expect(decide(isOpened('SEV1'), resolves(['a']), at(60))).toEqual(
      accepted(resolved(['a']), resolvedBySource('alerts resolved'), timerSet(null, 2)),
    );
  });

  it('resolve an acknowledged incident too', () => {
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(30)]);
    expect(decide(acknowledged, resolves(['a']), at(60))).toEqual(
      accepted(resolved(['a']), resolvedBySource('alerts resolved'), timerSet(null, 3)),
    );
  });

  it('let the timer close the incident where its severity closes by itself', () => {
    expect(decide(isOpened('SEV3'), resolves(['a']), at(60))).toEqual(
      accepted(resolved(['a']), resolvedBySource('alerts resolved'), timerSet(at(60 + 3 * 86_400), 2)),
    );
  });

  it('say why: all went quiet, some went quiet, a silence took the last', () => {
    const two = play([joins('SEV1', ['a', 'b']), noon]);
    expect(decide(two, resolves(['a', 'b'], true), at(60))).toEqual(
      accepted(resolved(['a', 'b'], true), resolvedBySource('source went quiet'), timerSet(null, 2)),
    );
    const mixed = { ...resolves(['a']), resolved: [...resolves(['b'], true).resolved, ...resolves(['a']).resolved] };
    expect(decide(two, mixed, at(60))).toEqual(
      accepted(resolved(['a']), resolved(['b'], true), resolvedBySource('alerts resolved'), timerSet(null, 2)),
    );
    const suppressed = { type: 'AlertsSuppressed' as const, count: 1, fingerprints: ['b'], silenceIds: ['silence-1'] };
    expect(
      decide(two, both(resolves(['a']), { ...silences(['b']), resolved: resolves(['a']).resolved }), at(60)),
    ).toEqual(accepted(resolved(['a']), suppressed, resolvedBySource('alerts silenced'), timerSet(null, 2)));
  });

  it('do not resolve it when as many begin to fire in the same batch', () => {
    const joinsAndResolves = both(joins('SEV1', ['b']), resolves(['a']));
    expect(decide(isOpened('SEV1'), joinsAndResolves, at(60))).toEqual(accepted(joined(['b']), resolved(['a'])));
  });

  it('resolve it rather than raise it when nothing is left', () => {
    const all = both(joins('SEV1', ['b']), resolves(['a', 'b']));
    expect(decide(isOpened('SEV2'), all, at(60))).toEqual(
      accepted(joined(['b']), resolved(['a', 'b']), resolvedBySource('alerts resolved'), timerSet(null, 2)),
    );
  });

  it('never count below zero: that would be a change applied twice', () => {
    expect(() => decide(isOpened('SEV1'), resolves(['a', 'b']), at(60))).toThrow('would have -1 firing alerts');
    expect(() => decide(null, resolves(['a']), noon)).toThrow('an incident opens with an alert that fires');
  });
});

it('changes nothing for an empty batch', () => {
  expect(decide(isOpened('SEV1'), resolves([]), at(60))).toEqual({ outcome: 'unchanged', reason: 'nothing changed' });
  expect(decide(null, resolves([]), noon)).toEqual({ outcome: 'unchanged', reason: 'nothing changed' });
});

describe('alerts of two sources with equal labels', () => {
  it('are told apart: the incident goes on showing the one that still fires', () => {
    const [east, west] = [alert('a', { source: 'east' }), alert('a', { source: 'west' })];
    const fired = { ...joins('SEV1', []), joined: [east, west].map((summary) => ({ summary, fresh: true })) };
    const ends = { ...resolves([]), resolved: [{ source: 'east', fingerprint: 'a', wentQuiet: false }] };

    const incident = play([fired, noon], [ends, at(60)]);

    expect(incident).toMatchObject({ firing: 1, sample: [west] });
    expect(
      decide(
        incident,
        { ...silences([]), suppressed: [{ source: 'west', fingerprint: 'a', suppression: silenced }] },
        at(120),
      ),
    ).toMatchObject({
      events: [
        { type: 'AlertsSuppressed', source: 'west', count: 1, fingerprints: ['a'] },
        { type: 'IncidentResolved' },
        {},
      ],
    });
  });
});
