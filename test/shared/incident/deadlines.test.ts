import { describe, expect, it } from 'vitest';
import type { Policy, SeverityRow } from '#shared/config/policy.ts';
import { duesOf, timerAt } from '#shared/incident/dues.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Severity } from '#shared/incident/severity.ts';
import type { Instant } from '#shared/kernel/instant.ts';
import {
  accepted,
  acknowledges,
  alicePage,
  aPolicy,
  at,
  bobPage,
  carryOut,
  decide,
  dora,
  escalated,
  firstSev1Step,
  joins,
  mondayMorning,
  noon,
  owed,
  resolves,
  saturday,
  tick,
  timerSet,
  tocsin,
} from '#test/support/decision-builders.ts';

/** What is due by the deadlines of a severity, on a virtual clock. */

const withRow = (severity: Severity, row: Partial<SeverityRow>, override: Partial<Policy> = {}): Policy => {
  const { severities } = aPolicy();
  return aPolicy({ severities: { ...severities, [severity]: { ...severities[severity], ...row } }, ...override });
};
const opened = (severity: Severity, policy: Policy, now: Instant = noon): Incident =>
  carryOut(null, joins(severity, ['a']), now, { policy }).incident;
/** Lets the timer act at each instant. */
const tickAll = (incident: Incident, policy: Policy, ...instants: readonly Instant[]): Incident =>
  instants.reduce((so, now) => carryOut(so, tick(so), now, { policy }).incident, incident);
const ticked = (incident: Incident, policy: Policy, now: Instant) => decide(incident, tick(incident), now, { policy });
const missed = (deadline: 'acknowledge' | 'resolve', withinSeconds: number, pages = false) => ({
  type: 'DeadlineMissed' as const,
  deadline,
  withinSeconds,
  pages,
});

describe('the deadline of acknowledging', () => {
  const policy = withRow('SEV2', { acknowledgeWithinSeconds: 600 });
  const incident = opened('SEV2', policy);

  it('is what the timer waits for where it comes before the next step', () => {
    expect(duesOf(incident)).toEqual([
      { kind: 'acknowledge deadline', at: at(600) },
      { kind: 'step', at: at(900) },
    ]);
    expect(ticked(incident, policy, at(599))).toEqual({ outcome: 'unchanged', reason: 'not due yet' });
  });

  it('only reminds when it is missed, and the next step comes as before', () => {
    expect(ticked(incident, policy, at(600))).toEqual(accepted(missed('acknowledge', 600)));
    const reminded = tickAll(incident, policy, at(600));
    expect([reminded.dueAt, reminded.timerPart, timerAt(reminded)]).toEqual([at(900), 1, at(900)]);
  });

  it('is told once in a generation, and again in the next', () => {
    const all = tickAll(incident, policy, at(600), at(900));
    expect(timerAt(all)).toBeNull();
    const again = carryOut(all, { type: 'ChangeSeverity', severity: 'SEV1' }, at(1000), { policy }).incident;
    expect(again.deadlines).toBeUndefined();
  });

  it('is gone with the acknowledgement', () => {
    const acknowledged = carryOut(incident, acknowledges, at(60), { policy }).incident;
    expect(duesOf(acknowledged)).toEqual([]);
  });

  it('is told by a late timer together with the step that it brings, and that step runs once', () => {
    expect(ticked(incident, policy, at(2000))).toEqual(
      accepted(
        missed('acknowledge', 600),
        escalated({ step: 2, pages: [owed(bobPage, at(2120), 2)] }),
        timerSet(null, 1),
      ),
    );
  });
});

describe('a missed acknowledgement that pages', () => {
  const policy = withRow('SEV2', { acknowledgeWithinSeconds: 600, missedDeadline: 'page' });

  it('brings the next step forward to its instant', () => {
    const why = expect.stringContaining('brought forward, because nobody acknowledged within 600 s');
    expect(ticked(opened('SEV2', policy), policy, at(600))).toEqual(
      accepted(
        missed('acknowledge', 600, true),
        escalated({ step: 2, cause: 'deadline', pages: [owed(bobPage, at(720), 2)], why }),
        timerSet(null, 1),
      ),
    );
  });

  it('repeats the last step where there is no other, and pages the fallback: nobody acknowledged', () => {
    const late = withRow('SEV2', { acknowledgeWithinSeconds: 1200, missedDeadline: 'page' });
    const all = tickAll(opened('SEV2', late), late, at(900));
    expect(ticked(all, late, at(1200))).toEqual(
      accepted(
        missed('acknowledge', 1200, true),
        escalated({
          step: 2,
          round: 2,
          cause: 'deadline',
          pages: [owed(bobPage, at(1320), 2, 2)],
          why: expect.any(String),
        }),
        { type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step: 2, round: 2 },
      ),
    );
  });

  it('waits for working hours where the severity pages only then', () => {
    const office = withRow('SEV3', { acknowledgeWithinSeconds: 600, missedDeadline: 'page' });
    const minor = opened('SEV3', office, saturday);
    const told = carryOut(minor, tick(minor), '2026-03-07T12:10:00.000Z', { policy: office });
    expect(told.commit.events).toEqual([missed('acknowledge', 600, true)]);
    expect([told.incident.dueAt, timerAt(told.incident)]).toEqual([mondayMorning, mondayMorning]);
  });

  it('pages nobody where the severity never does', () => {
    const never = withRow('SEV4', { acknowledgeWithinSeconds: 600, missedDeadline: 'page' });
    expect(ticked(opened('SEV4', never), never, at(600))).toEqual(accepted(missed('acknowledge', 600)));
  });

  it('does not shorten the hold of what was re-opened', () => {
    const quick = withRow('SEV2', { acknowledgeWithinSeconds: 60, missedDeadline: 'page' });
    const resolved = carryOut(opened('SEV2', quick), resolves(['a']), at(30), { policy: quick }).incident;
    const flapped = carryOut(resolved, joins('SEV2', ['a'], false), at(40), { policy: quick }).incident;
    expect(flapped.dueAt).toBe(at(900));
    expect(ticked(flapped, quick, at(100))).toEqual(accepted(missed('acknowledge', 60)));
  });
});

describe('the deadline of resolving', () => {
  it('only reminds when it is missed, acknowledged or not, and once in the life of the incident', () => {
    const policy = withRow('SEV2', { resolveWithinSeconds: 7200 });
    const acknowledged = carryOut(opened('SEV2', policy), acknowledges, at(60), { policy }).incident;
    expect(ticked(acknowledged, policy, at(7200))).toEqual(accepted(missed('resolve', 7200)));
    const reminded = tickAll(acknowledged, policy, at(7200));
    expect([reminded.status, timerAt(reminded)]).toEqual(['acknowledged', null]);
    const raised = carryOut(reminded, { type: 'ChangeSeverity', severity: 'SEV1' }, at(8000), { policy }).incident;
    expect(raised.deadlines).toEqual({ resolveMissed: true });
  });

  it('ends the acknowledgement where the severity pages for it, and pages from step 1', () => {
    const policy = withRow('SEV1', { resolveWithinSeconds: 1800, missedDeadline: 'page' });
    const acknowledged = carryOut(opened('SEV1', policy), acknowledges, at(60), { policy }).incident;
    expect(ticked(acknowledged, policy, at(1800))).toEqual(
      accepted(
        missed('resolve', 1800, true),
        { type: 'GenerationStarted', generation: 2, cause: 'resolve deadline passed' },
        firstSev1Step(at(1800), tocsin),
        timerSet(at(2100), 3),
      ),
    );
  });

  it('counts anew for a re-opened incident that was resolved in time', () => {
    const policy = withRow('SEV2', { resolveWithinSeconds: 600 });
    const resolved = carryOut(opened('SEV2', policy), resolves(['a']), at(500), { policy }).incident;
    expect(duesOf(resolved)).toEqual([]);
    const again = carryOut(resolved, joins('SEV2', ['a'], false), at(1000), { policy }).incident;
    expect(timerAt(again)).toBe(at(1000));
    expect(ticked(again, policy, at(1000))).toEqual(accepted(missed('resolve', 600)));
  });
});

describe('an acknowledgement that expires', () => {
  const policy = aPolicy();
  const acknowledged = carryOut(opened('SEV1', policy), acknowledges, at(60), { policy }).incident;

  it('is announced before, at most 10 minutes and at most a quarter of its time', () => {
    expect(timerAt(acknowledged)).toBe(at(3060));
    const short = withRow('SEV1', { acknowledgementExpiresSeconds: 400 });
    const brief = carryOut(opened('SEV1', short), acknowledges, at(60), { policy: short }).incident;
    expect(timerAt(brief)).toBe(at(360));
    expect(ticked(acknowledged, policy, at(3060))).toEqual(
      accepted({ type: 'AcknowledgementExpiring', expiresAt: at(3660), acknowledgedBy: dora }),
    );
    expect(timerAt(tickAll(acknowledged, policy, at(3060)))).toBe(at(3660));
  });

  it('can be renewed from then on, also by somebody else, and not before', () => {
    expect(decide(acknowledged, acknowledges, at(3059))).toEqual({
      outcome: 'unchanged',
      reason: 'already acknowledged',
    });
    const announced = tickAll(acknowledged, policy, at(3060));
    expect(decide(announced, acknowledges, at(3100), { actor: tocsin })).toEqual(
      accepted(
        { type: 'IncidentAcknowledged', by: tocsin, expiresAt: at(6700), renews: true },
        timerSet(at(6700), 3, at(6100)),
      ),
    );
    const renewed = carryOut(announced, acknowledges, at(3100)).incident;
    expect([renewed.generation, renewed.firstAcknowledgedAt, renewed.acknowledgedAt]).toEqual([1, at(60), at(3100)]);
  });

  it('can be renewed until its timer has ended it, however late that is', () => {
    expect(carryOut(acknowledged, acknowledges, at(3700)).incident.dueAt).toBe(at(7300));
  });

  it('refuses a button of an earlier generation for the renewal too', () => {
    const again = tickAll(acknowledged, policy, at(3660));
    const second = carryOut(again, acknowledges, at(3700)).incident;
    const press = { type: 'AcknowledgeIncident', seenSeverity: 'SEV1', seenGeneration: 1 } as const;
    expect(decide(second, press, at(6800))).toEqual({
      outcome: 'rejected',
      reason: 'button is of an earlier generation',
    });
  });

  it('is not announced any more when it has expired already', () => {
    const [first] = carryOut(acknowledged, tick(acknowledged), at(4000)).commit.events;
    expect(first).toEqual({ type: 'AcknowledgementExpired' });
  });
});

describe('updates', () => {
  const policy = withRow('SEV2', { updateEverySeconds: 1800 });
  const acknowledged = carryOut(opened('SEV2', policy), acknowledges, at(60), { policy }).incident;
  const due = { type: 'UpdateDue', everySeconds: 1800, acknowledgedBy: dora } as const;

  it('are asked for only while somebody has acknowledged', () => {
    expect(timerAt(opened('SEV2', policy))).toBe(at(900));
    expect(duesOf(acknowledged)).toEqual([{ kind: 'update due', at: at(1860) }]);
  });

  it('are asked for once a period, however late the timer is', () => {
    expect(ticked(acknowledged, policy, at(1860))).toEqual(accepted(due));
    expect(ticked(acknowledged, policy, at(9000))).toEqual(accepted(due));
    expect(timerAt(tickAll(acknowledged, policy, at(9000)))).toBe(at(10_800));
  });

  it.each([
    ['note', { type: 'AddNote', text: 'Rolled back' } as const],
    ['public update', { type: 'PublishStatus', status: 'identified', text: 'We know' } as const],
  ])('are given by a %s, which costs the timer nothing', (_, command) => {
    const { incident, commit } = carryOut(acknowledged, command, at(1000), { policy });
    expect(commit.events).toHaveLength(1);
    expect(timerAt(incident)).toBe(at(2800));
    expect(ticked(incident, policy, at(1860))).toEqual({ outcome: 'unchanged', reason: 'not due yet' });
  });

  it('cost nothing where the severity asks for none', () => {
    const silent = carryOut(opened('SEV2', aPolicy()), acknowledges, at(60)).incident;
    expect(timerAt(silent)).toBeNull();
  });
});

describe('a severity that was lowered', () => {
  it('gives whoever is late already the whole time of the new deadline', () => {
    const policy = withRow('SEV2', {
      acknowledgeWithinSeconds: 600,
      resolveWithinSeconds: 900,
      missedDeadline: 'page',
    });
    const lowered = carryOut(opened('SEV1', policy), { type: 'ChangeSeverity', severity: 'SEV2' }, at(1000), {
      policy,
    }).incident;
    expect(duesOf(lowered).filter(({ kind }) => kind.endsWith('deadline'))).toEqual([
      { kind: 'acknowledge deadline', at: at(1600) },
      { kind: 'resolve deadline', at: at(1900) },
    ]);
  });
});

describe('the sweep', () => {
  it('starts a new timer when it found one stopped, also where only a reminder was due', () => {
    const policy = withRow('SEV2', { acknowledgeWithinSeconds: 600 });
    const incident = opened('SEV2', policy);
    const { generation, timerPart, dueAt } = incident;
    const sweep = { type: 'AdvanceIncident', generation, timerPart, dueAt, startNewPart: true } as const;
    expect(decide(incident, sweep, at(660), { policy })).toEqual(
      accepted(missed('acknowledge', 600), timerSet(at(900), 2)),
    );
  });
});

describe('an incident that earlier code stored', () => {
  /** It knew neither deadlines nor reminders: `dueAt` alone says what is due. */
  const asStoredBefore = (incident: Incident): Incident => {
    const { deadlines: _, pinned, ...rest } = incident;
    const { updateEverySeconds: __, ...row } = pinned;
    return { ...rest, pinned: { ...row, acknowledgeWithinSeconds: 60 } };
  };
  const policy = withRow('SEV1', { updateEverySeconds: 60 });

  it('goes on with its steps, and has nothing else due', () => {
    const old = asStoredBefore(opened('SEV1', policy));
    expect(duesOf(old)).toEqual([{ kind: 'step', at: at(300) }]);
    expect(ticked(old, policy, at(300))).toEqual(
      accepted(escalated({ step: 2, pages: [owed(bobPage, at(360), 2)] }), timerSet(at(600), 1)),
    );
  });

  it('keeps the end of its acknowledgement, which can be renewed too', () => {
    const old = asStoredBefore(carryOut(opened('SEV1', policy), acknowledges, at(60), { policy }).incident);
    expect(duesOf(old)).toEqual([{ kind: 'acknowledgement expires', at: at(3660) }]);
    expect(carryOut(old, acknowledges, at(3100), { policy }).incident.dueAt).toBe(at(6700));
    const expired = carryOut(old, tick(old), at(3660), { policy });
    expect(expired.commit.events.map(({ type }) => type)).toEqual([
      'AcknowledgementExpired',
      'GenerationStarted',
      'IncidentEscalated',
      'TimerSet',
    ]);
    const [page] = expired.commit.events.flatMap((event) => (event.type === 'IncidentEscalated' ? event.pages : []));
    expect(page?.target).toEqual(alicePage);
  });

  it('has no timer where it had none', () => {
    const old = asStoredBefore(carryOut(opened('SEV2', policy), acknowledges, at(60), { policy }).incident);
    expect(timerAt(old)).toBeNull();
    expect(carryOut(old, { type: 'AddNote', text: 'x' }, at(90), { policy }).commit.events).toHaveLength(1);
  });
});

describe('a page that a missed acknowledgement brings when working hours begin', () => {
  /** SEV3 and SEV4 page in working hours, once, and again for a missed deadline. */
  const office = (hash: string): Policy => {
    const { severities, escalationPolicies } = aPolicy();
    const row = { ...severities.SEV3, acknowledgeWithinSeconds: 600, missedDeadline: 'page' } as const;
    const once = { name: 'office', steps: firstStepOnly(escalationPolicies.office?.steps), repeatEverySeconds: null };
    return aPolicy({
      hash,
      severities: { ...severities, SEV3: row, SEV4: row },
      escalationPolicies: { ...escalationPolicies, office: once },
    });
  };
  const firstStepOnly = <Step>(steps: readonly Step[] = []): readonly Step[] => steps.slice(0, 1);
  /** Friday, ten minutes before the end of working hours in Berlin. */
  const friday = '2026-03-06T15:50:00.000Z';
  const policy = office('abcdef012345');
  const waiting = tickAll(opened('SEV3', policy, friday), policy, '2026-03-06T16:00:00.000Z');

  it('waits for them', () => {
    expect([waiting.dueAt, waiting.deadlines]).toEqual([mondayMorning, { acknowledgeMissed: true, pageWaits: true }]);
  });

  it.each([
    ['a move to the policy file of today', { type: 'MoveToPolicy', seenHash: null }],
    ['a lower severity', { type: 'ChangeSeverity', severity: 'SEV4' }],
  ] as const)('is not lost by %s', (_, command) => {
    const today = office('beef01234567');
    const changed = carryOut(waiting, command, saturday, { policy: today }).incident;
    expect([changed.dueAt, timerAt(changed)]).toEqual([mondayMorning, mondayMorning]);
    const paged = carryOut(changed, tick(changed), mondayMorning, { policy: today });
    const pages = paged.commit.events.flatMap((event) => (event.type === 'IncidentEscalated' ? event.pages : []));
    expect(pages.map(({ target, round }) => [target, round])).toEqual([[alicePage, 2]]);
    expect(paged.incident.deadlines?.pageWaits).toBeUndefined();
  });
});
