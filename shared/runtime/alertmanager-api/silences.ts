import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { equalMatchers } from '../../alert/matcher.ts';
import { listSilencesAt, viewSilence } from '../../alertmanager/silence-view.ts';
import { createSilence, expireSilence, type SilenceDecision, updateSilence } from '../../silence/decide-silence.ts';
import type { Silence } from '../../silence/silence.ts';
import type { SilenceDraft } from '../../silence/validate-silence.ts';
import { loadSilence, loadSilences } from '../../store/silence-store.ts';
import type { Deps } from '../deps.ts';
import { changeSilence, type SaveSilenceDeps, saveDecision } from '../save-silence.ts';
import { makeAnswerBudget } from './answer-budget.ts';
import { answerEmpty, answerJson, frameworkError, handlerError } from './answers.ts';
import type { Caller } from './identify-caller.ts';
import { readSilenceFilter } from './read-filters.ts';
import { readPostableSilence } from './read-postable-silence.ts';

type ReadDeps = Pick<Deps, 'table' | 'clock'>;
type Answer = Promise<APIGatewayProxyResult>;

/** GET /silences. */
export async function listSilences({ table, clock }: ReadDeps, event: APIGatewayProxyEvent): Answer {
  const filter = readSilenceFilter(event);
  if (!filter.ok) return filter.answer;
  const parts = listSilencesAt(await loadSilences(table), filter.value, clock.now()).map((each) =>
    JSON.stringify(each),
  );
  const budget = makeAnswerBudget();
  const fit = parts.every((part) => budget.add(part));
  if (fit) return answerJson(200, `[${parts.join(',')}]`);
  return handlerError(
    400,
    `${parts.length} silences are more than one answer can hold. None are shown rather than some of them. Ask for fewer: expired=false, or a filter=, which lists the silences that have this very matcher.`,
  );
}

/** GET /silence/{id}: whatever its age. */
export async function showSilence({ table, clock }: ReadDeps, id: string): Answer {
  if (!isSilenceId(id)) return notAnId(id);
  const silence = await loadSilence(table, id);
  return silence === null ? answerEmpty(404) : answerJson(200, JSON.stringify(viewSilence(silence, clock.now())));
}

/** POST /silences: a new one, or a change of the one that `id` names. */
export async function postSilence(deps: SaveSilenceDeps, event: APIGatewayProxyEvent, caller: Caller): Answer {
  const read = readPostableSilence(event);
  if (!read.ok) return frameworkError(read.error);
  const { id, draft } = read.value;
  const decide = (before: Silence | null) => {
    const context = { now: deps.clock.now(), id: deps.ids.uuid() };
    if (before === null) return createSilence(draft, context);
    return updateSilence(before, withUnseenSets(before, draft), context);
  };
  const decision = await saveAs(deps, id, decide);
  if (decision === null) return handlerError(404, 'silence not found');
  if (decision.outcome === 'rejected') return handlerError(400, explainRefusal(decision));
  const saved = decision.outcome === 'accepted' ? decision.silence.id : id;
  deps.log.info('silence saved', { silenceId: saved, caller: caller.name, callerKind: caller.kind });
  return answerJson(200, JSON.stringify({ silenceID: saved }));
}

/**
 * API v2 shows the first matcher set of a silence and nothing of the others. A client that changes only the times or the comment
 * gives the matchers back as it got them, and must not lose the other sets by it.
 */
function withUnseenSets(before: Silence, draft: SilenceDraft): SilenceDraft {
  const isUnchanged =
    before.matchers.length === draft.matchers.length &&
    before.matchers.every((matcher, index) => {
      const given = draft.matchers[index];
      return given !== undefined && equalMatchers(matcher, given);
    });
  return isUnchanged && before.matcherSets !== undefined ? { ...draft, matcherSets: before.matcherSets } : draft;
}

async function saveAs(
  deps: SaveSilenceDeps,
  id: string | null,
  decide: (before: Silence | null) => SilenceDecision,
): Promise<SilenceDecision | null> {
  if (id !== null) return isSilenceId(id) ? ((await changeSilence(deps, id, decide))?.decision ?? null) : null;
  const decision = decide(null);
  await saveDecision(deps, null, decision);
  return decision;
}

function explainRefusal({ reason, problem }: Extract<SilenceDecision, { outcome: 'rejected' }>): string {
  const isAboutTimes = reason === 'start not before end' || reason === 'end in the past';
  return `${isAboutTimes ? 'failed to create silence' : 'silence invalid'}: ${problem}`;
}

/** DELETE /silence/{id}: ends it now; one that has ended stays as it is. */
export async function deleteSilence(deps: SaveSilenceDeps, id: string, caller: Caller): Answer {
  if (!isSilenceId(id)) return notAnId(id);
  const changed = await changeSilence(deps, id, (before) => expireSilence(before, deps.clock.now(), nameOf(caller)));
  if (changed === null) return answerEmpty(404);
  deps.log.info('silence ended', { silenceId: id, caller: caller.name, callerKind: caller.kind });
  return answerEmpty(200);
}

/** For people. API v2 does not say who asks, so all that is known is whose credential it was. */
const nameOf = ({ kind, name }: Caller): string => (kind === 'source' ? `source ${name}` : name);

/** A UUID; or the shape of silences made by earlier versions of Tocsin, which are still listed and can be ended. */
const isSilenceId = (id: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) || /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id);

const notAnId = (id: string): APIGatewayProxyResult =>
  frameworkError({
    status: 422,
    code: 601,
    message: `silenceID in path must be of type uuid: ${JSON.stringify(id.slice(0, 100))}`,
  });
