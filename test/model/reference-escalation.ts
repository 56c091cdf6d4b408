import type { Severity } from '#shared/incident/severity.ts';
import { nextWorking } from './reference-on-call.ts';
import { type Pins, referencePins, wakes } from './reference-policy.ts';
import { type ReferencePlan, referenceStep, type Today } from './reference-step.ts';
import { type RanStep, wordsOfStep } from './words.ts';

/** How an incident goes through its steps, as the rules say it: which step comes next, when, and what it does. */

export type Status = 'none' | 'triggered' | 'acknowledged' | 'resolved' | 'closed';

export interface Run {
  readonly step: number;
  readonly round: number;
}

interface Saved {
  readonly scalars: Partial<ReferenceEscalation>;
  readonly triggered: readonly (readonly [string, number])[];
  readonly lastPage: readonly (readonly [string, { at: number; severity: Severity }])[];
  readonly told: (RanStep | string)[];
}

export const never = Number.POSITIVE_INFINITY;

export class ReferenceEscalation {
  status: Status = 'none';
  severity: Severity = 'SEV4';
  generation = 0;
  pins!: Pins;
  openedAt = 0;
  triggeredAt = 0;
  acknowledgedAt = 0;
  expiresAt = never;
  resolvedAt = 0;
  heldUntil: number | null = null;
  closesAt = never;
  /** Of the next step or repeat, while it is triggered. */
  stepAt = never;
  stepsDone = 0;
  /** Of the latest run. */
  round = 1;
  stepsOfRound = 0;
  /** So said the latest run of the present command. */
  foundNobody = false;
  fallbackUsed = false;
  firstStepAt: number | null = null;
  toldBefore = false;
  /** When PagerDuty was, or will be, triggered. */
  readonly triggered = new Map<string, number>();
  readonly lastPage = new Map<string, { at: number; severity: Severity }>();
  readonly firing = new Set<string>();
  readonly members = new Set<string>();
  /** What the present command told: read and emptied by who compares. */
  told: (RanStep | string)[] = [];
  /** From when the deadlines count, and which were missed. */
  answerFrom = 0;
  answerMissed = false;
  /** For working hours, with the page that this brings. */
  pageWaits = false;
  resolveFrom = 0;
  resolveMissed = false;
  expiryAnnounced = false;
  /** The latest word of a person, or the latest reminder. */
  updatesFrom = 0;
  today: Today;

  constructor(today: Today) {
    this.today = today;
  }

  get now(): number {
    return this.today.at;
  }

  pin(severity: Severity): void {
    this.severity = severity;
    this.pins = referencePins(this.today.policy, severity, this.now, this.today.span);
  }

  /** Other pins on an open incident: nobody could know of a deadline that is past by them, so it counts from now. */
  repin(severity: Severity): void {
    this.pin(severity);
    const { acknowledgeWithinSeconds, resolveWithinSeconds } = this.pins.row;
    this.expiryAnnounced = false;
    if (this.answerFrom + acknowledgeWithinSeconds * 1000 <= this.now) this.answerFrom = this.now;
    if (this.resolveFrom + (resolveWithinSeconds ?? never) * 1000 <= this.now) this.resolveFrom = this.now;
  }

  /** A new generation: nobody has been told of it yet. */
  begin(): void {
    this.status = 'triggered';
    this.generation += 1;
    this.triggeredAt = this.now;
    this.answerFrom = this.now;
    this.answerMissed = false;
    this.pageWaits = false;
    this.expiryAnnounced = false;
    this.stepsDone = 0;
    this.round = 1;
    this.stepsOfRound = 0;
    this.foundNobody = false;
    this.fallbackUsed = false;
    this.toldBefore = false;
    this.triggered.clear();
  }

  /** Which step comes next: the first that has not run, then a repeat. */
  next(): Run {
    const last = this.pins.steps.length;
    if (this.stepsDone < last) return { step: this.stepsDone + 1, round: 1 };
    if (!this.pins.repeatsAll) return { step: last, round: this.round + 1 };
    return this.round > 1 && this.stepsOfRound < last
      ? { step: this.stepsOfRound + 1, round: this.round }
      : { step: 1, round: this.round + 1 };
  }

  /** Counted from now, which is when the one before ran; who found nobody is not waited for. */
  whenNext(notBefore: number): number {
    const { step, round } = this.next();
    const { steps, repeatEvery, repeatsAll, row } = this.pins;
    const after = (nth: number) => (steps[nth - 1]?.after ?? 0) * 1000;
    if (round > 1 && (repeatEvery === null || row.pages === 'never')) return never;
    let at = this.now + Math.max(0, after(step) - after(step - 1));
    if (round > this.round) at = this.now + (repeatEvery ?? 0) * 1000 + (repeatsAll ? after(1) : 0);
    else if (this.foundNobody) at = this.now;
    else if (this.stepsDone === 0) at = this.triggeredAt + after(1);
    at = Math.max(at, notBefore);
    const waits = row.pages === 'working hours' && steps[step - 1]?.targets.some(wakes);
    return waits ? nextWorking(this.today.policy.workingHours, at, this.today.span) : at;
  }

  /** Steps that are due run now, one behind the other; what begins a repeat is left to the timer. */
  runDue(notBefore = this.now): void {
    for (;;) {
      this.stepAt = this.whenNext(notBefore);
      const next = this.next();
      if (this.stepAt > this.now || next.round > this.round) return;
      this.run(next, 'timer');
    }
  }

  run({ step, round }: Run, cause: RanStep['cause']): ReferencePlan {
    const { steps, row } = this.pins;
    const { severity, triggered, lastPage, toldBefore: cooldownsCount } = this;
    const neverPages = row.pages === 'never';
    const byHand = cause === 'manual';
    const isLastPage = this.pins.repeatEvery === null && !steps.slice(step).some(({ targets }) => targets.some(wakes));
    const told = { severity, neverPages, byHand, round, triggered, cooldownsCount, lastPage, isLastPage };
    const plan = referenceStep(steps[step - 1]?.targets ?? [], told, this.today);
    this.told.push(wordsOfStep(this, { step, round }, cause, plan, this.fallbacks(plan, { step, round }, cause)));
    for (const { key, person, afterSeconds } of plan.pages) {
      const at = this.now + afterSeconds * 1000;
      if (key.startsWith('pagerduty:')) triggered.set(key, Math.min(at, triggered.get(key) ?? at));
      if (person !== null) lastPage.set(person, { at: this.now, severity });
    }
    if (steps[step - 1]?.after === steps[0]?.after) this.firstStepAt = this.now;
    this.foundNobody = plan.isNobody;
    this.pageWaits = false;
    this.stepsDone = Math.max(this.stepsDone, step);
    if (round > this.round) this.stepsOfRound = step;
    else if (round === this.round) this.stepsOfRound = Math.max(this.stepsOfRound, step);
    this.round = Math.max(this.round, round);
    return plan;
  }

  fallbacks(plan: ReferencePlan, { round }: Run, cause: RanStep['cause']): readonly string[] {
    const fallbacks: string[] = [];
    if (round === 1 && this.pins.row.pages !== 'never') {
      if (plan.missed.includes('gone')) fallbacks.push('target is gone');
      else if (plan.isNobody) fallbacks.push('nobody on call');
    }
    if (cause !== 'manual' && round > 1 && !this.fallbackUsed) {
      this.fallbackUsed = true;
      fallbacks.push('nobody acknowledged');
    }
    return fallbacks;
  }

  save(): Saved {
    const { status, generation, triggeredAt, stepsDone, round, stepsOfRound } = this;
    const { fallbackUsed, toldBefore, firstStepAt, pageWaits } = this;
    return {
      scalars: {
        status,
        generation,
        triggeredAt,
        stepsDone,
        round,
        stepsOfRound,
        fallbackUsed,
        toldBefore,
        firstStepAt,
        pageWaits,
      },
      triggered: [...this.triggered],
      lastPage: [...this.lastPage],
      told: [...this.told],
    };
  }

  restore({ scalars, triggered, lastPage, told }: Saved): void {
    Object.assign(this, scalars);
    this.triggered.clear();
    for (const [key, at] of triggered) this.triggered.set(key, at);
    this.lastPage.clear();
    for (const [person, page] of lastPage) this.lastPage.set(person, page);
    this.told = told;
  }
}
