import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { AdapterError } from '../../kernel/adapter-error.ts';
import { fromEpochMillis, toEpochMillis } from '../../kernel/instant.ts';
import { createSilence, expireSilence, type SilenceDecision, updateSilence } from '../../silence/decide-silence.ts';
import { warningsOf } from '../../silence/guard-rails.ts';
import { newestFirst, type Silence } from '../../silence/silence.ts';
import { silenceStateAt } from '../../silence/silence-state.ts';
import { loadSilence, loadSilences } from '../../store/silence-store.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { badRequest, notFound, readJsonBody } from '../read-value.ts';
import { changeSilence, type SaveSilenceDeps, saveDecision } from '../save-silence.ts';
import { lookAtReach } from '../silence-reach.ts';
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

/** POST /v1/silences/preview: what such a silence would hide now, and what somebody should think of first. Nothing is stored. */
export async function previewSilence(deps: SilenceDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const body = readJsonBody(event);
  const request = body.ok ? readSilenceRequest({ comment: 'preview', ...body.value }) : body;
  if (!request.ok) return problem(request.problem);
  const decision = decideSave(deps, request.value, operator, null);
  if (decision.outcome !== 'accepted') return answerDecision(deps, null, decision);
  const { silence } = decision;
  const reach = await lookAtReach(deps, silence);
  const { matchers, matcherSets, startsAt, endsAt } = viewAt(deps.clock.now())(silence);
  const warnings = warningsOf(silence, reach, deps.clock.now());
  return jsonAnswer(200, { matchers, matcherSets, startsAt, endsAt, warnings, hides: reach });
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
export async function deleteSilence(deps: SilenceDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const id = event.pathParameters?.id ?? '';
  if (!silenceIdShape.test(id)) return problem(noSuchSilence);
  return change(deps, id, (before) => expireSilence(before, deps.clock.now(), operator.name));
}

/** Load, decide, save; again when somebody else changed it meanwhile. */
async function change(deps: SilenceDeps, id: string, decide: (before: Silence) => SilenceDecision): Answer {
  const changed = await changeSilence(deps, id, decide);
  return changed === null ? problem(noSuchSilence) : answerDecision(deps, changed.before, changed.decision);
}

/** What became of a silence that was saved before, or was not saved. */
async function answerDecision(deps: SilenceDeps, before: Silence | null, decision: SilenceDecision): Answer {
  const view = viewAt(deps.clock.now());
  switch (decision.outcome) {
    case 'rejected':
      return problem(badRequest(`This cannot be a silence: ${decision.problem}.`).problem);
    case 'unchanged':
      return jsonAnswer(200, { outcome: 'unchanged', reason: decision.reason, silence: before && view(before) });
    case 'accepted': {
      const { silence } = decision;
      const warnings = await warningsFor(deps, silence);
      return jsonAnswer(before === null ? 201 : 200, { outcome: 'accepted', silence: view(silence), warnings });
    }
  }
}

/** Behind the saving, which nobody shall wait for: what cannot be looked at is not warned of. */
async function warningsFor(deps: SilenceDeps, silence: Silence): Promise<readonly string[]> {
  const now = deps.clock.now();
  if (silenceStateAt(silence, now) === 'expired') return [];
  try {
    return warningsOf(silence, await lookAtReach(deps, silence), now);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.warn('what a silence hides could not be looked at', { silenceId: silence.id, error });
    return warningsOf(silence, null, now);
  }
}

async function loadNamed({ table }: ReadDeps, event: APIGatewayProxyEvent): Promise<Silence | null> {
  const id = event.pathParameters?.id ?? '';
  return silenceIdShape.test(id) ? loadSilence(table, id) : null;
}
