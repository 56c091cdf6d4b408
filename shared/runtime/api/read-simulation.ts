import type { Labels } from '../../alert/labels.ts';
import { parseDuration } from '../../config/duration.ts';
import { isSeverity, type Severity } from '../../incident/severity.ts';
import { type Instant, parseRfc3339 } from '../../kernel/instant.ts';
import type { Question } from '../../prediction/prediction.ts';
import { labelsLimit, longestHorizonSeconds, readLabels } from '../../prediction/read-question.ts';
import { type Body, badRequest, found, isRecord, type Read } from '../read-value.ts';

/** What somebody wants to know: of an alert that there might be, or of an incident that there is. */
export type SimulationRequest =
  | { readonly about: 'alert'; readonly question: Question }
  | { readonly about: 'incident'; readonly number: number; readonly horizonSeconds: number | null };

const labelBytes = 4_096;

/** POST /v1/simulations: `incident`, or `labels` and what else is known of the alert. */
export function readSimulation(body: Body, now: Instant): Read<SimulationRequest> {
  const horizon = readHorizon(body.horizon);
  if (!horizon.ok) return horizon;
  if (body.incident !== undefined) return readIncident(body, horizon.value);
  const labels = readLabelsField(body.labels);
  if (!labels.ok) return labels;
  const at = readInstant(body, 'at');
  if (!at.ok) return at;
  const acknowledgedAt = readInstant(body, 'acknowledgedAt');
  if (!acknowledgedAt.ok) return acknowledgedAt;
  const severity = readSeverity(body.severity);
  if (!severity.ok) return severity;
  const { source = 'operators', arrival = 'webhook' } = body;
  if (typeof source !== 'string' || source === '') return badRequest('The field "source" names a source of alerts.');
  if (arrival !== 'webhook' && arrival !== 'posted') {
    return badRequest('The field "arrival" is "webhook" or "posted".');
  }
  return found({
    about: 'alert',
    question: {
      labels: labels.value,
      at: at.value ?? now,
      source: source.slice(0, 200),
      arrival,
      severity: severity.value,
      horizonSeconds: horizon.value,
      acknowledgedAt: acknowledgedAt.value,
    },
  });
}

function readIncident({ incident, labels }: Body, horizonSeconds: number | null): Read<SimulationRequest> {
  if (labels !== undefined) return badRequest('The body has either "labels" or "incident", not both.');
  const [, digits = ''] = /^(?:INC-)?(\d{1,9})$/i.exec(String(incident)) ?? [];
  const number = Number(digits);
  return number > 0
    ? found({ about: 'incident', number, horizonSeconds })
    : badRequest('The field "incident" is the number of an incident, such as 42.');
}

function readLabelsField(value: unknown): Read<Labels> {
  if (typeof value === 'string') {
    const read = readLabels(value);
    return read.ok ? found(read.value) : badRequest(read.problem.slice(0, 1_000));
  }
  const entries = isRecord(value) ? Object.entries(value) : [];
  const areTexts = entries.every(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry.join('').length <= labelBytes,
  );
  if (!areTexts || entries.length === 0 || entries.length > labelsLimit) {
    return badRequest(
      'The body needs "labels", an object of texts such as {"severity": "critical"}, or "incident", a number.',
    );
  }
  // An empty value is a label that is not there, as everywhere.
  return found(Object.fromEntries(entries.filter(([, text]) => text !== '')));
}

function readInstant(body: Body, name: string): Read<Instant | null> {
  const value = body[name];
  if (value === undefined || value === null) return found(null);
  const instant = typeof value === 'string' ? parseRfc3339(value) : null;
  return instant === null
    ? badRequest(`The field "${name}" is an instant such as 2027-03-28T00:30:00Z.`)
    : found(instant);
}

function readSeverity(value: unknown): Read<Severity | null> {
  if (value === undefined || value === null) return found(null);
  return typeof value === 'string' && isSeverity(value)
    ? found(value)
    : badRequest('The field "severity" is SEV1, SEV2, SEV3 or SEV4.');
}

function readHorizon(value: unknown): Read<number | null> {
  if (value === undefined || value === null) return found(null);
  const seconds = typeof value === 'string' ? parseDuration(value) : null;
  return seconds === null || seconds === 0 || seconds > longestHorizonSeconds
    ? badRequest('The field "horizon" is a time such as "6h", at most 30d.')
    : found(seconds);
}
