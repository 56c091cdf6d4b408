import type { Journal } from '../journal.ts';
import { rememberedCalls } from './faults.ts';

export type PagerDutyStatus = 'triggered' | 'acknowledged' | 'resolved';

export interface PagerDutyAlert {
  readonly routingKey: string;
  readonly dedupKey: string;
  readonly status: PagerDutyStatus;
  readonly summary: string;
  readonly severity: string;
  /** Triggers that came while it was open: kept in its log, nobody is told. */
  readonly repeats: number;
}

/** Somebody's phone rings. */
export interface PagerDutyNotification {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly routingKey: string;
  readonly dedupKey: string;
  readonly summary: string;
  readonly severity: string;
}

export interface PagerDutyEntry {
  readonly at: number;
  readonly routingKey: string;
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedupKey: string;
  readonly summary: string;
  readonly severity: string;
}

/** What an event led to, in words: shown in the sandbox beside the call. */
export type PagerDutyEffect =
  | 'notifies'
  | 'added to the open alert, nobody is notified'
  | 'acknowledged'
  | 'resolved'
  | 'dropped: no open alert with this key';

/**
 * PagerDuty behind Events API v2 (PROTOCOLS 6.1, 6.4). A trigger on an open alert never notifies again, also when it is
 * acknowledged; after a resolve the same key opens a new incident; an acknowledge or resolve without an open alert is
 * dropped silently.
 */
export class PagerDutyModel {
  readonly alerts = new Map<string, PagerDutyAlert>();
  /** The notifications that the calls so far would have caused, oldest first. */
  readonly notifications: PagerDutyNotification[] = [];
  readonly history: (PagerDutyEntry & { readonly effect: PagerDutyEffect })[] = [];
  private readonly journal: Journal<PagerDutyEntry>;
  private readonly listeners = new Set<() => void>();

  constructor(journal: Journal<PagerDutyEntry>, entries: readonly PagerDutyEntry[]) {
    this.journal = journal;
    for (const entry of entries) this.apply(entry);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  accept(entry: PagerDutyEntry): PagerDutyEffect {
    this.journal.append(entry);
    const effect = this.apply(entry);
    for (const listener of this.listeners) listener();
    return effect;
  }

  alertOf(routingKey: string, dedupKey: string): PagerDutyAlert | null {
    return this.alerts.get(`${routingKey} ${dedupKey}`) ?? null;
  }

  private apply(entry: PagerDutyEntry): PagerDutyEffect {
    const effect = entry.action === 'trigger' ? this.trigger(entry) : this.settle(entry);
    this.history.push({ ...entry, effect });
    if (this.history.length > rememberedCalls) this.history.shift();
    return effect;
  }

  private trigger(entry: PagerDutyEntry): PagerDutyEffect {
    const { at, routingKey, dedupKey, summary, severity } = entry;
    const open = this.alertOf(routingKey, dedupKey);
    if (open !== null && open.status !== 'resolved') {
      this.put({ ...open, repeats: open.repeats + 1 });
      return 'added to the open alert, nobody is notified';
    }
    this.put({ routingKey, dedupKey, status: 'triggered', summary, severity, repeats: 0 });
    this.notifications.push({ at, routingKey, dedupKey, summary, severity });
    return 'notifies';
  }

  private settle({ action, routingKey, dedupKey }: PagerDutyEntry): PagerDutyEffect {
    const open = this.alertOf(routingKey, dedupKey);
    if (open === null || open.status === 'resolved') return 'dropped: no open alert with this key';
    const status = action === 'acknowledge' ? 'acknowledged' : 'resolved';
    this.put({ ...open, status });
    return status;
  }

  private put(alert: PagerDutyAlert): void {
    this.alerts.set(`${alert.routingKey} ${alert.dedupKey}`, alert);
  }
}
