import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerOf } from '../http-request.ts';
import { type Body, badRequest, found, notFound, type Read } from '../read-value.ts';

/** A field that must be a text with something in it. */
export function readText(body: Body, name: string): Read<string> {
  const value = body[name];
  if (typeof value === 'string' && value.trim() !== '') return found(value);
  return badRequest(`The body needs "${name}", a text that is not empty.`);
}

/** `42` or `INC-42` in a path. Anything else is a page that does not exist. */
export function readIncidentNumber(event: Pick<APIGatewayProxyEvent, 'pathParameters'>): Read<number> {
  const text = event.pathParameters?.number ?? '';
  const [, digits = ''] = /^(?:INC-)?(\d{1,9})$/i.exec(text) ?? [];
  const number = Number(digits);
  return number > 0 ? found(number) : notFound('An incident is named by its number, such as 42 or INC-42.');
}

/** Null when absent. Bounded and printable, because the incident remembers it. */
export function readIdempotencyKey(event: Pick<APIGatewayProxyEvent, 'headers'>): Read<string | null> {
  const key = headerOf(event, 'idempotency-key');
  if (key === null || /^[\w.:/+=-]{1,128}$/.test(key)) return found(key);
  return badRequest('The header Idempotency-Key has 1 to 128 letters, digits and signs of . _ : / + = -');
}
