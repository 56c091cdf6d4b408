import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import type { EscalationPolicy, StepTarget } from '#shared/escalation/escalation-policy.ts';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import { timerAt } from '#shared/incident/dues.ts';
import { foldTimeline } from '#shared/incident/evolve.ts';
import { type Incident, isOpen } from '#shared/incident/incident.ts';
import { isWorse, type Severity, severities } from '#shared/incident/severity.ts';
import { addSeconds, type Instant, latest } from '#shared/kernel/instant.ts';
import { owePages } from '#shared/notification/page-ledger.ts';
import type { Commit, IncidentEvent } from '#shared/timeline/events.ts';
import {
  acknowledges,
  aPolicy,
  decide,
  escalates,
  joins,
  noon,
  resolves,
  resolvesByHand,
  silences,
  store,
  tick,
} from '#test/support/decision-builders.ts';
import { onCallPolicy } from '#test/support/on-call-builders.ts';

/** Any life of an incident: random policies, alerts, people and timers; after each commit every invariant is checked. */

const stepTarget: fc.Arbitrary<StepTarget> = fc.constantFrom<StepTarget>(
  { kind: 'owner', role: 'onCall' },
  { kind: 'team', team: 'payments', role: 'everyone' },
  { kind: 'team', team: 'empty', role: 'everyone' },
  { kind: 'person', person: 'carol' },
  { kind: 'person', person: 'gone' },
  { kind: 'schedule', schedule: 'platform' },
  { kind: 'schedule', schedule: 'deserted' },
  { kind: 'slack channel', channel: 'payments', mention: null },
  { kind: 'slack channel', channel: 'payments', mention: 'here' },
  { kind: 'owner pagerduty' },
  { kind: 'sns', contact: 'ops' },
);
const escalation = (name: string): fc.Arbitrary<EscalationPolicy> =>
  fc.record({
    name: fc.constant(name),
    steps: fc
      .array(
        fc.record({
          afterSeconds: fc.constantFrom(0, 0, 60, 300, 900, 14_400),
          targets: fc.array(stepTarget, { minLength: 1, maxLength: 3 }),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map((steps) => [...steps].sort((a, b) => a.afterSeconds - b.afterSeconds)),
    repeatEverySeconds: fc.constantFrom(null, 300, 900),
    repeats: fc.constantFrom('last step' as const, 'all steps' as const),
  });
const people: fc.Arbitrary<Parameters<typeof onCallPolicy>[0]> = fc.constantFrom<Parameters<typeof onCallPolicy>[0]>(
  {},
  { alice: { cooldownSeconds: 3_600 }, carol: { cooldownSeconds: 60 } },
  { alice: { quiet: { severities: ['SEV2', 'SEV3'], outsideWorkingHours: true, during: [] } } },
  {
    alice: {
      contact: {
        SEV1: [
          { kind: 'slack', afterSeconds: 0 },
          { kind: 'sns', contact: 'alice-phone', afterSeconds: 300 },
        ],
      },
    },
  },
);
const deadlines = fc.record({
  acknowledgeWithinSeconds: fc.constantFrom(60, 600, 86_400),
  resolveWithinSeconds: fc.constantFrom(null, 300, 40_000),
  missedDeadline: fc.constantFrom('remind' as const, 'page' as const),
  updateEverySeconds: fc.constantFrom(null, 600, 86_400),
});
const policies: fc.Arbitrary<Policy> = fc
  .record({
    sev1: escalation('sev1'),
    sev2: escalation('sev2'),
    office: escalation('office'),
    quiet: escalation('quiet'),
    times: deadlines,
    people,
  })
  .map(({ times, people: changes, ...escalationPolicies }) => {
    const rows = severities.map((each) => [each, { ...aPolicy().severities[each], ...times }] as const);
    return onCallPolicy(changes, { escalationPolicies, severities: Object.fromEntries(rows) as Policy['severities'] });
  });

type Move =
  | { readonly kind: 'join'; readonly names: readonly string[]; readonly severity: Severity }
  | { readonly kind: 'end'; readonly how: 'resolve' | 'silence'; readonly names: readonly string[] }
  | { readonly kind: 'command'; readonly command: IncidentCommand }
  | { readonly kind: 'deploy' }
  | { readonly kind: 'tick' | 'tick when due' | 'sweep'; readonly lateSeconds: number };

const moves: IncidentCommand = { type: 'MoveToPolicy', seenHash: null };
const severity = fc.constantFrom(...severities);
const names = fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 });
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('join' as const), names, severity }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      how: fc.constantFrom('resolve' as const, 'silence' as const),
      names,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('tick' as const, 'tick when due' as const, 'tick when due' as const, 'sweep' as const),
      lateSeconds: fc.constantFrom(0, 0, 1, 60, 4000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'deploy' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      command: fc.oneof(
        fc.constantFrom<IncidentCommand>(acknowledges, acknowledges, resolvesByHand, escalates, moves, {
          type: 'CloseIncident',
        }),
        fc.record({
          type: fc.constant('AcknowledgeIncident' as const),
          seenSeverity: severity,
          seenGeneration: fc.constantFrom(1, 2),
        }),
        severity.map((to): IncidentCommand => ({ type: 'ChangeSeverity', severity: to })),
      ),
    }),
  },
);
const life = fc.array(fc.record({ move, waitSeconds: fc.constantFrom(0, 1, 30, 300, 1000, 40_000) }), {
  minLength: 1,
  maxLength: 40,
});

/** The incident beside what an observer may know of it: its alerts, its pages, who acknowledged which generation. */
class World {
  now: Instant = noon;
  incident: Incident | null = null;
  readonly commits: Commit[] = [];
  readonly firing = new Set<string>();
  readonly everJoined = new Set<string>();
  readonly pageKeys = new Set<string>();
  readonly acknowledged = new Set<number>();
  readonly lowered = new Set<number>();
  policy: Policy;
  #other: Policy;

  /** `other` is what the next deploy brings. */
  constructor(policy: Policy, other: Policy = policy) {
    this.policy = policy;
    this.#other = { ...other, hash: 'feedfeedfeed' };
  }

  play(next: Move): void {
    if (next.kind === 'deploy') {
      [this.policy, this.#other] = [this.#other, this.policy];
      return;
    }
    const command = this.#commandOf(next);
    if (command === null) return;
    const decision = decide(this.incident, command, this.now, { policy: this.policy });
    if (decision.outcome !== 'accepted') return;
    const before = this.incident;
    const { incident, commit } = store(before, decision.events, this.now);
    this.incident = incident;
    this.commits.push(commit);
    this.#checkState(before, incident);
    this.#checkTimer(before, incident, commit);
    this.#checkPages(incident, commit);
  }

  #commandOf(next: Exclude<Move, { kind: 'deploy' }>): IncidentCommand | null {
    if (next.kind === 'command') return next.command;
    if (next.kind === 'join') return this.#join(next.names, next.severity);
    if (next.kind === 'end') return this.#end(next.how, next.names);
    const { incident } = this;
    if (incident === null) return null;
    if (next.kind !== 'tick') this.now = addSeconds(latest(this.now, timerAt(incident) ?? this.now), next.lateSeconds);
    if (next.kind !== 'sweep') return tick(incident);
    const { generation, dueAt } = incident;
    return { type: 'AdvanceIncident', generation, timerPart: null, dueAt, startNewPart: true };
  }

  /** As ingest does: only what changes, and a closed incident takes nothing. */
  #join(wanted: readonly string[], as: Severity): IncidentCommand | null {
    const fresh = wanted.filter((name) => !this.firing.has(name));
    if (fresh.length === 0 || this.incident?.status === 'closed') return null;
    const command = joins(as, fresh);
    const joined = command.joined.map(({ summary }) => ({ summary, fresh: !this.everJoined.has(summary.fingerprint) }));
    for (const name of fresh) {
      this.firing.add(name);
      this.everJoined.add(name);
    }
    return { ...command, joined };
  }

  #end(how: 'resolve' | 'silence', wanted: readonly string[]): IncidentCommand | null {
    const ended = wanted.filter((name) => this.firing.delete(name));
    if (ended.length === 0) return null;
    return how === 'resolve' ? resolves(ended) : silences(ended);
  }

  #checkState(before: Incident | null, after: Incident): void {
    expect(after.version).toBe((before?.version ?? 0) + 1);
    expect(after.generation).toBeGreaterThanOrEqual(before?.generation ?? 1);
    expect(after.timerPart).toBeGreaterThanOrEqual(before?.timerPart ?? 0);
    expect(after.firing).toBe(this.firing.size);
    expect(after.alertsTotal).toBe(this.everJoined.size);
    if (after.firing > 0 && !isOpen(after)) expect([after.status, after.dueAt]).toEqual(['resolved', after.heldUntil]);
    if (after.heldUntil !== null) expect([after.status, after.firing > 0]).toEqual(['resolved', true]);
    if (after.status === 'closed') expect(after.dueAt).toBeNull();
  }

  #checkTimer(before: Incident | null, after: Incident, { events }: Commit): void {
    const timers = events.filter(({ type }) => type === 'TimerSet');
    expect(timers.length).toBeLessThanOrEqual(1);
    const wakesAt = timerAt(after);
    const waits = before === null ? null : timerAt(before);
    const newGeneration = before?.generation !== after.generation && wakesAt !== null;
    const isEarlier = wakesAt !== null && (waits === null || wakesAt < waits);
    const moved = after.dueAt !== (before?.dueAt ?? null);
    if (moved || newGeneration || isEarlier) {
      const reminds = wakesAt === null || wakesAt === after.dueAt ? {} : { reminderAt: wakesAt };
      expect(timers).toEqual([{ type: 'TimerSet', dueAt: after.dueAt, part: after.timerPart, ...reminds }]);
      if (newGeneration) expect(after.timerPart).toBeGreaterThan(before?.timerPart ?? 0);
    }
    if (moved && after.dueAt !== null) expect(after.dueAt >= this.now).toBe(true);
    this.#checkSteps(after, events);
  }

  #checkSteps(after: Incident, events: readonly IncidentEvent[]): void {
    const [changed] = events.flatMap((event) => (event.type === 'SeverityChanged' ? [event] : []));
    const isMoved = events.some(({ type }) => type === 'PolicyMoved');
    if (isMoved || (changed && !isWorse(changed.to, changed.from))) this.lowered.add(after.generation);
    // A missed deadline repeats the last step where nothing else does.
    if (after.deadlines?.acknowledgeMissed && after.pinned.missedDeadline === 'page') return;
    if (after.status !== 'triggered' || this.lowered.has(after.generation)) return;
    const { steps, repeatEverySeconds } = after.pinned.escalation;
    const more = after.escalation.stepsDone < steps.length;
    const repeats = repeatEverySeconds !== null && after.pinned.pages !== 'never';
    expect(after.dueAt !== null).toBe(more || repeats);
  }

  #checkPages(after: Incident, commit: Commit): void {
    const pages = owePages(commit, after);
    if (commit.events.some(({ type }) => type === 'PolicyMoved')) expect(pages).toEqual([]);
    if (pages.length > 0) {
      expect(after.pinned.pages).not.toBe('never');
      expect([...this.acknowledged]).not.toContain(after.generation);
    }
    for (const { generation, step, round, target } of pages) {
      const pagerDutyOnce = target.startsWith('pagerduty:') ? `${generation} ${target}` : '';
      for (const key of [`${generation} ${step} ${round} ${target}`, pagerDutyOnce].filter((each) => each !== '')) {
        expect([...this.pageKeys]).not.toContain(key);
        this.pageKeys.add(key);
      }
    }
    if (commit.events.some(({ type }) => type === 'IncidentAcknowledged')) this.acknowledged.add(after.generation);
    const used = this.commits.filter(
      ({ generation, events }) => generation === after.generation && events.some(saysNobodyAcknowledged),
    );
    expect(used.length).toBeLessThanOrEqual(1);
  }
}

const saysNobodyAcknowledged = (event: IncidentEvent): boolean =>
  event.type === 'FallbackPaged' && event.reason === 'nobody acknowledged';

describe('any life of an incident', () => {
  it('keeps every invariant, and its timeline folds to its state', () => {
    fc.assert(
      fc.property(policies, policies, life, (policy, other, steps) => {
        const world = new World(policy, other);
        for (const { move: next, waitSeconds } of steps) {
          world.now = addSeconds(world.now, waitSeconds);
          world.play(next);
        }
        if (world.incident) expect(foldTimeline(world.commits)).toEqual(world.incident);
      }),
      { numRuns: 1_500 },
    );
  });

  it('decides the same when it is asked again', () => {
    fc.assert(
      fc.property(policies, severity, (policy, as) => {
        const once = decide(null, joins(as, ['a']), noon, { policy });
        expect(decide(null, joins(as, ['a']), noon, { policy })).toEqual(once);
      }),
    );
  });
});

describe('an incident that nobody answers', () => {
  it('runs every step of its policy, one after another, and loses no target of it', () => {
    fc.assert(
      fc.property(policies, severity, (policy, as) => {
        const world = new World(policy);
        world.play({ kind: 'join', names: ['a'], severity: as });
        for (let i = 0; i < 12 && world.incident && timerAt(world.incident); i++)
          world.play({ kind: 'tick when due', lateSeconds: 0 });
        const escalations = world.commits
          .flatMap(({ events }) => events)
          .flatMap((event) => (event.type === 'IncidentEscalated' && event.round === 1 ? [event] : []));
        const steps = world.incident?.pinned.escalation.steps ?? [];
        expect(escalations.map(({ step }) => step)).toEqual(steps.map((_, index) => index + 1));
        for (const { step, pages, informedChannels, skipped } of escalations) {
          const told = pages.length + informedChannels.length + skipped.length;
          expect(told, `step ${step} tells or skips somebody`).toBeGreaterThan(0);
        }
      }),
    );
  });
});
