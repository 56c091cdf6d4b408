import type { ServerResponse } from 'node:http';

/** An answer of the gateway itself, as infra/ maps API Gateway's own responses. */
export function sendProblem(response: ServerResponse, status: 404 | 405 | 413 | 503, detail: string): void {
  const titles = { 404: 'Not found', 405: 'Method not allowed', 413: 'Request too large', 503: 'Service unavailable' };
  const body = JSON.stringify({ type: 'about:blank', title: titles[status], status, detail });
  // What is left of a request too large to read is not read: the connection ends with the answer.
  const close = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...close });
  response.end(body);
}

/** What a proxy integration may answer; anything else is a malformed answer, which API Gateway makes a 5xx. */
export interface ProxyAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

export function isProxyAnswer(answer: unknown): answer is ProxyAnswer {
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) return false;
  const { statusCode } = answer;
  const body = 'body' in answer ? answer.body : undefined;
  const validStatus = Number.isInteger(statusCode) && Number(statusCode) >= 200 && Number(statusCode) <= 599;
  return validStatus && (body === undefined || typeof body === 'string');
}

export function sendProxyAnswer(response: ServerResponse, answer: ProxyAnswer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, String(value));
  for (const [name, values] of Object.entries(answer.multiValueHeaders ?? {})) {
    response.setHeader(name, values.map(String));
  }
  response.writeHead(answer.statusCode);
  response.end(Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8'));
}
