import { never, ReferenceEscalation } from './reference-escalation.ts';
import { nextWorking } from './reference-on-call.ts';
import { wakes } from './reference-policy.ts';

/** What is due of an incident when, and what a deadline or a reminder does, as the rules say it. */

export interface Reminder {
  readonly what: 'resolve' | 'answer' | 'expiry' | 'update';
  readonly at: number;
}

export class ReferenceDeadlines extends ReferenceEscalation {
  get isOpen(): boolean {
    return this.status === 'triggered' || this.status === 'acknowledged';
  }

  /** What pages, ends or closes by itself. */
  get dueAt(): number {
    if (this.status === 'triggered') return this.stepAt;
    if (this.status === 'acknowledged') return this.expiresAt;
    return this.status === 'resolved' ? (this.heldUntil ?? this.closesAt) : never;
  }

  /** What people are told of, by name. */
  get reminders(): readonly Reminder[] {
    const { row } = this.pins;
    if (!this.isOpen) return [];
    const reminders: Reminder[] = [];
    if (!this.resolveMissed && row.resolveWithinSeconds) {
      const at = Math.max(this.triggeredAt, this.resolveFrom + row.resolveWithinSeconds * 1000);
      reminders.push({ what: 'resolve', at });
    }
    if (this.status === 'triggered') {
      if (!this.answerMissed)
        reminders.push({ what: 'answer', at: this.answerFrom + row.acknowledgeWithinSeconds * 1000 });
      return reminders;
    }
    if (!this.expiryAnnounced && this.renewableFrom !== never)
      reminders.push({ what: 'expiry', at: this.renewableFrom });
    if (row.updateEverySeconds !== null)
      reminders.push({ what: 'update', at: this.updatesFrom + row.updateEverySeconds * 1000 });
    return reminders;
  }

  /** Ten minutes before an acknowledgement expires, or a quarter of its time. */
  get renewableFrom(): number {
    const lasts = (this.pins.row.acknowledgementExpiresSeconds ?? 0) * 1000;
    return this.expiresAt === never ? never : this.expiresAt - Math.min(600_000, lasts / 4);
  }

  get wakesAt(): number {
    return this.status === 'none' ? never : Math.min(this.dueAt, ...this.reminders.map(({ at }) => at));
  }

  /** Answers whether that was all: it paged, or waits to page. */
  remind({ what }: Reminder): boolean {
    if (what === 'expiry') {
      this.expiryAnnounced = true;
      this.told.push('expires soon');
    } else if (what === 'update') {
      this.updatesFrom = this.now;
      this.told.push('update due');
    } else return what === 'answer' ? this.#missAnswer() : this.#missResolve();
    return false;
  }

  /** After a change of what is pinned: what a missed answer brings is not lost where no step is left that would bring it. */
  orWaiting(stepAt: number, before: number): number {
    if (stepAt !== never || before === never || !this.pageWaits || !this.#pagesForDeadlines) return stepAt;
    const { policy, span } = this.today;
    const at = Math.max(this.now, before);
    return this.pins.row.pages === 'working hours' ? nextWorking(policy.workingHours, at, span) : at;
  }

  get #pagesForDeadlines(): boolean {
    return this.pins.row.missedDeadline === 'page' && this.pins.row.pages !== 'never';
  }

  /** Brings the next step forward, unless the hold of what re-opened keeps it; never out of working hours. */
  #missAnswer(): boolean {
    this.answerMissed = true;
    const isHeld = this.stepsDone === 0 && this.firstStepAt !== null;
    const pages = this.#pagesForDeadlines && !isHeld;
    this.told.push(`acknowledge deadline${pages ? ', pages' : ''}`);
    if (!pages) return false;
    const next = this.next();
    const { policy, span } = this.today;
    const waits = this.pins.row.pages === 'working hours' && this.pins.steps[next.step - 1]?.targets.some(wakes);
    const at = waits ? nextWorking(policy.workingHours, this.now, span) : this.now;
    if (at > this.now) {
      this.stepAt = Math.min(at, this.stepAt);
      this.pageWaits = true;
    } else {
      this.run(next, 'deadline');
      this.runDue();
    }
    return true;
  }

  #missResolve(): boolean {
    this.resolveMissed = true;
    const pages = this.#pagesForDeadlines && this.status === 'acknowledged';
    this.told.push(`resolve deadline${pages ? ', pages' : ''}`);
    if (!pages) return false;
    this.begin();
    this.runDue();
    return true;
  }
}
