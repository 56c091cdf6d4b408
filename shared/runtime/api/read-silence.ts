import type { Labels } from '../../alert/labels.ts';
import type { Matcher } from '../../alert/matcher.ts';
import { parseMatcher } from '../../alert/parse-matcher.ts';
import { parseDuration } from '../../config/duration.ts';
import { addSeconds, type Instant, parseRfc3339 } from '../../kernel/instant.ts';
import type { MatcherSet } from '../../silence/silence.ts';
import { silenceLimits } from '../../silence/validate-silence.ts';
import { type Body, badRequest, found, isRecord, type Read } from '../read-value.ts';
import { readText } from './read-request.ts';

/** Ours: beyond it a silence is a route that somebody forgot to write. */
const longestSeconds = 10 * 365 * 86_400;

/** What a request says of a silence; who makes it is known already. */
export interface SilenceRequest {
  /** The silence to change; null: a new one. */
  readonly id: string | null;
  readonly matchers: MatcherSet;
  /** Further sets; empty when there are none. */
  readonly matcherSets: readonly MatcherSet[];
  readonly annotations: Labels;
  /** Null: as it is, or now for a new one. */
  readonly startsAt: Instant | null;
  readonly end: { readonly at: Instant } | { readonly afterSeconds: number };
  readonly comment: string;
}

/** The shape only: whether it may become a silence is decided with the clock (silence/decide-silence.ts). */
export function readSilenceRequest(body: Body): Read<SilenceRequest> {
  const id = readId(body.id);
  if (!id.ok) return id;
  const matchers = readMatchers(body.matchers);
  if (!matchers.ok) return matchers;
  const matcherSets = readMatcherSets(body.matcherSets);
  if (!matcherSets.ok) return matcherSets;
  const annotations = readAnnotations(body.annotations);
  if (!annotations.ok) return annotations;
  const startsAt = readInstant(body, 'startsAt');
  if (!startsAt.ok) return startsAt;
  const end = readEnd(body);
  if (!end.ok) return end;
  const comment = readText(body, 'comment');
  if (!comment.ok) return comment;
  return found({
    id: id.value,
    matchers: matchers.value,
    matcherSets: matcherSets.value,
    annotations: annotations.value,
    startsAt: startsAt.value,
    end: end.value,
    comment: comment.value,
  });
}

/** When it ends, given when it starts. */
export const endOf = ({ end }: SilenceRequest, startsAt: Instant): Instant =>
  'at' in end ? end.at : addSeconds(startsAt, end.afterSeconds);

export const silenceIdShape = /^[A-Za-z0-9_-]{1,64}$/;

function readId(id: unknown): Read<string | null> {
  if (id === undefined || id === null || id === '') return found(null);
  return typeof id === 'string' && silenceIdShape.test(id) ? found(id) : badRequest('The id is not one of a silence.');
}

function readMatchers(value: unknown): Read<readonly Matcher[]> {
  if (!Array.isArray(value) || value.length === 0 || value.length > silenceLimits.matchers) {
    return badRequest(
      `The body needs "matchers", a list of 1 to ${silenceLimits.matchers} such as ["severity=~\\"warning|info\\""].`,
    );
  }
  const matchers: Matcher[] = [];
  for (const each of value) {
    const matcher = typeof each === 'string' ? parseText(each) : readObject(each);
    if (!matcher.ok) return matcher;
    matchers.push(matcher.value);
  }
  return found(matchers);
}

function readMatcherSets(value: unknown): Read<readonly MatcherSet[]> {
  if (value === undefined || value === null) return found([]);
  if (!Array.isArray(value) || value.length > silenceLimits.matchers) {
    return badRequest(
      'The field "matcherSets" is a list of further lists of matchers: what any of them matches is silenced.',
    );
  }
  const sets: MatcherSet[] = [];
  for (const each of value) {
    const set = readMatchers(each);
    if (!set.ok) return set;
    sets.push(set.value);
  }
  return found(sets);
}

function readAnnotations(value: unknown): Read<Labels> {
  if (value === undefined || value === null) return found({});
  const entries = isRecord(value) ? Object.entries(value) : null;
  if (entries === null || !entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return badRequest('The field "annotations" is an object of texts, such as {"ticket": "OPS-1"}.');
  }
  return found(Object.fromEntries(entries));
}

function parseText(text: string): Read<Matcher> {
  const parsed = parseMatcher(text);
  return parsed.ok ? found(parsed.value) : badRequest(`A matcher cannot be read: ${parsed.problem.slice(0, 500)}.`);
}

/** As Alertmanager's API v2 has it; `isEqual` came later than the others, and is true when absent. */
function readObject(value: unknown): Read<Matcher> {
  const { name, value: wanted, isRegex = false, isEqual = true } = isRecord(value) ? value : {};
  const isMatcher =
    typeof name === 'string' &&
    typeof wanted === 'string' &&
    typeof isRegex === 'boolean' &&
    typeof isEqual === 'boolean';
  if (!isMatcher) return badRequest('A matcher is a text, or an object of name, value, isRegex and isEqual.');
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return found({ name, operator, value: wanted });
}

function readInstant(body: Body, name: string): Read<Instant | null> {
  const value = body[name];
  if (value === undefined || value === null) return found(null);
  const instant = typeof value === 'string' ? parseRfc3339(value) : null;
  return instant === null
    ? badRequest(`The field "${name}" is an instant such as 2026-11-20T17:30:00Z.`)
    : found(instant);
}

function readEnd(body: Body): Read<SilenceRequest['end']> {
  const endsAt = readInstant(body, 'endsAt');
  if (!endsAt.ok) return endsAt;
  const { duration } = body;
  if ((endsAt.value === null) === (duration === undefined)) {
    return badRequest('The body needs either "endsAt", an instant, or "duration", such as "2h".');
  }
  if (endsAt.value !== null) return found({ at: endsAt.value });
  const seconds = typeof duration === 'string' ? parseDuration(duration) : null;
  return seconds === null || seconds === 0 || seconds > longestSeconds
    ? badRequest('The field "duration" is a time such as "30m", "2h" or "7d", at most 10 years.')
    : found({ afterSeconds: seconds });
}
