import type { APIGatewayProxyResult } from 'aws-lambda';

/** An error answer of a door, as RFC 9457 has it. `detail` is a sentence that a person can act on. */
export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 500 | 503;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document, such as `requestId`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

export const problem = ({ status, title, detail, headers, members }: Problem): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
  body: JSON.stringify({ type: 'about:blank', title, status, detail, ...members }),
});

/** A JSON answer of a door. */
export const jsonAnswer = (status: number, body: unknown): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  body: JSON.stringify(body),
});
