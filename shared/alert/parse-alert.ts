import { type Instant, parseRfc3339 } from '../kernel/instant.ts';
import { fail, type Result, succeed } from '../kernel/result.ts';
import type { AlertStatus, IncomingAlert } from './alert.ts';
import { boundAlertText } from './bound-alert.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Labels } from './labels.ts';
import { showJson } from './show-json.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An instant that says something; Alertmanager writes year 1 for "unset", and absent or unreadable says nothing either. */
export function readInstant(value: unknown): Instant | null {
  const instant = typeof value === 'string' ? parseRfc3339(value) : null;
  return instant === null || instant < '0002' ? null : instant;
}

/** Labels decide who an alert is, so a value that is no text is refused rather than guessed. Empty ones are dropped. */
function readLabels(value: unknown): Result<Labels> {
  if (!isJsonObject(value)) return fail('its labels are not an object');
  const labels: [string, string][] = [];
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') return fail(`the value of its label ${JSON.stringify(name)} is not a text`);
    if (name === '') return fail('one of its labels has no name');
    if (text !== '') labels.push([name, text]);
  }
  return labels.length === 0 ? fail('it has no labels') : succeed(Object.fromEntries(labels));
}

/** Annotations only inform, so that nothing in them is a reason to lose the alert: what is no text is shown as JSON. */
function readAnnotations(value: unknown): Labels {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, typeof text === 'string' ? text : showJson(text)]),
  );
}

/** The problem of a malformed alert begins in lower case and speaks of "it". */
export type ReadAlert = (raw: unknown, receivedAt: Instant) => Result<IncomingAlert>;

const isStatus = (value: unknown): value is AlertStatus => value === 'firing' || value === 'resolved';

/**
 * Reads one alert of a webhook (PROTOCOLS 1.2). The fingerprint is ours, computed from the raw labels, whatever the sender
 * says; texts are then made safe and bounded. A firing alert has no end; a resolved one without a usable end ended when
 * it was received.
 */
export const parseWebhookAlert: ReadAlert = (raw, receivedAt) => {
  if (!isJsonObject(raw)) return fail('it is not an object');
  const labels = readLabels(raw.labels);
  if (!labels.ok) return labels;
  const status = raw.status;
  if (!isStatus(status)) return fail('its status is neither "firing" nor "resolved"');
  const startsAt = readInstant(raw.startsAt);
  if (startsAt === null) return fail('its startsAt is not an RFC 3339 instant');
  const generatorURL = typeof raw.generatorURL === 'string' ? raw.generatorURL : '';
  return succeed({
    fingerprint: fingerprintOf(labels.value),
    status,
    ...boundAlertText(labels.value, readAnnotations(raw.annotations), generatorURL),
    startsAt,
    endsAt: status === 'firing' ? null : (readInstant(raw.endsAt) ?? receivedAt),
  });
};
