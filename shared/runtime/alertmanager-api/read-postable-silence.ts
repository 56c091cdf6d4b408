import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Labels } from '../../alert/labels.ts';
import type { Matcher } from '../../alert/matcher.ts';
import { type Instant, parseRfc3339 } from '../../kernel/instant.ts';
import type { SilenceDraft } from '../../silence/validate-silence.ts';
import { bodyBytes } from '../http-request.ts';
import { bodyLimitBytes, isRecord } from '../read-value.ts';
import type { FrameworkError } from './answers.ts';

export interface PostableSilence {
  /** The silence to change; null: a new one. */
  readonly id: string | null;
  readonly draft: SilenceDraft;
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: FrameworkError };

const found = <T>(value: T): Read<T> => ({ ok: true, value });
const refuse = (error: FrameworkError) => ({ ok: false, error }) as const;
const cannotParse = (why: string) =>
  refuse({ status: 400, message: `parsing silence body from "" failed, because ${why}` });
const required = (name: string) => refuse({ status: 422, code: 602, message: `${name} in body is required` });

/** The body of POST /silences, refused in the order and the words of Alertmanager's framework. */
export function readPostableSilence(
  event: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>,
): Read<PostableSilence> {
  const bytes = bodyBytes(event);
  if (bytes.length > bodyLimitBytes) {
    return refuse({ status: 413, message: `the body has ${bytes.length} bytes and this door takes ${bodyLimitBytes}` });
  }
  if (bytes.length === 0) return required('silence');
  const body = parseBody(bytes.toString('utf8'));
  if (!body.ok) return body;
  return readFields(body.value);
}

function parseBody(text: string): Read<Readonly<Record<string, unknown>>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return cannotParse(error instanceof Error ? error.message : 'it is no JSON');
  }
  if (value === null) return found({});
  return isRecord(value) ? found(value) : cannotParse('it is no JSON object');
}

/** Absent and null are the same. The required ones in the order in which they are missed. */
function readFields(body: Readonly<Record<string, unknown>>): Read<PostableSilence> {
  const types = checkTypes(body);
  if (types !== null) return types;
  for (const name of ['comment', 'createdBy', 'endsAt']) if (isAbsent(body[name])) return required(name);
  const matchers = readMatchers(body.matchers);
  if (!matchers.ok) return matchers;
  if (isAbsent(body.startsAt)) return required('startsAt');
  const annotations = readAnnotations(body.annotations);
  if (!annotations.ok) return annotations;
  const id = textOf(body.id);
  return found({
    id: id === '' ? null : id,
    draft: {
      matchers: matchers.value,
      startsAt: instantOf(textOf(body.startsAt)) ?? never,
      endsAt: instantOf(textOf(body.endsAt)) ?? never,
      createdBy: textOf(body.createdBy),
      comment: textOf(body.comment),
      annotations: annotations.value,
    },
  });
}

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Its framework reads an empty date as the beginning of time. */
const never: Instant = '1970-01-01T00:00:00.000Z';
const instantOf = (text: string): Instant | null => (text === '' ? never : parseRfc3339(text));

function checkTypes(body: Readonly<Record<string, unknown>>): ReturnType<typeof cannotParse> | null {
  for (const name of ['id', 'comment', 'createdBy', 'startsAt', 'endsAt']) {
    if (!isAbsent(body[name]) && typeof body[name] !== 'string') return cannotParse(`the field ${name} is no text`);
  }
  for (const name of ['startsAt', 'endsAt']) {
    const text = textOf(body[name]);
    if (instantOf(text) === null) {
      return cannotParse(
        `the field ${name} is no time such as 2026-11-20T17:30:00Z: ${JSON.stringify(text.slice(0, 100))}`,
      );
    }
  }
  return null;
}

function readAnnotations(value: unknown): Read<Labels> {
  if (isAbsent(value)) return found({});
  const entries = isRecord(value) ? Object.entries(value) : null;
  return entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? found(Object.fromEntries(entries))
    : cannotParse('the field annotations is no object of texts');
}

function readMatchers(value: unknown): Read<readonly Matcher[]> {
  if (isAbsent(value)) return required('matchers');
  if (!Array.isArray(value)) return cannotParse('the field matchers is no list');
  if (value.length === 0) {
    return refuse({ status: 422, code: 612, message: 'matchers in body should have at least 1 items' });
  }
  const matchers: Matcher[] = [];
  for (const [index, each] of value.entries()) {
    const matcher = readMatcher(each, `matchers.${index}`);
    if (!matcher.ok) return matcher;
    matchers.push(matcher.value);
  }
  return found(matchers);
}

/** `isEqual` came later than the others, and is true when absent. */
function readMatcher(each: unknown, path: string): Read<Matcher> {
  if (!isRecord(each)) return cannotParse(`${path} is no object`);
  const { name, value, isRegex, isEqual } = each;
  for (const [key, one] of Object.entries({ isRegex, name, value })) {
    if (isAbsent(one)) return required(`${path}.${key}`);
  }
  const isTyped = typeof name === 'string' && typeof value === 'string' && typeof isRegex === 'boolean';
  if (!isTyped || !(isAbsent(isEqual) || typeof isEqual === 'boolean')) {
    return cannotParse(`${path} is no matcher: name and value are texts, isRegex and isEqual true or false`);
  }
  const equal = isEqual ?? true;
  const operator = isRegex ? (equal ? '=~' : '!~') : equal ? '=' : '!=';
  return found({ name, operator, value });
}
