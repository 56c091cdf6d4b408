import type { Severity } from '#shared/incident/severity.ts';
import { ReferenceDeadlines } from './reference-deadlines.ts';
import { never } from './reference-escalation.ts';
import { referencePins } from './reference-policy.ts';

/**
 * One incident as the rules say it, worked out slowly: every instant is a number, every rule a sentence of DECISIONS.md. It
 * shares nothing with the product but the shape of a policy file.
 */

/** A timer that changes nothing needs no reason: which one it is depends on which execution came. */
export type Answer = 'accepted' | 'unchanged' | `unchanged: ${string}` | `rejected: ${string}`;

export class ReferenceIncident extends ReferenceDeadlines {
  // Alerts

  fires(names: readonly string[], severity: Severity): Answer {
    const fresh = names.some((name) => !this.members.has(name));
    const wasResolved = this.status === 'resolved';
    for (const name of names) {
      this.firing.add(name);
      this.members.add(name);
    }
    if (this.status === 'none') {
      this.openedAt = this.now;
      this.resolveFrom = this.now;
      this.pin(severity);
      this.begin();
      this.runDue();
    } else if (wasResolved) {
      const isHeld = this.heldUntil !== null && this.now < this.heldUntil;
      if (!isHeld || fresh || severity < this.severity) this.#reopen(severity, fresh);
    } else if (severity < this.severity) {
      this.repin(severity);
      this.begin();
      this.runDue();
    }
    return 'accepted';
  }

  ends(names: readonly string[]): Answer {
    for (const name of names) this.firing.delete(name);
    if (this.firing.size > 0) return 'accepted';
    if (this.isOpen) this.#resolve();
    else if (this.heldUntil !== null) {
      this.heldUntil = null;
      this.#close();
    }
    return 'accepted';
  }

  // People

  acknowledge(seen: { readonly severity: Severity; readonly generation: number } | null): Answer {
    if (this.status === 'closed') return 'rejected: incident is closed';
    if (this.status === 'resolved') return 'rejected: incident is resolved';
    const renews = this.status === 'acknowledged';
    if (renews && this.now < this.renewableFrom) return 'unchanged: already acknowledged';
    if (seen && seen.severity > this.severity) return 'rejected: severity has risen';
    if (seen && seen.severity === this.severity && seen.generation < this.generation) {
      return 'rejected: button is of an earlier generation';
    }
    this.status = 'acknowledged';
    this.acknowledgedAt = this.now;
    this.expiresAt = this.#expiryFrom(this.now);
    this.expiryAnnounced = false;
    if (!renews) this.updatesFrom = this.now;
    return 'accepted';
  }

  note(): Answer {
    this.updatesFrom = this.now;
    return 'accepted';
  }

  resolveByHand(): Answer {
    if (this.status === 'closed') return 'unchanged: already closed';
    if (this.status === 'resolved') return 'unchanged: already resolved';
    this.#resolve();
    if (this.firing.size > 0) this.heldUntil = this.now + this.today.policy.resolveHoldSeconds * 1000;
    return 'accepted';
  }

  close(): Answer {
    if (this.status === 'closed') return 'unchanged: already closed';
    if (this.isOpen) return 'rejected: incident is not resolved';
    if (this.firing.size > 0) return 'rejected: alerts still fire';
    this.status = 'closed';
    return 'accepted';
  }

  changeSeverity(to: Severity): Answer {
    if (this.status === 'closed') return 'rejected: incident is closed';
    const from = this.severity;
    if (to === from) return 'unchanged: same severity';
    const before = this.dueAt;
    if (this.isOpen) this.repin(to);
    else this.pin(to);
    this.foundNobody = false;
    if (this.status === 'resolved') {
      if (this.heldUntil === null) this.#close();
    } else if (to < from) {
      this.begin();
      this.runDue();
    } else if (this.status === 'acknowledged') this.#keepAcknowledgement();
    else if (before !== never) {
      this.stepAt = this.orWaiting(this.whenNext(Math.max(this.now, before)), before);
    }
    return 'accepted';
  }

  /**
   * Today's policy file from here on: pages nobody, keeps generation and acknowledgement. When the next step comes is taken from
   * the product where a step ran before, but not sooner than now, nor later than its whole delay from now or than it would have.
   */
  move(dueAt: number): Answer {
    if (this.status === 'closed') return 'rejected: incident is closed';
    if (this.status === 'resolved') return 'rejected: incident is resolved';
    const pins = referencePins(this.today.policy, this.severity, this.now, this.today.span);
    if (pins.hash === this.pins.hash && pins.name === this.pins.name) return 'unchanged: nothing changed';
    const { stepAt } = this;
    this.repin(this.severity);
    this.foundNobody = false;
    if (this.status === 'acknowledged') this.#keepAcknowledgement();
    else if (this.stepsDone > 0) this.#adopt(dueAt, stepAt);
    else this.stepAt = this.whenNext(stepAt === never ? this.now : Math.max(this.now, stepAt));
    return 'accepted';
  }

  #adopt(dueAt: number, before: number): void {
    const whole = this.orWaiting(this.whenNext(this.now), before);
    const latest = Math.max(whole, whole === never || before === never ? 0 : before);
    const isRight = whole === never ? dueAt === never : dueAt >= this.now && dueAt <= latest;
    if (!isRight) throw new Error(`a move sets the next step to ${dueAt}, the latest is ${latest}`);
    this.stepAt = dueAt;
  }

  #keepAcknowledgement(): void {
    const expiresAt = this.#expiryFrom(this.acknowledgedAt);
    this.expiresAt = expiresAt > this.now ? expiresAt : this.#expiryFrom(this.now);
  }

  escalate(): Answer {
    if (this.status === 'closed') return 'rejected: incident is closed';
    if (this.status === 'resolved') return 'rejected: incident is resolved';
    if (this.pins.row.pages === 'never') return 'rejected: severity never pages';
    let next = this.next();
    // Tried on a copy first: nobody who would be paged means that nothing happens.
    const saved = this.save();
    if (this.status === 'acknowledged') {
      this.begin();
      next = { step: next.step, round: 1 };
    }
    const toldBefore = this.told.length;
    for (let left = this.pins.steps.length; left > 0; left -= 1) {
      const { pages } = this.run(next, 'manual');
      const { step } = next;
      next = this.next();
      if (pages.length > 0 || next.step === step) break;
    }
    const tells = (each: (typeof this.told)[number]) =>
      typeof each === 'object' && (each.pages.length > 0 || each.fallbacks.length > 0);
    if (!this.told.slice(toldBefore).some(tells)) {
      this.restore(saved);
      return 'rejected: no further step';
    }
    this.runDue();
    return 'accepted';
  }

  // The clock

  advance(seen: { readonly generation: number; readonly dueAt: number | null }): Answer {
    if (seen.generation < this.generation) return 'unchanged';
    if (seen.dueAt !== null && seen.dueAt !== this.dueAt) return 'unchanged';
    if (this.now < this.wakesAt) return 'unchanged';
    this.#remindAndDo();
    return 'accepted';
  }

  /** First what people are told, in the order of the instants; then the one thing that pages, ends or closes. */
  #remindAndDo(): void {
    const isExpired = this.status === 'acknowledged' && this.expiresAt <= this.now;
    const due = this.reminders
      .filter(({ what, at }) => at <= this.now && !(isExpired && what === 'expiry'))
      .filter(({ what, at }) => !(isExpired && what === 'update' && at >= this.expiresAt))
      .sort((a, b) => a.at - b.at);
    const [first] = due;
    if (first) {
      if (!this.remind(first)) this.#remindAndDo();
    } else if (this.dueAt <= this.now) this.#doDue();
  }

  #doDue(): void {
    if (this.status === 'triggered') {
      const next = this.next();
      const isRepeat = next.round > this.round;
      this.run(next, isRepeat && this.pins.repeatEvery === null ? 'deadline' : 'timer');
      this.runDue();
    } else if (this.status === 'acknowledged') {
      this.begin();
      this.runDue();
    } else if (this.heldUntil !== null) this.#reopen(this.severity, false, true);
    else this.status = 'closed';
  }

  // Rules

  #resolve(): void {
    this.status = 'resolved';
    this.resolvedAt = this.now;
    this.heldUntil = null;
    this.#close();
  }

  /** A resolved incident closes by itself some time after its resolve. */
  #close(): void {
    const seconds = this.pins.row.closesAfterSeconds;
    this.closesAt = seconds === null ? never : Math.max(this.now, this.resolvedAt + seconds * 1000);
  }

  #expiryFrom(at: number): number {
    const seconds = this.pins.row.acknowledgementExpiresSeconds;
    return seconds === null ? never : at + seconds * 1000;
  }

  /** The first step is paged again at most once in a while, by the longer of the two times, unless it became worse. */
  #reopen(severity: Severity, fresh: boolean, byHold = false): void {
    const rises = severity < this.severity;
    const cooldown = fresh || byHold ? 0 : this.pins.routeCooldown;
    const pause = Math.max(this.today.policy.repageAtMostEverySeconds, cooldown) * 1000;
    const from = this.firstStepAt === null || rises ? this.now : Math.max(this.now, this.firstStepAt + pause);
    this.heldUntil = null;
    if (rises) this.repin(severity);
    this.begin();
    this.toldBefore = !fresh;
    this.runDue(from);
  }
}
