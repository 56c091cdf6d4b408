import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Instant, secondsBetween } from '../../kernel/instant.ts';
import {
  answerNotTaken,
  answerOldButton,
  answerStranger,
  answerTaken,
} from '../../notification/slack-command-answers.ts';
import type { SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import type { Deps } from '../deps.ts';
import type { QueuedCommand } from '../messages.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { within } from '../within.ts';
import { type CarryOutDeps, carryOut } from './carry-out.ts';
import { commandOfButton } from './change-of.ts';
import { actorOf, isMember } from './person.ts';
import { readSlackRequest, type SlackRequest } from './read-slack-request.ts';
import { isSslCheck, verifySlackRequest } from './verify-request.ts';

export type SlackDoorDeps = CarryOutDeps & Pick<Deps, 'secrets' | 'slackResponder'>;
type Act = Exclude<SlackRequest, { kind: 'other' }>;

/** Slack waits 3 s: 1.5 s for who calls and the decision, then at most two of these for telling it or queueing it. */
const decideMillis = 1_500;
const tellMillis = 700;

/**
 * One slash command or press of a button. It is decided here when there is time; else it is queued, and the worker decides
 * and tells. Whatever happens to be under way when the time is up is harmless: the command's id makes a second run say how
 * things stand. Nothing is begun after the answer.
 */
export async function answerSlack(deps: SlackDoorDeps, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const startedAt = deps.clock.now();
  if (isSslCheck(event)) return acknowledged;
  const identity = await verifySlackRequest(deps, event);
  if (!identity.ok) return problem(identity.problem);
  const read = readSlackRequest(event);
  if (!read.ok) return problem(read.problem);
  if (read.value.kind === 'other') return acknowledged;
  return answerAct(deps, read.value, startedAt);
}

/** Slack shows nothing for an empty answer. */
const acknowledged: APIGatewayProxyResult = { statusCode: 200, headers: { 'Cache-Control': 'no-store' }, body: '' };

async function answerAct(deps: SlackDoorDeps, act: Act, startedAt: Instant): Promise<APIGatewayProxyResult> {
  const queued = queuedCommandOf(deps, act, startedAt);
  if (!isMember(deps.policy, act.person)) return tell(deps, act, queued, answerStranger());
  if (act.kind !== 'command' && act.seen === null) return tell(deps, act, queued, answerOldButton());
  const left = decideMillis - secondsBetween(startedAt, deps.clock.now()) * 1000;
  const decided = await within(deps.clock, left, () => carryOut(deps, queued, 'within a request'));
  const { correlationId, commandId, actor } = queued;
  deps.log.info('command from Slack', { correlationId, commandId, user: actor.id, decision: decided.outcome });
  if (decided.outcome === 'done' && decided.value !== null) return tell(deps, act, queued, decided.value);
  if (decided.outcome === 'failed') deps.log.warn('a command is left to the worker', { error: decided.error });
  const taken = await queue(deps, queued, decided.outcome === 'done' ? 'more calls' : decided.outcome);
  return jsonAnswer(200, taken ? answerTaken() : answerNotTaken());
}

function queuedCommandOf({ ids, policy }: SlackDoorDeps, act: Act, takenAt: Instant): QueuedCommand {
  const { commandId, responseUrl } = act;
  const common = { correlationId: ids.next(), commandId, responseUrl, takenAt, actor: actorOf(policy, act.person) };
  if (act.kind === 'command') {
    return { ...common, incidentNumber: null, command: { type: 'Slack text', text: act.text } };
  }
  // Never decided: only its answer can be owed.
  if (act.seen === null) return { ...common, incidentNumber: null, command: { type: 'Slack text', text: 'help' } };
  if (act.kind === 'silence press') {
    return { ...common, incidentNumber: null, command: { type: 'Slack silence', press: act.seen } };
  }
  const { seen, button } = act;
  return { ...common, incidentNumber: seen.number, command: commandOfButton(button, seen) };
}

/**
 * Only who asked sees the answer. A slash command takes it as the answer of the request; for a press Slack reads no body
 * (block_actions), so it goes to the response_url, or with the worker when that does not work at once.
 */
async function tell(
  deps: SlackDoorDeps,
  act: Act,
  queued: QueuedCommand,
  answer: SlackAnswer,
): Promise<APIGatewayProxyResult> {
  if (act.kind === 'command') return jsonAnswer(200, answer);
  const told = await within(deps.clock, tellMillis, () => deps.slackResponder.respond(act.responseUrl, { ...answer }));
  if (told.outcome === 'done' && told.value.outcome === 'ok') return acknowledged;
  // Its address is used up or gone: no later try would be better.
  if (told.outcome === 'done' && told.value.outcome === 'refused') {
    deps.log.warn('an answer was refused', { correlationId: queued.correlationId, reason: told.value.reason });
    return acknowledged;
  }
  await queue(deps, { ...queued, owed: { answer: { ...answer }, tries: 1 } }, 'not told');
  return acknowledged;
}

/** True when the command is surely stored. */
async function queue(deps: SlackDoorDeps, command: QueuedCommand, reason: string): Promise<boolean> {
  const { correlationId } = command;
  const sent = await within(deps.clock, tellMillis, () => deps.queues.send('commands', command));
  if (sent.outcome === 'done') {
    deps.metrics.count('CommandsQueued', 1, { reason });
    return true;
  }
  const error = sent.outcome === 'failed' ? sent.error : 'no answer in time';
  deps.log.error('a command could not be queued', { correlationId, error });
  return false;
}
