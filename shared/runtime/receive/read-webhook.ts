import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AlertGroupMessage, IncomingAlert } from '../../alert/alert.ts';
import {
  type Arrival,
  alertmanagerWebhook,
  parseWebhook,
  type QuarantinedAlert,
  type WebhookDialect,
} from '../../alert/parse-webhook.ts';
import { grafanaWebhook } from '../../alert/sources/parse-grafana.ts';
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

/** One credential opens every door, so the path alone says who writes. */
const dialectOf = ({ resource }: Pick<APIGatewayProxyEvent, 'resource'>): WebhookDialect =>
  resource === '/v1/grafana' ? grafanaWebhook : alertmanagerWebhook;

/** Size, JSON, shape, in this order. The caller is already known. */
export function readWebhook(
  event: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded' | 'resource'>,
  arrival: Arrival,
): WebhookRequest {
  const dialect = dialectOf(event);
  const bytes = bodyBytes(event);
  if (bytes.length > webhookLimitBytes) {
    return refused(
      413,
      'Request too large',
      `The request has ${bytes.length} bytes and this door takes ${webhookLimitBytes}. Set the largest number of alerts in its receiver, or group by more labels.`,
    );
  }
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    return refused(400, 'Not JSON', `The body is not JSON. This door takes ${dialect.takes}.`);
  }
  const reading = parseWebhook(body, arrival, dialect);
  if (!reading.ok) return refused(400, 'Not a webhook of this door', `${reading.problem}.`);
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
