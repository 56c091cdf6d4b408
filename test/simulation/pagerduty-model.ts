import type { PagerDutyApi, PagerDutyEvent, VendorOutcome } from '#shared/runtime/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

/** PagerDuty as PROTOCOLS 6.1 and 6.4 say: a trigger on an open alert notifies nobody; after a resolve it opens anew. */
export class PagerDutyModel implements PagerDutyApi {
  readonly notifications: { readonly at: number; readonly dedupKey: string }[] = [];
  /** By dedup key: the simulation has one routing key. */
  readonly alerts = new Map<string, 'triggered' | 'acknowledged' | 'resolved'>();
  readonly triggers: { readonly at: number; readonly dedupKey: string }[] = [];
  readonly time: VirtualTime;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  async send(event: PagerDutyEvent): Promise<VendorOutcome<{ readonly dedupKey: string }>> {
    const { dedup_key: dedupKey, event_action: action } = event;
    const state = this.alerts.get(dedupKey);
    const open = state === 'triggered' || state === 'acknowledged';
    const at = this.time.millis;
    if (action === 'trigger') this.triggers.push({ at, dedupKey });
    if (action === 'trigger' && !open) {
      this.alerts.set(dedupKey, 'triggered');
      this.notifications.push({ at, dedupKey });
    }
    if (action === 'acknowledge' && open) this.alerts.set(dedupKey, 'acknowledged');
    if (action === 'resolve' && open) this.alerts.set(dedupKey, 'resolved');
    return { outcome: 'ok', value: { dedupKey } };
  }
}
