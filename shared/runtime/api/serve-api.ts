import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Deps } from '../deps.ts';
import { problem } from '../problem.ts';
import { type ActDeps, actOnIncident } from './act-on-incident.ts';
import { listAlerts, listQuarantined } from './alerts.ts';
import { type Access, asKnown, byHeader } from './as-operator.ts';
import { byCalendarKey, unknownCalendarKey } from './calendar-key.ts';
import { calendarOfPerson, calendarOfSchedule } from './calendars.ts';
import { listHeartbeats } from './heartbeats.ts';
import { listOnCall, showPerson, showSchedule } from './on-call.ts';
import type { Operator } from './operator.ts';
import { addOverride, addSwap, deleteOverride, listOverrides } from './overrides.ts';
import { explainIncident, listIncidents, showIncident, showTimeline } from './read-incidents.ts';
import { makeReadiness } from './readiness.ts';
import { makeMetricsDoor } from './serve-metrics.ts';
import { deleteSilence, listSilences, previewSilence, saveSilence, showSilence } from './silences.ts';
import { simulate } from './simulations.ts';

export type ApiDeps = ActDeps & Pick<Deps, 'queues' | 'secrets'>;

type Answer = Promise<APIGatewayProxyResult>;

interface Route extends Access {
  readonly answer: (deps: ApiDeps, event: APIGatewayProxyEvent, operator: Operator) => Answer;
}

const reads = (answer: Route['answer']): Route => ({ needed: 'viewer', identify: byHeader, answer });
const acts = (answer: Route['answer']): Route => ({ needed: 'responder', identify: byHeader, answer });
const feeds = (answer: Route['answer']): Route => ({
  needed: 'viewer',
  identify: byCalendarKey,
  unknownDetail: unknownCalendarKey,
  answer,
});

/** By method and path as the gateway knows it (wiring.ts); `/metrics` and the open doors are made below. */
const routes: ReadonlyMap<string, Route> = new Map([
  ['GET /v1/incidents', reads(listIncidents)],
  ['GET /v1/incidents/{number}', reads(showIncident)],
  ['GET /v1/incidents/{number}/timeline', reads(showTimeline)],
  ['GET /v1/incidents/{number}/why', reads(explainIncident)],
  ['POST /v1/incidents/{number}/{action}', acts(actOnIncident)],
  ['GET /v1/alerts', reads(listAlerts)],
  ['GET /v1/alerts/quarantined', reads(listQuarantined)],
  ['GET /v1/heartbeats', reads(listHeartbeats)],
  ['GET /v1/on-call', reads(listOnCall)],
  ['GET /v1/on-call/schedules/{name}', reads(showSchedule)],
  ['GET /v1/on-call/schedules/{name}/calendar.ics', feeds(calendarOfSchedule)],
  ['GET /v1/on-call/people/{name}', reads(showPerson)],
  ['GET /v1/on-call/people/{name}/calendar.ics', feeds(calendarOfPerson)],
  ['GET /v1/on-call/overrides', reads(listOverrides)],
  ['POST /v1/on-call/overrides', acts(addOverride)],
  ['DELETE /v1/on-call/overrides/{id}', acts(deleteOverride)],
  ['POST /v1/on-call/swaps', acts(addSwap)],
  ['GET /v1/silences', reads(listSilences)],
  ['POST /v1/silences', acts(saveSilence)],
  ['POST /v1/silences/preview', reads(previewSilence)],
  ['GET /v1/silences/{id}', reads(showSilence)],
  ['DELETE /v1/silences/{id}', acts(deleteSilence)],
  ['POST /v1/simulations', reads(simulate)],
]);

/** The operator API and the probes. What is kept between requests (readiness, a measurement) belongs to one process. */
export function makeApi(deps: ApiDeps): (event: APIGatewayProxyEvent) => Answer {
  const readiness = makeReadiness(deps);
  const metrics = makeMetricsDoor(deps);
  const openDoors: ReadonlyMap<string, () => Answer> = new Map([
    ['GET /healthz', healthy],
    ['GET /readyz', readiness],
  ]);
  const allRoutes = new Map([...routes, ['GET /metrics', reads(metrics)]]);
  return async (event) => {
    const name = `${event.httpMethod} ${event.resource}`;
    const openDoor = openDoors.get(name);
    if (openDoor !== undefined) return openDoor();
    const route = allRoutes.get(name) ?? nowhere;
    return asKnown(deps, event, route, (operator) => route.answer(deps, event, operator));
  };
}

/** The process runs: nothing else is asked, so that a broken dependency does not look like a broken process. */
const healthy = async (): Answer => ({
  statusCode: 200,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  body: 'ok',
});

/** Who is not known does not learn which paths exist. */
const nowhere: Route = reads(async () =>
  problem({
    status: 404,
    title: 'Not found',
    detail: 'There is nothing at this path. See the list of doors in the README.',
  }),
);
