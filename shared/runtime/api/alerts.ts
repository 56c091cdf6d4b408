import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { AlertId, AlertRecord } from '../../alert/alert.ts';
import { compileMatchers } from '../../alert/compile-matcher.ts';
import { flapsOf, truthOf } from '../../alert/flapping.ts';
import { type CompiledMatcher, matchesAll } from '../../alert/matcher.ts';
import { parseMatchers } from '../../alert/parse-matcher.ts';
import { addSeconds } from '../../kernel/instant.ts';
import { loadAlerts, loadQuarantined } from '../../store/alert-store.ts';
import { listFiringAlerts } from '../../store/firing-alerts.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { badRequest, found } from '../read-value.ts';
import { pageOf } from './page-of.ts';
import { cursorOf, flag, limitOf, type ParameterReader, readQuery } from './read-query.ts';

type AlertDeps = Pick<Deps, 'table' | 'clock' | 'policy'>;
type Answer = Promise<APIGatewayProxyResult>;

const usualLimit = 100;
const longestList = 500;
const alertsPerRead = 100;
/** One request looks at so many alerts, and for so long: what is left comes with the next page. */
const alertsPerRequest = 2_000;
const secondsPerRequest = 5;
const mostMatchers = 20;

interface AlertFilter {
  readonly unrouted: boolean | null;
  readonly silenced: boolean | null;
  readonly matcher: readonly CompiledMatcher[];
}

/** `matcher=severity=~"a|b"`, repeatable; each may be a list in braces. All must hold. */
const matchers: ParameterReader<readonly CompiledMatcher[]> = (values) => {
  const compiled: CompiledMatcher[] = [];
  for (const value of values) {
    const parsed = parseMatchers(value);
    const ready = parsed.ok ? compileMatchers(parsed.value) : parsed;
    if (!ready.ok) return badRequest(`A matcher cannot be read: ${ready.problem.slice(0, 500)}.`);
    compiled.push(...ready.value);
  }
  if (compiled.length > mostMatchers) return badRequest(`A request takes at most ${mostMatchers} matchers.`);
  return found(compiled);
};

/** GET /v1/alerts: firing alerts by source and fingerprint, suppressed ones included. */
export async function listAlerts(deps: AlertDeps, event: APIGatewayProxyEvent): Answer {
  const query = readQuery(event, {
    limit: limitOf(usualLimit, longestList),
    cursor: cursorOf(/^.{1,300}$/su),
    unrouted: flag,
    silenced: flag,
    matcher: matchers,
  });
  if (!query.ok) return problem(query.problem);
  const { limit, cursor, ...filter } = query.value;
  const ids = (await listFiringAlerts(deps.table))
    .map((id) => ({ ...id, place: placeOf(id) }))
    .filter(({ place }) => cursor === null || place > cursor)
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const { alerts, seen } = await findAlerts(deps, ids, filter, limit);
  const page = pageOf(alerts.map(viewAlert), limit);
  const cut = page.rest === null ? null : alerts[page.rest - 1];
  const last = cut ?? ids[seen - 1];
  const more = cut !== null || seen < ids.length;
  return jsonAnswer(200, { alerts: page.entries, next: more && last !== undefined ? placeOf(last) : null });
}

const placeOf = ({ source, fingerprint }: AlertId): string => `${source}/${fingerprint}`;

/** The first `limit` alerts that pass, and how many of the ids were looked at. */
async function findAlerts(
  { table, clock }: AlertDeps,
  ids: readonly AlertId[],
  filter: AlertFilter,
  limit: number,
): Promise<{ readonly alerts: readonly AlertRecord[]; readonly seen: number }> {
  const alerts: AlertRecord[] = [];
  const deadline = addSeconds(clock.now(), secondsPerRequest);
  let seen = 0;
  while (seen < Math.min(ids.length, alertsPerRequest)) {
    for (const alert of await loadAlerts(table, ids.slice(seen, seen + alertsPerRead))) {
      // One at least, so that a list ends.
      if (alerts.length >= limit || (seen > 0 && clock.now() >= deadline)) return { alerts, seen };
      seen += 1;
      if (alert !== null && passes(alert, filter)) alerts.push(alert);
    }
  }
  return { alerts, seen };
}

/** The index may lag by a moment, so an alert that has just resolved is left out here. */
const passes = (alert: AlertRecord, { unrouted, silenced, matcher }: AlertFilter): boolean =>
  alert.status === 'firing' &&
  (unrouted === null || alert.unrouted === unrouted) &&
  (silenced === null || (alert.suppressedBy !== null) === silenced) &&
  matchesAll(matcher, alert.labels);

const viewAlert = (alert: AlertRecord) => ({
  source: alert.source,
  fingerprint: alert.fingerprint,
  status: alert.status,
  labels: alert.labels,
  annotations: alert.annotations,
  generatorURL: alert.generatorURL,
  startsAt: alert.startsAt,
  changedAt: alert.changedAt,
  incidentIds: alert.incidentIds,
  suppressedBy: alert.suppressedBy,
  ...viewFlapping(alert),
  routePath: alert.routePath,
  unrouted: alert.unrouted,
});

/** Only of an alert that flaps: `lastStatus` is what its source told last. */
function viewFlapping(alert: AlertRecord) {
  const flaps = flapsOf(alert);
  if (flaps === null) return {};
  const { since, transitions, calmAt } = flaps;
  return { flapping: { since, transitions, calmAt, lastStatus: truthOf(alert).status } };
}

/** GET /v1/alerts/quarantined: what arrived malformed, newest first; of one source or of all that the policy file knows. */
export async function listQuarantined({ table, policy }: AlertDeps, event: APIGatewayProxyEvent): Answer {
  const query = readQuery(event, {
    limit: limitOf(usualLimit, longestList),
    source: cursorOf(/^.{1,200}$/su),
  });
  if (!query.ok) return problem(query.problem);
  const { limit, source } = query.value;
  const sources = source === null ? Object.keys(policy.sources) : [source];
  const found = await Promise.all(sources.map((each) => loadQuarantined(table, each, limit)));
  const newest = found.flat().sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const page = pageOf(
    newest.map(({ schema: _, outcome: __, ...told }) => told),
    limit,
  );
  return jsonAnswer(200, { quarantined: page.entries, more: page.rest !== null });
}
