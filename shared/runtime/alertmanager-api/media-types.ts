import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerOf } from '../http-request.ts';
import type { FrameworkError } from './answers.ts';

const only = 'application/json';

/** What a request says that its body is, and what it takes: JSON both, or Alertmanager's refusal in its order (PROTOCOLS 3.1). */
export function checkMediaTypes(event: Pick<APIGatewayProxyEvent, 'headers' | 'body'>): FrameworkError | null {
  const hasBody = event.body !== null && event.body !== '';
  const contentType = headerOf(event, 'content-type') ?? 'application/octet-stream';
  if (hasBody && typeOf(contentType) !== only) {
    return {
      status: 415,
      message: `unsupported media type ${JSON.stringify(contentType.slice(0, 100))}, only [${only}] are allowed`,
    };
  }
  const accept = headerOf(event, 'accept') ?? '*/*';
  return takesJson(accept)
    ? null
    : { status: 406, message: `unsupported media type requested, only [${only}] are available` };
}

const typeOf = (text: string): string => (text.split(';')[0] ?? '').trim().toLowerCase();

const takesJson = (accept: string): boolean =>
  accept.trim() === '' ||
  accept
    .split(',')
    .some((each) => ['*/*', 'application/*', only].includes(typeOf(each)) && !/;\s*q=0(\.0*)?\s*$/.test(each));
