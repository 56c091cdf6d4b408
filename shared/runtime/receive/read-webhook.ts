import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AlertGroupMessage } from '../../alert/alert.ts';
import {
  type Arrival,
  alertmanagerWebhook,
  parseWebhook,
  type QuarantinedAlert,
  type WebhookDialect,
} from '../../alert/parse-webhook.ts';
import { grafanaWebhook } from '../../alert/sources/parse-grafana.ts';
import { bodyBytes } from '../http-request.ts';
import type { Problem } from '../problem.ts';
import { withoutOwnLabel } from './own-label.ts';

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
  return { outcome: 'read', message: withoutOwnLabel(reading.message), quarantined: reading.quarantined };
}

const refused = (status: 400 | 413, title: string, detail: string): WebhookRequest => ({
  outcome: 'refused',
  problem: { status, title, detail },
});
