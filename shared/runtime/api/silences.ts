import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { fromEpochMillis, toEpochMillis } from '../../kernel/instant.ts';
import { createSilence, expireSilence, type SilenceDecision, updateSilence } from '../../silence/decide-silence.ts';
import { newestFirst, type Silence } from '../../silence/silence.ts';
import { silenceStateAt } from '../../silence/silence-state.ts';
import { loadSilence, loadSilences } from '../../store/silence-store.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { badRequest, notFound, readJsonBody } from '../read-value.ts';
import { changeSilence, type SaveSilenceDeps, saveDecision } from '../save-silence.ts';
import type { Operator } from './operator.ts';
import { pageOf } from './page-of.ts';
import { cursorOf, limitOf, oneOf, readQuery } from './read-query.ts';
import { endOf, readSilenceRequest, type SilenceRequest, silenceIdShape } from './read-silence.ts';
import { viewAt } from './silence-view.ts';

type ReadDeps = Pick<Deps, 'table' | 'clock'>;
export type SilenceDeps = SaveSilenceDeps;
type Answer = Promise<APIGatewayProxyResult>;

const usualLimit = 100;
const longestList = 1_000;

const noSuchSilence = notFound('There is no such silence. GET /v1/silences lists them.').problem;

/** GET /v1/silences: the newest first, whatever their state, unless one is asked for. */
export async function listSilences({ table, clock }: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const query = readQuery(event, {
    state: oneOf('pending', 'active', 'expired'),
    limit: limitOf(usualLimit, longestList),
    cursor: cursorOf(cursorShape),
  });
  if (!query.ok) return problem(query.problem);
  const { state, limit, cursor } = query.value;
  const now = clock.now();
  const silences = (await loadSilences(table))
    .filter((silence) => state === null || silenceStateAt(silence, now) === state)
    .sort(newestFirst)
    .filter((silence) => cursor === null || newestFirst(readCursor(cursor), silence) < 0);
  const page = pageOf(silences.slice(0, limit + 1).map(viewAt(now)), limit);
  const last = page.rest === null ? undefined : page.entries.at(-1);
  return jsonAnswer(200, { silences: page.entries, next: last === undefined ? null : cursorAt(last) });
}

/** Ids of two shapes do not sort by time together, so a place in the list is named by both. */
const cursorShape = /^\d{1,15}\.[A-Za-z0-9_-]{1,64}$/;
const cursorAt = ({ createdAt, id }: Pick<Silence, 'createdAt' | 'id'>) => `${toEpochMillis(createdAt)}.${id}`;
const readCursor = (cursor: string): Pick<Silence, 'createdAt' | 'id'> => {
  const [millis = '', id = ''] = cursor.split('.');
  return { createdAt: fromEpochMillis(Number(millis)), id };
};

/** GET /v1/silences/{id}. */
export async function showSilence(deps: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const silence = await loadNamed(deps, event);
  return silence === null ? problem(noSuchSilence) : jsonAnswer(200, { silence: viewAt(deps.clock.now())(silence) });
}

/** POST /v1/silences: makes a silence, or changes the one that the body's `id` names, as Alertmanager does. */
export async function saveSilence(deps: SilenceDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const body = readJsonBody(event);
  const request = body.ok ? readSilenceRequest(body.value) : body;
  if (!request.ok) return problem(request.problem);
  const { id } = request.value;
  const decide = (before: Silence | null) => decideSave(deps, request.value, operator, before);
  if (id !== null) return change(deps, id, decide);
  const decision = decide(null);
  await saveDecision(deps, null, decision);
  return answerDecision(deps, null, decision);
}

function decideSave(
  { clock, ids }: SilenceDeps,
  request: SilenceRequest,
  operator: Operator,
  before: Silence | null,
): SilenceDecision {
  const now = clock.now();
  const startsAt = request.startsAt ?? before?.startsAt ?? now;
  const { matchers, matcherSets, comment, annotations } = request;
  const draft = {
    matchers,
    matcherSets,
    comment,
    annotations,
    startsAt,
    endsAt: endOf(request, startsAt),
    createdBy: operator.name,
  };
  const context = { now, id: ids.uuid() };
  return before === null ? createSilence(draft, context) : updateSilence(before, draft, context);
}

/** DELETE /v1/silences/{id}: ends it now. */
export async function deleteSilence(deps: SilenceDeps, event: APIGatewayProxyEvent): Answer {
  const id = event.pathParameters?.id ?? '';
  if (!silenceIdShape.test(id)) return problem(noSuchSilence);
  return change(deps, id, (before) => expireSilence(before, deps.clock.now()));
}

/** Load, decide, save; again when somebody else changed it meanwhile. */
async function change(deps: SilenceDeps, id: string, decide: (before: Silence) => SilenceDecision): Answer {
  const changed = await changeSilence(deps, id, decide);
  return changed === null ? problem(noSuchSilence) : answerDecision(deps, changed.before, changed.decision);
}

/** What became of a silence that was saved before, or was not saved. */
function answerDecision(
  { clock }: SilenceDeps,
  before: Silence | null,
  decision: SilenceDecision,
): APIGatewayProxyResult {
  const view = viewAt(clock.now());
  switch (decision.outcome) {
    case 'rejected':
      return problem(badRequest(`This cannot be a silence: ${decision.problem}.`).problem);
    case 'unchanged':
      return jsonAnswer(200, { outcome: 'unchanged', reason: decision.reason, silence: before && view(before) });
    case 'accepted':
      return jsonAnswer(before === null ? 201 : 200, { outcome: 'accepted', silence: view(decision.silence) });
  }
}

async function loadNamed({ table }: ReadDeps, event: APIGatewayProxyEvent): Promise<Silence | null> {
  const id = event.pathParameters?.id ?? '';
  return silenceIdShape.test(id) ? loadSilence(table, id) : null;
}
