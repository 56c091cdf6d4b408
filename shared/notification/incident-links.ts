import type { Policy } from '../config/policy.ts';
import type { Incident } from '../incident/incident.ts';
import { safeLink } from './web-link.ts';

/** Where a responder goes next. Each is safe to show, or null. */
export interface IncidentLinks {
  readonly runbook: string | null;
  readonly dashboard: string | null;
  /** The rule's query at the source, of the first sample that has one. */
  readonly generator: string | null;
  /** The incident in Tocsin's API. */
  readonly incident: string | null;
}

/** The alert's own runbook comes before the service's: the rule's author knew more. `publicUrl` has no trailing slash. */
export function incidentLinks(incident: Incident, policy: Pick<Policy, 'services'>, publicUrl: string): IncidentLinks {
  const service = incident.service === null ? undefined : policy.services[incident.service];
  const annotated = (name: string) => firstLink(incident.sample.map((each) => each.annotations[name]));
  return {
    runbook: annotated('runbook_url') ?? safeLink(service?.runbook),
    dashboard: annotated('dashboard_url') ?? safeLink(service?.dashboard),
    generator: firstLink(incident.sample.map((each) => each.generatorURL)),
    incident: safeLink(`${publicUrl}/v1/incidents/${incident.number}`),
  };
}

const firstLink = (addresses: readonly (string | undefined)[]): string | null =>
  addresses.reduce<string | null>((found, address) => found ?? safeLink(address), null);
