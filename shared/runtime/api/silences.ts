import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { formatMatcher } from '../../alert/matcher.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Instant } from '../../kernel/instant.ts';
import { createSilence, expireSilence, type SilenceDecision, updateSilence } from '../../silence/decide-silence.ts';
import type { Silence } from '../../silence/silence.ts';
import { silenceStateAt } from '../../silence/silence-state.ts';
import { loadSilence, loadSilences, type SilenceChange, saveSilences } from '../../store/silence-store.ts';
import { decideAgain, type TryLimits } from '../decide-again.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { badRequest, notFound, readJsonBody } from '../read-value.ts';
import { requestRejudge } from '../rejudge.ts';
import type { Operator } from './operator.ts';
import { pageOf } from './page-of.ts';
import { cursorOf, limitOf, oneOf, readQuery } from './read-query.ts';
import { endOf, readSilenceRequest, type SilenceRequest, silenceIdShape } from './read-silence.ts';

type ReadDeps = Pick<Deps, 'table' | 'clock'>;
export type SilenceDeps = Pick<Deps, 'table' | 'queues' | 'clock' | 'ids' | 'random' | 'policy' | 'log'>;
type Answer = Promise<APIGatewayProxyResult>;

const usualLimit = 100;
const longestList = 1_000;
const limits: TryLimits = { tries: 5, budgetMillis: 5_000 };

const noSuchSilence = notFound('There is no such silence. GET /v1/silences lists them.').problem;

/** GET /v1/silences: the newest first, whatever their state, unless one is asked for. */
export async function listSilences({ table, clock }: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const query = readQuery(event, {
    state: oneOf('pending', 'active', 'expired'),
    limit: limitOf(usualLimit, longestList),
    cursor: cursorOf(silenceIdShape),
  });
  if (!query.ok) return problem(query.problem);
  const { state, limit, cursor } = query.value;
  const now = clock.now();
  const silences = (await loadSilences(table))
    .filter((silence) => cursor === null || silence.id < cursor)
    .filter((silence) => state === null || silenceStateAt(silence, now) === state)
    .toReversed();
  const page = pageOf(silences.slice(0, limit + 1).map(viewAt(now)), limit);
  return jsonAnswer(200, {
    silences: page.entries,
    next: page.rest === null ? null : (page.entries.at(-1)?.id ?? null),
  });
}

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
  return id === null ? conclude(deps, null, decide(null)) : change(deps, id, decide);
}

function decideSave(
  { clock, ids }: SilenceDeps,
  request: SilenceRequest,
  operator: Operator,
  before: Silence | null,
): SilenceDecision {
  const now = clock.now();
  const startsAt = request.startsAt ?? before?.startsAt ?? now;
  const { matchers, comment } = request;
  const draft = { matchers, comment, startsAt, endsAt: endOf(request, startsAt), createdBy: operator.name };
  const context = { now, id: ids.next() };
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
  return decideAgain(deps, limits, async () => {
    const before = await loadSilence(deps.table, id);
    return before === null ? problem(noSuchSilence) : conclude(deps, before, decide(before));
  });
}

/** Saves what was decided, and has every firing alert judged again at once. */
async function conclude(deps: SilenceDeps, before: Silence | null, decision: SilenceDecision): Answer {
  const view = viewAt(deps.clock.now());
  switch (decision.outcome) {
    case 'rejected':
      return problem(badRequest(`This cannot be a silence: ${decision.problem}.`).problem);
    case 'unchanged':
      return jsonAnswer(200, { outcome: 'unchanged', reason: decision.reason, silence: before && view(before) });
    case 'accepted':
      await saveSilences(deps.table, changesOf(before, decision), deps.policy);
      await judgeAgain(deps, decision.silence);
      return jsonAnswer(before === null ? 201 : 200, { outcome: 'accepted', silence: view(decision.silence) });
  }
}

function changesOf(
  before: Silence | null,
  { silence, replaced }: Extract<SilenceDecision, { outcome: 'accepted' }>,
): readonly SilenceChange[] {
  if (replaced !== null)
    return [
      { before, after: replaced },
      { before: null, after: silence },
    ];
  return [{ before: before?.id === silence.id ? before : null, after: silence }];
}

/** The silence is stored: when the asking fails the sweep asks in its place, so the caller is not told to try again. */
async function judgeAgain(deps: SilenceDeps, silence: Silence): Promise<void> {
  try {
    await requestRejudge(deps, silence);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.warn('alerts are judged again only by the next sweep', { silenceId: silence.id, error });
  }
}

async function loadNamed({ table }: ReadDeps, event: APIGatewayProxyEvent): Promise<Silence | null> {
  const id = event.pathParameters?.id ?? '';
  return silenceIdShape.test(id) ? loadSilence(table, id) : null;
}

const viewAt =
  (now: Instant) =>
  ({ id, version, matchers, startsAt, endsAt, createdBy, comment, createdAt, updatedAt }: Silence) => ({
    id,
    version,
    state: silenceStateAt({ startsAt, endsAt }, now),
    matchers: matchers.map(formatMatcher),
    startsAt,
    endsAt,
    createdBy,
    comment,
    createdAt,
    updatedAt,
  });
