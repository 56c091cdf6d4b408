import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AlertGroupMessage, IncomingAlert } from '../../alert/alert.ts';
import { type Arrival, parseWebhook, type QuarantinedAlert } from '../../alert/parse-webhook.ts';
import { ownAlertLabel } from '../../config/defaults.ts';
import { bodyBytes } from '../http-request.ts';
import type { Problem } from '../problem.ts';

/** Lambda takes 6 MB a synchronous call, envelope included (PROTOCOLS 8.1); so a request body may have this much. */
export const webhookLimitBytes = 5 * 1024 * 1024;

export type WebhookRequest =
  | {
      readonly outcome: 'read';
      readonly message: AlertGroupMessage;
      readonly quarantined: readonly QuarantinedAlert[];
    }
  | { readonly outcome: 'refused'; readonly problem: Problem };

/** Size, JSON, shape, in this order. The caller is already known. */
export function readWebhook(
  event: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>,
  arrival: Arrival,
): WebhookRequest {
  const bytes = bodyBytes(event);
  if (bytes.length > webhookLimitBytes) {
    return refused(
      413,
      'Request too large',
      `The request has ${bytes.length} bytes and this door takes ${webhookLimitBytes}. Set max_alerts in the webhook receiver, or group by more labels.`,
    );
  }
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    return refused(400, 'Not JSON', 'The body is not JSON. This door takes Alertmanager webhooks of version "4".');
  }
  const reading = parseWebhook(body, arrival);
  if (!reading.ok) return refused(400, 'Not an Alertmanager webhook', `${reading.problem}.`);
  const message = { ...reading.message, alerts: reading.message.alerts.map(withoutOwnLabel) };
  return { outcome: 'read', message, quarantined: reading.quarantined };
}

/** Nobody else's alert takes the route of our own. It may well be a true alert, so only the label goes. */
function withoutOwnLabel(alert: IncomingAlert): IncomingAlert {
  if (!Object.hasOwn(alert.labels, ownAlertLabel)) return alert;
  const { [ownAlertLabel]: _, ...labels } = alert.labels;
  return { ...alert, labels };
}

const refused = (status: 400 | 413, title: string, detail: string): WebhookRequest => ({
  outcome: 'refused',
  problem: { status, title, detail },
});
