import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { comparePinned } from '../../escalation/compare-pinned.ts';
import { type AlertSummary, type Incident, incidentName, isOpen } from '../../incident/incident.ts';
import { findIncidentId, listOpenIncidentIds } from '../../store/find-incident.ts';
import { loadHistory } from '../../store/incident-history.ts';
import { loadIncident, loadIncidents } from '../../store/incident-store.ts';
import { incidentCounterKey, incidentNumberKey } from '../../store/keys.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { loadTimelinePage, type TimelinePlace } from '../../store/timeline-page.ts';
import type { Commit } from '../../timeline/events.ts';
import { explainPages } from '../../timeline/why.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { notFound, type Read } from '../read-value.ts';
import { viewCommit, viewIncident } from './incident-view.ts';
import { pageOf } from './page-of.ts';
import { cursorOf, limitOf, oneOf, readQuery } from './read-query.ts';
import { readIncidentNumber } from './read-request.ts';

type ReadDeps = Pick<Deps, 'table' | 'clock' | 'policy' | 'settings'>;
type Answer = Promise<APIGatewayProxyResult>;

/** BatchGetItem reads so many incidents in one request. */
const incidentsAtOnce = 100;
const commitsAtOnce = 500;
/** The newest lines and pages of an explanation that one answer holds. */
const whyLines = 2_000;

/** GET /v1/incidents: the newest first; open ones unless `status=all`. */
export async function listIncidents(deps: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const query = readQuery(event, {
    status: oneOf('open', 'all'),
    limit: limitOf(incidentsAtOnce, incidentsAtOnce),
    cursor: cursorOf(/^[A-Za-z0-9_-]{1,64}$/),
  });
  if (!query.ok) return problem(query.problem);
  const { status, limit, cursor } = query.value;
  const page = status === 'all' ? await pageOfAll(deps, cursor, limit) : await pageOfOpen(deps, cursor, limit);
  return jsonAnswer(200, {
    incidents: page.incidents.map((incident) => viewIncident(deps, incident)),
    next: page.next,
  });
}

interface IncidentPage {
  readonly incidents: readonly Incident[];
  /** Given back as `cursor` by who wants the next page, which may hold fewer than asked for. */
  readonly next: string | null;
}

/** Ids sort by the time of their making. */
async function pageOfOpen({ table }: ReadDeps, cursor: string | null, limit: number): Promise<IncidentPage> {
  const ids = (await listOpenIncidentIds(table)).filter((id) => cursor === null || id < cursor).toReversed();
  const page = ids.slice(0, limit);
  const incidents = await loadIncidents(table, page);
  return {
    incidents: incidents.filter((incident) => incident !== null).filter(isOpen),
    next: ids.length > limit ? (page.at(-1) ?? null) : null,
  };
}

/** Numbers have gaps and old incidents expire, so a page walks over `limit` numbers and answers those that exist. */
async function pageOfAll({ table }: ReadDeps, cursor: string | null, limit: number): Promise<IncidentPage> {
  const [counter = null] = await table.get([incidentCounterKey]);
  const newest = Number(counter?.value ?? 0);
  const below = cursor === null || !/^\d{1,9}$/.test(cursor) ? newest + 1 : Math.min(newest + 1, Number(cursor));
  const lowest = Math.max(1, below - limit);
  const numbers = Array.from({ length: Math.max(0, below - lowest) }, (_, index) => below - 1 - index);
  if (numbers.length === 0) return { incidents: [], next: null };
  const found = await table.get(numbers.map(incidentNumberKey));
  const ids = found.flatMap((item) => (typeof item?.incidentId === 'string' ? [item.incidentId] : []));
  const incidents = await loadIncidents(table, ids);
  return { incidents: incidents.filter((each) => each !== null), next: lowest > 1 ? String(lowest) : null };
}

/** GET /v1/incidents/{number}: with the policy that it pinned, and how today's file differs from it. */
export async function showIncident(deps: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const [read, overrides] = await Promise.all([readIncident(deps, event), presentOverrides(deps)]);
  if (!read.ok) return problem(read.problem);
  const incident = read.value;
  const { todayHash, differences } = comparePinned(incident, deps.policy, deps.clock.now());
  return jsonAnswer(200, {
    incident: viewIncident(deps, incident, overrides),
    pinned: incident.pinned,
    policyToday: { policyHash: todayHash, differences },
  });
}

const presentOverrides = ({ table, policy, clock }: ReadDeps) => loadOverrides(table, policy, clock.now());

/** GET /v1/incidents/{number}/timeline: the events in order, oldest first. */
export async function showTimeline(deps: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const query = readQuery(event, {
    limit: limitOf(commitsAtOnce, commitsAtOnce),
    cursor: cursorOf(/^\d{1,10}~.{0,200}$/su),
  });
  if (!query.ok) return problem(query.problem);
  const id = await readIncidentId(deps, event);
  if (!id.ok) return problem(id.problem);
  const { limit, cursor } = query.value;
  const { commits, next } = await loadTimelinePage(deps.table, id.value, readPlace(cursor), limit);
  const page = pageOf(commits.map(viewCommit), limit);
  const last = page.rest === null ? next : (commits[page.rest - 1] ?? null);
  return jsonAnswer(200, { events: page.entries.flat(), next: last === null ? null : `${last.version}~${last.part}` });
}

function readPlace(cursor: string | null): TimelinePlace | null {
  if (cursor === null) return null;
  const cut = cursor.indexOf('~');
  return { version: Number(cursor.slice(0, cut)), part: cursor.slice(cut + 1) };
}

/** GET /v1/incidents/{number}/why: each page and each non-page, with the rule, policy file and inputs that decided it. */
export async function explainIncident(deps: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const read = await readIncident(deps, event);
  if (!read.ok) return problem(read.problem);
  const incident = read.value;
  const [{ commits, pages }, overrides] = await Promise.all([
    loadHistory(deps.table, incident.id),
    presentOverrides(deps),
  ]);
  const lines = explainPages(commits, pages);
  return jsonAnswer(200, {
    incident: viewIncident(deps, incident, overrides),
    policyHash: incident.pinned.policyHash,
    routePath: incident.routePath,
    openedBy: firstAlertOf(commits),
    escalationPolicy: incident.pinned.escalation,
    earlierLines: Math.max(0, lines.length - whyLines),
    lines: lines.slice(-whyLines),
    earlierPages: Math.max(0, pages.length - whyLines),
    pages: pages.slice(-whyLines).map(({ schema: _, correlationId: __, ...page }) => page),
  });
}

/** The alert that opened it, as POST /v1/simulations takes it; null: its timeline says none. */
function firstAlertOf(commits: readonly Commit[]): Pick<AlertSummary, 'source' | 'labels'> | null {
  const joined = commits.flatMap(({ events }) => events).find((event) => event.type === 'AlertsJoined');
  const [first] = joined?.sample ?? [];
  return first === undefined ? null : { source: first.source, labels: first.labels };
}

async function readIncidentId(
  { table }: Pick<Deps, 'table'>,
  event: Pick<APIGatewayProxyEvent, 'pathParameters'>,
): Promise<Read<string>> {
  const number = readIncidentNumber(event);
  if (!number.ok) return number;
  const id = await findIncidentId(table, number.value);
  return id === null ? noSuchIncident(number.value) : { ok: true, value: id };
}

/** The incident that a path names. */
export async function readIncident(
  deps: Pick<Deps, 'table'>,
  event: Pick<APIGatewayProxyEvent, 'pathParameters'>,
): Promise<Read<Incident>> {
  const id = await readIncidentId(deps, event);
  if (!id.ok) return id;
  const incident = await loadIncident(deps.table, id.value);
  return incident === null ? notFound('The incident is gone: its retention is over.') : { ok: true, value: incident };
}

export const noSuchIncident = (number: number) =>
  notFound(`There is no ${incidentName(number)}. GET /v1/incidents lists what is open.`);
