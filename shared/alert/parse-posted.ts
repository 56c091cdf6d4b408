import { type Instant, parseRfc3339 } from '../kernel/instant.ts';
import { fail, type Result, succeed } from '../kernel/result.ts';
import { boundAlertText } from './bound-alert.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Labels } from './labels.ts';
import { isJsonObject, type JsonObject } from './parse-alert.ts';
import { type QuarantinedAlert, quarantine } from './parse-webhook.ts';
import type { PostedAlert } from './posted-alert.ts';
import { showJson } from './show-json.ts';

/** What Alertmanager's framework refuses as a whole, with its status, code and words. */
export interface FrameworkRefusal {
  readonly status: 400 | 422;
  readonly code: 400 | 601 | 602;
  readonly message: string;
}

export type PostedReading =
  | {
      readonly outcome: 'read';
      readonly alerts: readonly PostedAlert[];
      /** The rest is stored all the same; the problems are Alertmanager's words. */
      readonly refused: readonly { readonly problem: string; readonly quarantined: QuarantinedAlert }[];
    }
  | ({ readonly outcome: 'refused' } & FrameworkRefusal);

/** An alert whose fields have the right types. Null: not given. */
interface TypedAlert {
  readonly labels: Labels | null;
  readonly annotations: Labels;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly generatorURL: string;
}

const unparsable = (because: string): PostedReading => ({
  outcome: 'refused',
  status: 400,
  code: 400,
  message: `parsing alerts body from "" failed, because ${because}`,
});

function readTexts(value: unknown, name: string): Result<Labels | null> {
  if (value === undefined || value === null) return succeed(null);
  if (!isJsonObject(value)) return fail(`${name} is no object`);
  const wrong = Object.entries(value).find(([, text]) => typeof text !== 'string' && text !== null);
  if (wrong !== undefined) return fail(`the value of ${JSON.stringify(wrong[0])} in ${name} is no text`);
  return succeed(Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text ?? '')])));
}

/** As the framework reads them: without a zone it is UTC, and seconds or the whole time of day may be missing. */
const parseTime = (text: string): Instant | null =>
  parseRfc3339(text) ??
  parseRfc3339(`${text}Z`) ??
  parseRfc3339(text.replace(/^(.{10}T\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/, '$1:00$2')) ??
  parseRfc3339(`${text}T00:00:00Z`);

/** Absent, empty and year 1 say nothing. */
function readTime(value: unknown, name: string): Result<Instant | null> {
  if (value === undefined || value === null || value === '') return succeed(null);
  if (typeof value !== 'string') return fail(`${name} is no text`);
  const instant = parseTime(value);
  if (instant === null) return fail(`${name} ${showJson(value)} is no RFC 3339 time`);
  return succeed(instant < '0002' ? null : instant);
}

const keys = ['labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL'] as const;
const keyByLowerCase: ReadonlyMap<string, string> = new Map(keys.map((key) => [key.toLowerCase(), key]));

/** Go finds the keys of JSON without looking at their case. */
const withKnownKeys = (raw: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(raw).map(([key, value]) => [keyByLowerCase.get(key.toLowerCase()) ?? key, value]));

function readTypes(written: JsonObject): Result<TypedAlert> {
  const raw = withKnownKeys(written);
  const labels = readTexts(raw.labels, 'labels');
  if (!labels.ok) return labels;
  const annotations = readTexts(raw.annotations, 'annotations');
  if (!annotations.ok) return annotations;
  const startsAt = readTime(raw.startsAt, 'startsAt');
  if (!startsAt.ok) return startsAt;
  const endsAt = readTime(raw.endsAt, 'endsAt');
  if (!endsAt.ok) return endsAt;
  const generatorURL = raw.generatorURL ?? '';
  if (typeof generatorURL !== 'string') return fail('generatorURL is no text');
  return succeed({
    labels: labels.value,
    annotations: annotations.value ?? {},
    startsAt: startsAt.value,
    endsAt: endsAt.value,
    generatorURL,
  });
}

/** What Go's ParseRequestURI takes: an absolute path, a scheme, or a star. A blank may be in a path and never in a host. */
const isUri = (text: string): boolean =>
  (text === '*' || text.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(text)) &&
  !/\p{Cc}/u.test(text) &&
  !/^[a-z][a-z0-9+.-]*:\/\/[^/?#]* /i.test(text);

function findRefusal({ labels, generatorURL }: TypedAlert, index: number): FrameworkRefusal | null {
  if (labels === null) return { status: 422, code: 602, message: `${index}.labels in body is required` };
  if (generatorURL === '' || isUri(generatorURL)) return null;
  const message = `${index}.generatorURL in body must be of type uri: ${JSON.stringify(generatorURL.slice(0, 200))}`;
  return { status: 422, code: 601, message };
}

/** What Alertmanager says of one alert that has the right types and cannot be. */
function findProblem(typed: TypedAlert, labels: Labels): string | null {
  const { startsAt, endsAt, annotations } = typed;
  if (endsAt !== null && startsAt !== null && endsAt < startsAt) return 'start time must be before end time';
  if (Object.keys(labels).length === 0) return 'at least one label pair required';
  if (Object.hasOwn(labels, '')) return 'invalid label set: invalid name ""';
  return Object.hasOwn(annotations, '') ? 'invalid annotations: invalid name ""' : null;
}

/** Alertmanager drops empty labels before it computes who an alert is. */
const withoutEmpty = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));

const toPosted = ({ startsAt, endsAt, ...typed }: TypedAlert, labels: Labels, receivedAt: Instant): PostedAlert => ({
  fingerprint: fingerprintOf(labels),
  ...boundAlertText(labels, typed.annotations, typed.generatorURL),
  startsAt: startsAt ?? endsAt ?? receivedAt,
  endsAt,
});

/**
 * Reads the body of `POST /api/v2/alerts` as Alertmanager does (PROTOCOLS 3.2): wrong types and missing labels refuse the
 * whole request; an alert that cannot be is refused alone. Of two copies of one alert the later one counts.
 */
export function parsePosted(body: unknown, receivedAt: Instant): PostedReading {
  if (body !== null && !Array.isArray(body)) return unparsable('it is no array of alerts');
  const typed: TypedAlert[] = [];
  const raws: readonly unknown[] = body ?? [];
  for (const [index, raw] of raws.entries()) {
    if (raw !== null && !isJsonObject(raw)) return unparsable(`alert ${index} is no object`);
    const read = readTypes(raw ?? {});
    if (!read.ok) return unparsable(`of alert ${index} ${read.problem}`);
    typed.push(read.value);
  }
  const refusal = typed.map(findRefusal).find((each) => each !== null);
  if (refusal) return { outcome: 'refused', ...refusal };

  const alerts = new Map<string, PostedAlert>();
  const refused: { readonly problem: string; readonly quarantined: QuarantinedAlert }[] = [];
  for (const [index, each] of typed.entries()) {
    const labels = withoutEmpty(each.labels ?? {});
    const problem = findProblem(each, labels);
    if (problem !== null) {
      refused.push({ problem, quarantined: quarantine(raws[index], index, problem) });
      continue;
    }
    const posted = toPosted(each, labels, receivedAt);
    alerts.set(posted.fingerprint, posted);
  }
  return { outcome: 'read', alerts: [...alerts.values()], refused };
}
