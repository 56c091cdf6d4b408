import type { APIGatewayProxyEvent } from 'aws-lambda';
import { readSnsEnvelope, type SnsEnvelope } from '../../alert/sources/sns-envelope.ts';
import { bodyBytes, headerOf } from '../http-request.ts';
import type { Problem } from '../problem.ts';

/** A message has 256 KiB; escaped twice as JSON it stays below this. */
const envelopeLimitBytes = 2 * 1024 * 1024;

export type SnsRequest =
  | { readonly outcome: 'read'; readonly envelope: SnsEnvelope }
  | { readonly outcome: 'refused'; readonly problem: Problem };

/** Size and shape of what is not believed yet. Never 413, which raises an alarm that a stranger must not raise. */
export function readSnsRequest(event: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded' | 'headers'>): SnsRequest {
  if (headerOf(event, 'x-amz-sns-rawdelivery') === 'true') {
    return refused(401, 'Raw message delivery carries no signature. Turn it off for this subscription.');
  }
  const bytes = bodyBytes(event);
  if (bytes.length > envelopeLimitBytes) return refused(400, 'The request is larger than any message of SNS.');
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    return refused(400, 'The body is not JSON. This door takes what SNS posts to its HTTPS subscribers.');
  }
  const reading = readSnsEnvelope(body);
  if (!reading.ok) return refused(400, `This is not what SNS posts to its HTTPS subscribers: ${reading.problem}.`);
  return { outcome: 'read', envelope: reading.value };
}

const refused = (status: 400 | 401, detail: string): SnsRequest => ({
  outcome: 'refused',
  problem: { status, title: 'Not a message of SNS', detail },
});
