import type { Severity } from '#shared/incident/severity.ts';
import { never, ReferenceEscalation } from './reference-escalation.ts';

/**
 * One incident as the rules say it, worked out slowly: every instant is a number, every rule a sentence of DECISIONS.md. It
 * shares nothing with the product but the shape of a policy file.
 */

export type Answer = 'accepted' | `unchanged: ${string}` | `rejected: ${string}`;

export class ReferenceIncident extends ReferenceEscalation {
  get isOpen(): boolean {
    return this.status === 'triggered' || this.status === 'acknowledged';
  }

  /** All that will happen by itself; the timer waits for the earliest. */
  get dues(): readonly number[] {
    switch (this.status) {
      case 'triggered':
        return [this.stepAt];
      case 'acknowledged':
        return [this.expiresAt];
      case 'resolved':
        return [this.heldUntil ?? this.closesAt];
      default:
        return [];
    }
  }

  get dueAt(): number {
    return Math.min(never, ...this.dues);
  }

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
      this.pin(severity);
      this.begin();
      this.runDue();
    } else if (wasResolved) {
      const isHeld = this.heldUntil !== null && this.now < this.heldUntil;
      if (!isHeld || fresh || severity < this.severity) this.#reopen(severity, fresh);
    } else if (severity < this.severity) {
      this.pin(severity);
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
    if (this.status === 'acknowledged') return 'unchanged: already acknowledged';
    if (seen && seen.severity > this.severity) return 'rejected: severity has risen';
    if (seen && seen.severity === this.severity && seen.generation < this.generation) {
      return 'rejected: button is of an earlier generation';
    }
    this.status = 'acknowledged';
    this.acknowledgedAt = this.now;
    this.expiresAt = this.#expiryFrom(this.now);
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
    this.pin(to);
    this.foundNobody = false;
    if (this.status === 'resolved') {
      if (this.heldUntil === null) this.#close();
    } else if (to < from) {
      this.begin();
      this.runDue();
    } else if (this.status === 'acknowledged') {
      const expiresAt = this.#expiryFrom(this.acknowledgedAt);
      this.expiresAt = expiresAt > this.now ? expiresAt : this.#expiryFrom(this.now);
    } else if (before !== never) {
      this.stepAt = this.whenNext(Math.max(this.now, before));
    }
    return 'accepted';
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
    for (;;) {
      const { pages } = this.run(next, 'manual');
      const { step } = next;
      next = this.next();
      if (pages.length > 0 || next.step <= step) break;
    }
    if (this.told.slice(toldBefore).every(({ pages, fallbacks }) => pages.length === 0 && fallbacks.length === 0)) {
      this.restore(saved);
      return 'rejected: no further step';
    }
    this.runDue();
    return 'accepted';
  }

  // The clock

  advance(seen: { readonly generation: number; readonly dueAt: number | null }): Answer {
    if (seen.generation < this.generation) return 'unchanged: timer is stale';
    if (seen.dueAt !== null && seen.dueAt !== this.dueAt) return 'unchanged: timer is stale';
    if (this.dueAt === never) return 'unchanged: nothing is due';
    if (this.now < this.dueAt) return 'unchanged: not due yet';
    if (this.status === 'triggered') {
      this.run(this.next(), 'timer');
      this.runDue();
    } else if (this.status === 'acknowledged') {
      this.begin();
      this.runDue();
    } else if (this.heldUntil !== null) {
      this.#reopen(this.severity, false, true);
    } else {
      this.status = 'closed';
    }
    return 'accepted';
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
    if (rises) this.pin(severity);
    this.begin();
    this.toldBefore = !fresh;
    this.runDue(from);
  }
}
