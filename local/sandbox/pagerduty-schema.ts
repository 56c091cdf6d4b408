import { randomUUID } from 'node:crypto';
import type { PagerDutyEntry } from './pagerduty-model.ts';

export type ReadEvent =
  | { readonly valid: true; readonly entry: PagerDutyEntry }
  | { readonly valid: false; readonly errors: readonly string[] };

type Fields = Readonly<Record<string, unknown>>;

const actions = ['trigger', 'acknowledge', 'resolve'] as const;
const severities = ['critical', 'error', 'warning', 'info'];

/** Checks an event as Events API v2 does (PROTOCOLS 6.1). */
export function readPagerDutyEvent(event: Fields, now: number): ReadEvent {
  const errors: string[] = [];
  const require = (condition: boolean, error: string) => {
    if (!condition) errors.push(error);
  };
  const { routing_key: routingKey, dedup_key: dedupKey } = event;
  const action = actions.find((one) => one === event.event_action);
  require(typeof routingKey === 'string' &&
    routingKey.length === 32, "'routing_key' is invalid (must be 32 characters)");
  require(action !== undefined, "'event_action' is invalid (must be trigger, acknowledge or resolve)");
  const keyGiven = typeof dedupKey === 'string' && dedupKey !== '';
  require(keyGiven || action === 'trigger', "'dedup_key' is missing or blank");
  require(!keyGiven || dedupKey.length <= 255, "'dedup_key' is too long (at most 255 characters)");
  const payload = action === 'trigger' ? checkPayload(event.payload, require) : null;
  if (errors.length > 0 || action === undefined) return { valid: false, errors };
  return {
    valid: true,
    entry: {
      at: now,
      routingKey: String(routingKey),
      action,
      dedupKey: keyGiven ? dedupKey : randomUUID().replaceAll('-', ''),
      summary: String(payload?.summary ?? ''),
      severity: String(payload?.severity ?? ''),
    },
  };
}

function checkPayload(value: unknown, require: (condition: boolean, error: string) => void): Fields {
  const payload = (typeof value === 'object' && value !== null ? value : {}) as Fields;
  const { summary, source, severity, custom_details: details } = payload;
  require(typeof summary === 'string' && summary !== '', "'payload.summary' is missing or blank");
  require(typeof summary !== 'string' ||
    summary.length <= 1024, "'payload.summary' is too long (at most 1024 characters)");
  require(typeof source === 'string' && source !== '', "'payload.source' is missing or blank");
  require(severities.includes(
    String(severity),
  ), "'payload.severity' is invalid (must be critical, error, warning or info)");
  require(details === undefined ||
    typeof details === 'object', "'payload.custom_details' is invalid (must be an object)");
  return payload;
}
