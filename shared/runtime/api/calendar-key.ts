import { createHmac, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerOf } from '../http-request.ts';
import { type Access, byHeader } from './as-operator.ts';
import { bearerToken, digest, findInConstantTime, findOperator } from './operator.ts';

/**
 * Calendar clients send no headers, so the address of a feed carries a key: the operator's name and an HMAC of the path with that
 * operator's token. It opens this one path, for reading; whoever has it learns no token, and it ends when the token is replaced.
 */
type Feed = 'schedules' | 'people';

/** The path as the doors name it, whatever stands before it outside. Names are safe in a path (shared/config/name.ts). */
const pathOf = (feed: Feed, name: string): string => `/v1/on-call/${feed}/${name}/calendar.ics`;

const keyFor = (operator: { readonly name: string; readonly token: string }, path: string): string =>
  `${operator.name}.${createHmac('sha256', operator.token).update(`calendar:1:${path}`).digest('hex')}`;

/** The address of a feed for whoever presents this Authorization header; null without a token in it. */
export function calendarAddress(
  event: Pick<APIGatewayProxyEvent, 'headers'>,
  operator: { readonly name: string },
  publicUrl: string,
): (feed: Feed, name: string) => string | null {
  const token = bearerToken(headerOf(event, 'authorization'));
  return (feed, name) => {
    const path = pathOf(feed, name);
    const key = keyFor({ name: operator.name, token }, path);
    return token === '' ? null : `${publicUrl}${path}?key=${encodeURIComponent(key)}`;
  };
}

/** By the key of the address, else by the header as everywhere. Each key is compared in constant time, with that of every operator. */
export const byCalendarKey: Access['identify'] = (deps, event) => {
  const { queryStringParameters: one, multiValueQueryStringParameters: all } = event;
  const key = one?.key ?? all?.key?.at(-1) ?? '';
  if (key === '') return byHeader(deps, event);
  const feed = event.resource.startsWith('/v1/on-call/people/') ? 'people' : 'schedules';
  const path = pathOf(feed, event.pathParameters?.name ?? '');
  const presented = digest(key);
  return findOperator(deps, (operators) =>
    findInConstantTime(operators, (entry) => timingSafeEqual(presented, digest(keyFor(entry, path)))),
  );
};

/** For whoever reads the log of a calendar client. */
export const unknownCalendarKey =
  'This address of a calendar is not, or no longer, good: GET /v1/on-call and GET /v1/on-call/people/{name} show it anew to an operator.';
