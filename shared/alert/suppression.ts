import type { Instant } from '../kernel/instant.ts';
import type { AlertId } from './alert.ts';

/** Why an alert does not reach an incident now. `until`: when it must be judged again at the latest. */
export type Suppression =
  /** `by`: who made it; absent on records of earlier code. */
  | { readonly kind: 'silence'; readonly silenceId: string; readonly by?: string; readonly until: Instant }
  /** An occurrence of a recurring window is a silence too. */
  | { readonly kind: 'maintenance'; readonly window: string; readonly silenceId: string; readonly until: Instant }
  | { readonly kind: 'inhibition'; readonly rule: string; readonly inhibitor: AlertId; readonly until: Instant }
  /** `interval`: its name in the policy file; muted inside of it, or outside of the active ones. */
  | {
      readonly kind: 'interval';
      readonly interval: string;
      readonly mode: 'mute' | 'active';
      readonly until: Instant;
    }
  /** It is a heartbeat: that it fires is what it says, and nobody needs to know. */
  | { readonly kind: 'heartbeat'; readonly heartbeat: string; readonly until: Instant }
  /** Its group waits for more alerts before it tells anybody (`group_wait`, `group_interval`). */
  | { readonly kind: 'group wait'; readonly until: Instant }
  /** Its source has just come back: what inhibits it may not have arrived yet. */
  | { readonly kind: 'settling'; readonly until: Instant };

/** Such as `silence 01JS`, for sentences. */
export function nameSuppression(suppression: Suppression): string {
  switch (suppression.kind) {
    case 'silence':
      return `silence ${suppression.silenceId}`;
    case 'maintenance':
      return `maintenance window ${suppression.window}`;
    case 'inhibition':
      return `inhibition rule ${suppression.rule} by alert ${suppression.inhibitor.fingerprint}`;
    case 'interval':
      return suppression.mode === 'mute'
        ? `time interval ${suppression.interval}`
        : `being outside of time interval ${suppression.interval}`;
    case 'heartbeat':
      return `being heartbeat ${suppression.heartbeat}`;
    case 'group wait':
      return 'the wait of its group';
    case 'settling':
      return 'its source settling';
  }
}

/** The same reason with the same end: nothing to write. */
export const sameSuppression = (a: Suppression, b: Suppression): boolean =>
  a.until === b.until && nameSuppression(a) === nameSuppression(b);
