import type { APIGatewayProxyResult } from 'aws-lambda';

/** Alertmanager's answers (PROTOCOLS 3.1): its framework's errors are objects, those of its handlers a JSON string. */

const always = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' };
const json = { ...always, 'Content-Type': 'application/json' };

export const answerJson = (status: number, text: string): APIGatewayProxyResult => ({
  statusCode: status,
  headers: json,
  body: `${text}\n`,
});

export const answerEmpty = (status: number): APIGatewayProxyResult => ({
  statusCode: status,
  headers: always,
  body: '',
});

export const answerText = (status: number, text: string, contentType = 'text/plain; charset=utf-8') => ({
  statusCode: status,
  headers: { ...always, 'Content-Type': contentType },
  body: text,
});

/** A sentence that amtool prints as it is. */
export const handlerError = (status: 400 | 404 | 500 | 503, sentence: string): APIGatewayProxyResult =>
  answerJson(status, JSON.stringify(sentence));

export interface FrameworkError {
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 413 | 415 | 422 | 500 | 503;
  /** Of its validation, 6xx; absent: the status. */
  readonly code?: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const frameworkError = ({ status, code = status, message, headers }: FrameworkError): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { ...json, ...headers },
  body: JSON.stringify({ code, message }),
});

/** A browser asks before it sends a credential, so this is answered to everybody and says nothing about us. */
export const answerPreflight = (): APIGatewayProxyResult => ({
  statusCode: 204,
  headers: {
    ...always,
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, DELETE',
    'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, Origin, X-Requested-With',
    'Access-Control-Max-Age': '600',
  },
  body: '',
});
