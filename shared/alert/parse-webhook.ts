import type { Instant } from '../kernel/instant.ts';
import { fail, type Result, succeed } from '../kernel/result.ts';
import type { AlertGroupMessage, IncomingAlert } from './alert.ts';
import { alertLimits, boundGroupLabels, boundIdentity } from './bound-alert.ts';
import type { Labels } from './labels.ts';
import { formatMatcher } from './matcher.ts';
import { isJsonObject, type JsonObject, parseWebhookAlert, type ReadAlert } from './parse-alert.ts';
import { safeText, shorten } from './safe-text.ts';
import { showJson } from './show-json.ts';

/** A malformed alert of an otherwise good request: kept aside for operators while its neighbours go on. */
export interface QuarantinedAlert {
  /** Position in the request's `alerts`, from 0. */
  readonly index: number;
  /** A sentence: what is wrong with it. */
  readonly reason: string;
  /** The beginning of its JSON text, safe to show. */
  readonly raw: string;
}

export type WebhookReading =
  | { readonly ok: true; readonly message: AlertGroupMessage; readonly quarantined: readonly QuarantinedAlert[] }
  | { readonly ok: false; readonly problem: string };

/** What the door knows about a request beside its body. */
export interface Arrival {
  readonly source: string;
  /** Ours, and the same on each redelivery by the queue. */
  readonly id: string;
  readonly receivedAt: Instant;
}

/** How one kind of sender writes the webhook of an alert group. */
export interface WebhookDialect {
  /** What its door takes, for sentences. */
  readonly takes: string;
  /** Null: its sender gives none. */
  readonly version: string | null;
  readonly readAlert: ReadAlert;
}

export const alertmanagerWebhook: WebhookDialect = {
  takes: 'Alertmanager webhooks of version "4"',
  version: '4',
  readAlert: parseWebhookAlert,
};

/** Bytes of a quarantined alert that are kept. */
const quarantinedBytes = 2048;
const reasonBytes = 256;

const readText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Alertmanager sends its receiver's name escaped as for a regular expression: `a.b` arrives as `a\.b` (PROTOCOLS 1.2). */
const unescapeReceiver = (receiver: string): string => receiver.replace(/\\([\\.+*?()|[\]{}^$])/g, '$1');

function readGroupLabels(value: unknown): Labels {
  if (!isJsonObject(value)) return {};
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return boundGroupLabels(Object.fromEntries(texts));
}

const readReason = (value: unknown): string | null =>
  typeof value === 'string' ? shorten(safeText(value), reasonBytes) : null;

/** A sender without group keys gets one from its group labels, so that its groups stay apart. */
function readGroupKey(body: JsonObject, groupLabels: Labels): string {
  const given = readText(body.groupKey);
  if (given !== '') return boundIdentity(given);
  const pairs = Object.keys(groupLabels)
    .sort()
    .map((name) => formatMatcher({ name, operator: '=', value: groupLabels[name] ?? '' }));
  return boundIdentity(`{}:{${pairs.join(', ')}}`);
}

/** Alerts that the source left out. A count that cannot be read is taken as "some": then absence proves nothing. */
function readTruncated(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 1;
}

/** What is kept of a malformed alert, with the reason that people read. */
export function quarantine(raw: unknown, index: number, problem: string): QuarantinedAlert {
  // Cut before making safe, because one alert can be as long as the request.
  const text = showJson(raw).slice(0, 4 * quarantinedBytes);
  return {
    index,
    reason: `alert ${index + 1} was set aside: ${shorten(safeText(problem), reasonBytes)}`,
    raw: shorten(safeText(text), quarantinedBytes),
  };
}

/** One alert per fingerprint: a transaction cannot write one twice. Of a firing and a resolved copy the firing one stays. */
function keepOnePerFingerprint(alerts: readonly IncomingAlert[]): readonly IncomingAlert[] {
  const kept = new Map<string, IncomingAlert>();
  for (const alert of alerts) {
    const earlier = kept.get(alert.fingerprint);
    if (earlier?.status === 'firing' && alert.status === 'resolved') continue;
    kept.set(alert.fingerprint, alert);
  }
  return kept.size === alerts.length ? alerts : [...kept.values()];
}

/** The raw alerts of a webhook of the dialect's version, or what is wrong with the body. */
function readAlerts(body: JsonObject, { takes, version }: WebhookDialect): Result<readonly unknown[]> {
  const expected = `this door takes ${takes}`;
  if (version !== null && body.version === undefined) return fail(`the body has no "version": ${expected}`);
  if (version !== null && body.version !== version) {
    return fail(`the body has version ${shorten(safeText(showJson(body.version)), reasonBytes)}: ${expected}`);
  }
  return Array.isArray(body.alerts) ? succeed(body.alerts) : fail('the body has no array "alerts"');
}

/**
 * Reads a webhook, Alertmanager's version 4 unless told otherwise (PROTOCOLS 1.2). Lenient: unknown fields pass, and a malformed alert is set
 * aside with its reason. The group's own status is not read, for it lies when alerts were truncated (PROTOCOLS 1.3).
 * A quarantined alert counts as truncated: its absence must not end an alert that may well fire.
 */
export function parseWebhook(
  body: unknown,
  arrival: Arrival,
  dialect: WebhookDialect = alertmanagerWebhook,
): WebhookReading {
  if (!isJsonObject(body)) return { ok: false, problem: 'the body is not a JSON object' };
  const rawAlerts = readAlerts(body, dialect);
  if (!rawAlerts.ok) return rawAlerts;
  const alerts: IncomingAlert[] = [];
  const quarantined: QuarantinedAlert[] = [];
  for (const [index, raw] of rawAlerts.value.entries()) {
    const alert = dialect.readAlert(raw, arrival.receivedAt);
    if (alert.ok) alerts.push(alert.value);
    else quarantined.push(quarantine(raw, index, alert.problem));
  }
  const groupLabels = readGroupLabels(body.groupLabels);
  const message: AlertGroupMessage = {
    id: arrival.id,
    source: arrival.source,
    receiver: boundIdentity(unescapeReceiver(readText(body.receiver))),
    groupKey: readGroupKey(body, groupLabels),
    groupLabels,
    externalURL: shorten(safeText(readText(body.externalURL)), alertLimits.urlBytes),
    truncatedAlerts: readTruncated(body.truncatedAlerts) + quarantined.length,
    alerts: keepOnePerFingerprint(alerts),
    receivedAt: arrival.receivedAt,
    notificationReason: readReason(body.notification_reason),
  };
  return { ok: true, message, quarantined };
}
