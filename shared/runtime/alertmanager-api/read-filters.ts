import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { compileMatcher, compileMatchers, tooLargeTogether } from '../../alert/compile-matcher.ts';
import type { CompiledMatcher, Matcher } from '../../alert/matcher.ts';
import { parseMatcher } from '../../alert/parse-matcher.ts';
import type { AlertFilter } from '../../alertmanager/alert-filter.ts';
import type { SilenceFilter } from '../../alertmanager/silence-view.ts';
import { handlerError } from './answers.ts';

type QueryEvent = Pick<APIGatewayProxyEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>;
type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly answer: APIGatewayProxyResult };

const badQuery = (sentence: string) => ({ ok: false, answer: handlerError(400, sentence) }) as const;

function valuesOf(event: QueryEvent, name: string): readonly string[] {
  const one = event.queryStringParameters?.[name];
  return event.multiValueQueryStringParameters?.[name] ?? (one === undefined ? [] : [one]);
}

/** What its framework reads as true; anything else is false, without error (PROTOCOLS 3.1). */
const trueWords: ReadonlySet<string> = new Set([
  'true',
  '1',
  'yes',
  'ok',
  'y',
  'on',
  'selected',
  'checked',
  't',
  'enabled',
]);

/** True when absent or empty. */
function wordOf(event: QueryEvent, name: string): boolean {
  const text = valuesOf(event, name).at(-1) ?? '';
  return text === '' || trueWords.has(text.toLowerCase());
}

/** Ours: a request with more has been made by a program that went wrong. */
const mostMatchers = 100;

/** Each value is one matcher; all must hold. */
function readMatchers(event: QueryEvent, name: string): Read<readonly Matcher[]> {
  const values = valuesOf(event, name);
  if (values.length > mostMatchers) return badQuery(`at most ${mostMatchers} matchers in ${name}`);
  const matchers: Matcher[] = [];
  for (const value of values) {
    const parsed = parseMatcher(value);
    if (!parsed.ok) return badQuery(parsed.problem.slice(0, 500));
    matchers.push(parsed.value);
    // Asked as they come: reading one already compiles it.
    const tooLarge = tooLargeTogether(matchers);
    if (tooLarge !== null) return badQuery(tooLarge);
  }
  return { ok: true, value: matchers };
}

function compileRead(read: Read<readonly Matcher[]>): Read<readonly CompiledMatcher[]> {
  if (!read.ok) return read;
  const compiled = compileMatchers(read.value);
  return compiled.ok ? compiled : badQuery(compiled.problem);
}

/** A regular expression that a receiver's whole name must match. */
function readReceiver(event: QueryEvent): Read<CompiledMatcher | null> {
  const text = valuesOf(event, 'receiver').at(-1) ?? '';
  if (text === '') return { ok: true, value: null };
  const compiled = compileMatcher({ name: 'receiver', operator: '=~', value: text });
  return compiled.ok ? compiled : badQuery(`failed to parse receiver param: ${compiled.problem}`);
}

/** The parameters of GET /alerts and GET /alerts/groups. */
export function readAlertFilter(event: QueryEvent): Read<AlertFilter> {
  const matchers = compileRead(readMatchers(event, 'filter'));
  if (!matchers.ok) return matchers;
  const receiver = readReceiver(event);
  if (!receiver.ok) return receiver;
  const receiverMatchers = compileRead(readMatchers(event, 'receiver_matchers'));
  if (!receiverMatchers.ok) return receiverMatchers;
  return {
    ok: true,
    value: {
      active: wordOf(event, 'active'),
      silenced: wordOf(event, 'silenced'),
      inhibited: wordOf(event, 'inhibited'),
      unprocessed: wordOf(event, 'unprocessed'),
      muted: wordOf(event, 'muted'),
      matchers: matchers.value,
      receiver: receiver.value,
      receiverMatchers: receiverMatchers.value,
    },
  };
}

/** The parameters of GET /silences. */
export function readSilenceFilter(event: QueryEvent): Read<SilenceFilter> {
  const matchers = readMatchers(event, 'filter');
  if (!matchers.ok) return matchers;
  return {
    ok: true,
    value: {
      active: wordOf(event, 'active'),
      pending: wordOf(event, 'pending'),
      expired: wordOf(event, 'expired'),
      matchers: matchers.value,
    },
  };
}
