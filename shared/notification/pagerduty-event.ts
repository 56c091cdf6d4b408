import { type Incident, incidentName } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import { cleanLine, cutText } from './clean-text.ts';
import type { IncidentLinks } from './incident-links.ts';
import { boundLabels, utf8Length } from './payload-size.ts';
import { ownLabels, sharedLabels } from './shared-labels.ts';

/** PagerDuty takes 512 KB a request (developer-docs, events-API-v2); its webhooks guarantee 55 KB, so we stay near that. */
const maxEventBytes = 60_000;
/** payload.summary, in characters (developer-docs, events-API-v2/trigger). */
const maxSummaryLength = 1_024;

/** The words of PagerDuty's field payload.severity. */
export const pagerDutySeverity: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  SEV1: 'critical',
  SEV2: 'error',
  SEV3: 'warning',
  SEV4: 'info',
};

/** One key a generation: PagerDuty notifies nobody for a trigger on an alert that is still open. At most 255 characters. */
export const pagerDutyDedupKey = (incidentId: string, generation: number): string => `${incidentId}:${generation}`;

/** The body of POST /v2/enqueue that opens an alert. `routing_key` is the secret of the service that is paged. */
export interface PagerDutyTrigger {
  readonly routing_key: string;
  readonly event_action: 'trigger';
  readonly dedup_key: string;
  readonly payload: PagerDutyPayload;
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly client: string;
  readonly client_url?: string;
}

/** A type, not an interface, so that it is a plain record to the port. */
export type PagerDutyPayload = {
  readonly summary: string;
  readonly source: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly timestamp: string;
  readonly component: string;
  readonly group: string;
  readonly class: string;
  readonly custom_details: Readonly<Record<string, unknown>>;
};

/** The event of one page. Fewer samples are told when the whole would be larger than 60 KB. */
export function pagerDutyTrigger(incident: Incident, routingKey: string, links: IncidentLinks): PagerDutyTrigger {
  for (let samples = incident.sample.length; samples > 0; samples -= 1) {
    const event = buildTrigger(incident, routingKey, links, samples);
    if (utf8Length(JSON.stringify(event)) <= maxEventBytes) return event;
  }
  return buildTrigger(incident, routingKey, links, 0);
}

/** The event that acknowledges or resolves what a trigger opened. */
export const pagerDutyFollowUp = (action: 'acknowledge' | 'resolve', routingKey: string, dedupKey: string) => ({
  routing_key: routingKey,
  event_action: action,
  dedup_key: dedupKey,
});

function buildTrigger(incident: Incident, routingKey: string, links: IncidentLinks, samples: number): PagerDutyTrigger {
  const shared = sharedLabels(incident.sample);
  const labels = boundLabels(shared);
  const name = incidentName(incident.number);
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: pagerDutyDedupKey(incident.id, incident.generation),
    payload: {
      summary: cutText(`[${incident.severity}] ${name} ${cleanLine(incident.title)}`, maxSummaryLength),
      source: shorten(labels.instance ?? incident.service ?? incident.source),
      severity: pagerDutySeverity[incident.severity],
      timestamp: incident.triggeredAt,
      component: shorten(incident.service ?? 'unknown'),
      group: shorten(incident.owner ?? 'unowned'),
      class: shorten(labels.alertname ?? 'alert'),
      custom_details: {
        incident: name,
        severity: incident.severity,
        generation: incident.generation,
        source: incident.source,
        firing: incident.firing,
        alerts_total: incident.alertsTotal,
        route: shorten(incident.routePath),
        escalation_policy: shorten(incident.pinned.escalation.name),
        policy_file: incident.pinned.policyHash,
        labels,
        samples: incident.sample.slice(0, samples).map((each) => ({
          starts_at: each.startsAt,
          labels: boundLabels(ownLabels(each, shared)),
          annotations: boundLabels(each.annotations),
        })),
      },
    },
    links: linksOf(links),
    client: 'Tocsin',
    ...(links.incident === null ? {} : { client_url: links.incident }),
  };
}

const shorten = (text: string) => cutText(cleanLine(text), 250);

const linksOf = (links: IncidentLinks) =>
  [
    { href: links.incident, text: 'Incident in Tocsin' },
    { href: links.runbook, text: 'Runbook' },
    { href: links.dashboard, text: 'Dashboard' },
    { href: links.generator, text: 'Query at the source' },
  ].flatMap(({ href, text }) => (href === null ? [] : [{ href, text }]));
