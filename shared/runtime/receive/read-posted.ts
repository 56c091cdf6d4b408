import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type PostedReading, parsePosted } from '../../alert/parse-posted.ts';
import type { Instant } from '../../kernel/instant.ts';
import { bodyBytes, headerOf } from '../http-request.ts';
import { withoutOwnLabel } from './own-label.ts';
import { webhookLimitBytes } from './read-webhook.ts';

/** The framework's own refusals come with a code; 413 is ours, for Alertmanager has no limit. */
export interface PostRefusal {
  readonly outcome: 'refused';
  readonly status: 400 | 413 | 415 | 422;
  readonly code: number;
  readonly message: string;
}

export type PostedRequest = Extract<PostedReading, { outcome: 'read' }> | PostRefusal;

type PostEvent = Pick<APIGatewayProxyEvent, 'body' | 'headers' | 'isBase64Encoded'>;

/** Media type, size, JSON, types, in this order. The caller is already known. */
export function readPosted(event: PostEvent, receivedAt: Instant): PostedRequest {
  const mediaType = (headerOf(event, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    const shown = JSON.stringify((mediaType || 'application/octet-stream').slice(0, 100));
    return refused(415, 415, `unsupported media type ${shown}, only [application/json] are allowed`);
  }
  const bytes = bodyBytes(event);
  if (bytes.length > webhookLimitBytes) {
    return refused(413, 413, `the request has ${bytes.length} bytes and this door takes ${webhookLimitBytes}`);
  }
  if (bytes.length === 0) return refused(422, 602, 'alerts in body is required');
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    return refused(400, 400, 'parsing alerts body from "" failed, because it is no JSON');
  }
  const reading = parsePosted(body, receivedAt);
  return reading.outcome === 'refused' ? reading : withoutOwnLabel(reading);
}

const refused = (status: PostRefusal['status'], code: number, message: string): PostRefusal => ({
  outcome: 'refused',
  status,
  code,
  message,
});
