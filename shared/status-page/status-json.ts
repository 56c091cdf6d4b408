import {
  componentStatusOf,
  type Impact,
  impactOf,
  type PublicComponent,
  type PublicIncident,
  type StatusPageState,
  worstStatus,
} from './status-page.ts';

/** What the whole page says, in Statuspage's words. */
const descriptions: Readonly<Record<Impact, string>> = {
  none: 'All Systems Operational',
  minor: 'Minor Service Outage',
  major: 'Partial System Outage',
  critical: 'Major Service Outage',
};

export function pageStatus(state: StatusPageState): { readonly indicator: Impact; readonly description: string } {
  const indicator = impactOf(worstStatus(state.components.map(({ status }) => status)));
  return { indicator, description: descriptions[indicator] };
}

export const isUnresolved = (incident: PublicIncident): boolean => incident.status !== 'resolved';

/** Statuspage's public API by path (PROTOCOLS 7): the same fields, so that its readers understand the page. */
export function statusJsonFiles(state: StatusPageState): Readonly<Record<string, unknown>> {
  const page = {
    id: state.page.id,
    name: state.page.name,
    url: state.page.url,
    time_zone: 'Etc/UTC',
    updated_at: state.page.updatedAt,
  };
  const status = pageStatus(state);
  const components = state.components.map((component, index) => componentJson(component, index, page.id));
  const incidents = state.incidents.map((incident) => incidentJson(incident, state));
  const unresolved = state.incidents.filter(isUnresolved).map((incident) => incidentJson(incident, state));
  return {
    'api/v2/status.json': { page, status },
    'api/v2/summary.json': { page, components, incidents: unresolved, scheduled_maintenances: [], status },
    'api/v2/components.json': { page, components },
    'api/v2/incidents.json': { page, incidents: incidents.slice(0, 50) },
    'api/v2/incidents/unresolved.json': { page, incidents: unresolved },
  };
}

const componentJson = (component: PublicComponent, index: number, pageId: string) => ({
  id: component.id,
  name: component.name,
  status: component.status,
  created_at: component.createdAt,
  updated_at: component.updatedAt,
  position: index + 1,
  description: component.description === '' ? null : component.description,
  showcase: false,
  start_date: null,
  group_id: null,
  page_id: pageId,
  group: false,
  only_show_if_degraded: false,
});

function incidentJson(incident: PublicIncident, { page, components }: StatusPageState) {
  const affected = components.flatMap((component, index) =>
    incident.componentIds.includes(component.id) ? [{ component, index }] : [],
  );
  return {
    id: incident.id,
    name: incident.name,
    status: incident.status,
    impact: impactOf(componentStatusOf(incident.severity)),
    shortlink: `${page.url}/#${incident.id}`,
    page_id: page.id,
    created_at: incident.createdAt,
    started_at: incident.createdAt,
    updated_at: incident.updatedAt,
    monitoring_at: incident.monitoringAt,
    resolved_at: incident.resolvedAt,
    components: affected.map(({ component, index }) => componentJson(component, index, page.id)),
    incident_updates: incident.updates.map((update, index) => {
      const earlier = incident.updates[index + 1];
      return {
        id: update.id,
        incident_id: incident.id,
        status: update.status,
        body: update.body,
        created_at: update.at,
        updated_at: update.at,
        display_at: update.at,
        affected_components: affected.map(({ component: { id, name } }) => ({
          code: id,
          name,
          old_status: earlier === undefined ? 'operational' : statusWith(earlier),
          new_status: statusWith(update),
        })),
      };
    }),
  };
}

/** What an update made of the components that its incident affects. */
const statusWith = (update: PublicIncident['updates'][number]) =>
  update.status === 'resolved' ? 'operational' : componentStatusOf(update.severity);
