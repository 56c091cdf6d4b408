import type { APIGatewayProxyEvent } from 'aws-lambda';
import { bodyBytes } from './http-request.ts';
import type { Problem } from './problem.ts';

/** What a door reads of a request: the value, or the answer that says what the caller must change. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const found = <T>(value: T): Read<T> => ({ ok: true, value });
export const badRequest = (detail: string): { readonly ok: false; readonly problem: Problem } => ({
  ok: false,
  problem: { status: 400, title: 'Bad request', detail },
});
export const notFound = (detail: string): { readonly ok: false; readonly problem: Problem } => ({
  ok: false,
  problem: { status: 404, title: 'Not found', detail },
});

/** Bytes of a body: a thousand times what a command needs, and small enough to parse at once. */
export const bodyLimitBytes = 256 * 1024;

export type Body = Readonly<Record<string, unknown>>;

/** The body as a JSON object; an absent one is empty. The declared type is not asked: curl declares a form by default. */
export function readJsonBody(event: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>): Read<Body> {
  const bytes = bodyBytes(event);
  if (bytes.length > bodyLimitBytes) return tooLarge(bytes.length);
  const text = bytes.toString('utf8').trim();
  if (text === '') return found({});
  const value = parseJson(text);
  return isRecord(value)
    ? found(value)
    : badRequest('The body is no JSON object, such as {"text": "looking into it"}.');
}

export const tooLarge = (bytes: number): { readonly ok: false; readonly problem: Problem } => ({
  ok: false,
  problem: {
    status: 413,
    title: 'Request too large',
    detail: `The body has ${bytes} bytes and this door takes ${bodyLimitBytes}.`,
  },
});

/** Null for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
