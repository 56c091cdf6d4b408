import type { Instant } from '../../kernel/instant.ts';
import { isJsonObject, parseWebhookAlert } from '../parse-alert.ts';
import type { WebhookDialect } from '../parse-webhook.ts';

/**
 * What the alert manager of Amazon Managed Prometheus publishes with a template that writes JSON: our own (docs/cloudwatch.md)
 * or that of AWS's documentation, whose instants are Go's.
 */
export const managedPrometheusMessage: WebhookDialect = {
  takes: 'alert groups of Amazon Managed Prometheus as JSON',
  version: null,
  readAlert: readManagedAlert,
};

function readManagedAlert(raw: unknown, receivedAt: Instant) {
  if (!isJsonObject(raw)) return parseWebhookAlert(raw, receivedAt);
  return parseWebhookAlert({ ...raw, startsAt: fromGo(raw.startsAt), endsAt: fromGo(raw.endsAt) }, receivedAt);
}

/** Go writes a time as `2026-11-21 01:00:00.5 +0000 UTC`. */
const goTime = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d\d)(\d\d)(?: .*)?$/;

const fromGo = (value: unknown): unknown => (typeof value === 'string' ? value.replace(goTime, '$1T$2$3:$4') : value);
