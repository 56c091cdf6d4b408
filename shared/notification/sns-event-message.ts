import type { Labels } from '../alert/labels.ts';
import { type Incident, type IncidentStatus, incidentName } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import { describeEvent } from '../timeline/describe.ts';
import type { Commit, IncidentEvent } from '../timeline/events.ts';
import { cleanLine, cutText } from './clean-text.ts';
import { boundLabels, utf8Length } from './payload-size.ts';
import { sharedLabels } from './shared-labels.ts';

/** SNS takes 256 KiB of message and attributes together (SNS API reference, Publish). */
const maxMessageBytes = 200_000;
const maxEvents = 100;
/** A String.Array attribute with more types would be long, and no commit has more kinds of events. */
const maxFilteredTypes = 20;

/**
 * One commit for subscribers of the events topic, documented in docs/events.md. Fields are only ever added within
 * version 1. SNS delivers at least once and in no order: `id` tells copies, `incident.version` tells order.
 */
export interface SnsEventMessage {
  readonly version: '1';
  readonly type: 'tocsin.incident';
  /** The same on each delivery of one commit. */
  readonly id: string;
  readonly at: Instant;
  readonly correlationId: string;
  readonly policyHash: string;
  readonly incident: {
    readonly id: string;
    readonly number: number;
    readonly name: string;
    readonly version: number;
    readonly title: string;
    readonly status: IncidentStatus;
    readonly severity: Severity;
    readonly generation: number;
    readonly source: string;
    readonly service: string | null;
    readonly owner: string | null;
    readonly openedAt: Instant;
    readonly acknowledgedAt: Instant | null;
    readonly resolvedAt: Instant | null;
    readonly firing: number;
    readonly alertsTotal: number;
    /** Labels that all its shown alerts share. */
    readonly labels: Labels;
  };
  readonly events: readonly { readonly type: IncidentEvent['type']; readonly text: string }[];
  /** Events of the commit that did not fit. */
  readonly eventsOmitted: number;
}

export interface SnsPublication {
  readonly message: string;
  /** For filter policies; a value that is a JSON array is published as String.Array. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** `incident` is the state at publishing, at least as new as the commit. */
export function snsEventMessage(commit: Commit, incident: Incident): SnsPublication {
  let shown = Math.min(commit.events.length, maxEvents);
  let message = JSON.stringify(buildMessage(commit, incident, shown));
  while (utf8Length(message) > maxMessageBytes && shown > 0) {
    shown = Math.floor(shown / 2);
    message = JSON.stringify(buildMessage(commit, incident, shown));
  }
  return { message, attributes: attributesOf(commit, incident) };
}

function buildMessage(commit: Commit, incident: Incident, shown: number): SnsEventMessage {
  return {
    version: '1',
    type: 'tocsin.incident',
    id: [commit.incidentId, commit.version, ...(commit.part === '' ? [] : [commit.part])].join('-'),
    at: commit.at,
    correlationId: commit.correlationId,
    policyHash: commit.policyHash,
    incident: {
      id: incident.id,
      number: incident.number,
      name: incidentName(incident.number),
      version: incident.version,
      title: cutText(cleanLine(incident.title), 1_000),
      status: incident.status,
      severity: incident.severity,
      generation: incident.generation,
      source: incident.source,
      service: incident.service,
      owner: incident.owner,
      openedAt: incident.openedAt,
      acknowledgedAt: incident.acknowledgedAt,
      resolvedAt: incident.resolvedAt,
      firing: incident.firing,
      alertsTotal: incident.alertsTotal,
      labels: boundLabels(sharedLabels(incident.sample)),
    },
    events: commit.events
      .slice(0, shown)
      .map((event) => ({ type: event.type, text: cutText(cleanLine(describeEvent(event, commit)), 1_000) })),
    eventsOmitted: commit.events.length - shown,
  };
}

/** No attribute without a value: SNS refuses an empty one. */
const attributesOf = (commit: Commit, incident: Incident): Readonly<Record<string, string>> => ({
  eventTypes: JSON.stringify([...new Set(commit.events.map(({ type }) => type))].sort().slice(0, maxFilteredTypes)),
  severity: incident.severity,
  status: incident.status,
  source: incident.source,
  ...(incident.service === null ? {} : { service: incident.service }),
});
