import { expect } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import { escalationChoiceFor } from '#shared/escalation/pin-policy.ts';
import type { IncidentCommand, IncidentDecision } from '#shared/incident/commands.ts';
import { timerAt } from '#shared/incident/dues.ts';
import { foldTimeline } from '#shared/incident/evolve.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Severity } from '#shared/incident/severity.ts';
import { fromEpochMillis, type Instant } from '#shared/kernel/instant.ts';
import { owePages } from '#shared/notification/page-ledger.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Commit } from '#shared/timeline/events.ts';
import { alert, decide, routedAs, store } from '#test/support/decision-builders.ts';
import type { Span } from './clock-table.ts';
import { type Answer, ReferenceIncident } from './reference-incident.ts';
import type { Tally } from './tally.ts';
import { wordsOf } from './words.ts';

const instantOf = (at: number): Instant | null => (at === Number.POSITIVE_INFINITY ? null : fromEpochMillis(at));

/** When the product has the next step, expiry, end of a hold or closing. */
function dueAfter(before: Incident | null, decision: IncidentDecision): number {
  const set = decision.outcome === 'accepted' ? decision.events.find(({ type }) => type === 'TimerSet') : undefined;
  const dueAt = set?.type === 'TimerSet' ? set.dueAt : (before?.dueAt ?? null);
  return dueAt === null ? Number.POSITIVE_INFINITY : Date.parse(dueAt);
}

/** The product's incident beside the reference's: each command goes to both, then all that they say must be the same. */
export class ModelWorld {
  now: number;
  policy: Policy;
  overrides: Override[] = [];
  incident: Incident | null = null;
  readonly commits: Commit[] = [];
  readonly reference: ReferenceIncident;
  readonly span: Span;
  readonly tally: Tally;

  constructor(policy: Policy, span: Span, now: number, tally: Tally) {
    this.policy = policy;
    this.span = span;
    this.now = now;
    this.tally = tally;
    this.reference = new ReferenceIncident(this.today);
  }

  wait(seconds: number): void {
    this.now += seconds * 1000;
  }

  deploy(policy: Policy): void {
    this.policy = policy;
  }

  get today() {
    return { policy: this.policy, overrides: this.overrides, at: this.now, span: this.span };
  }

  get at(): Instant {
    return fromEpochMillis(this.now);
  }

  /** How ingest routes an alert of this severity today. */
  routed(severity: Severity) {
    const { policy } = this;
    const { route } = policy;
    const escalationPolicy = escalationChoiceFor(policy, { route, service: 'checkout', severity });
    const cooldown = route.cooldownSeconds === undefined ? {} : { cooldownSeconds: route.cooldownSeconds };
    return routedAs(severity, { escalationPolicy, ...cooldown });
  }

  joins(severity: Severity, names: readonly string[]): IncidentCommand {
    const joined = names.map((name) => ({ summary: alert(name), fresh: !this.reference.members.has(name) }));
    const routed = this.routed(severity);
    return { type: 'ApplyAlerts', routed, joined, resolved: [], suppressed: [], number: 42 };
  }

  play(command: IncidentCommand, expected: (reference: ReferenceIncident, dueAt: number) => Answer): Answer {
    const { reference, incident: before } = this;
    reference.today = this.today;
    reference.told = [];
    const decision = decide(before, command, this.at, { policy: this.policy, overrides: this.overrides });
    const says = decision.outcome !== 'accepted' && command.type !== 'AdvanceIncident';
    const answer = says ? `${decision.outcome}: ${decision.reason}` : decision.outcome;
    const right = expected(reference, dueAfter(before, decision));
    expect(answer, command.type).toBe(right);
    if (decision.outcome !== 'accepted') {
      expect(reference.told).toEqual([]);
      return right;
    }
    const { incident, commit } = store(before, decision.events, this.at);
    expect(wordsOf(commit, before?.generation ?? 1), `${command.type} at ${this.at}`).toEqual(reference.told);
    this.#keepsItsPromises(incident, commit);
    this.tally.note(commit, reference.told);
    this.incident = incident;
    this.commits.push(commit);
    this.agree(command.type);
    return right;
  }

  /** Everything that both sides can say of the present state. */
  agree(after: string): void {
    const { reference, incident } = this;
    if (incident === null) return;
    const { status, severity, generation, dueAt, heldUntil, firing, escalation } = incident;
    const { stepsDone } = escalation;
    const wakesAt = timerAt(incident);
    expect(
      { status, severity, generation, dueAt, wakesAt, heldUntil, firing, stepsDone },
      `${after} at ${this.at}`,
    ).toEqual({
      status: reference.status,
      severity: reference.severity,
      generation: reference.generation,
      dueAt: instantOf(reference.dueAt),
      wakesAt: instantOf(reference.wakesAt),
      heldUntil: instantOf(reference.heldUntil ?? Number.POSITIVE_INFINITY),
      firing: reference.firing.size,
      stepsDone: reference.stepsDone,
    });
  }

  /** What must hold whatever the reference thinks. */
  #keepsItsPromises(after: Incident, commit: Commit): void {
    const pages = owePages(commit, after);
    if (pages.length > 0) expect(after.status, 'only a triggered incident pages').toBe('triggered');
    if (pages.length > 0) expect(after.pinned.pages).not.toBe('never');
    if (after.severity === 'SEV1') {
      const muted = commit.events
        .flatMap((event) => (event.type === 'IncidentEscalated' ? event.skipped : []))
        .filter(({ reason }) => reason === 'quiet hours' || reason === 'cooldown');
      expect(muted, 'SEV1 is never muted').toEqual([]);
    }
  }

  finish(): void {
    if (this.incident) expect(foldTimeline(this.commits)).toEqual(this.incident);
  }
}
