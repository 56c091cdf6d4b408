import type { SQSRecord } from 'aws-lambda';
import { assert } from '../../kernel/assert.ts';
import { secondsBetween } from '../../kernel/instant.ts';
import { troubleNotice } from '../../notification/sns-notice.ts';
import type { Deps } from '../deps.ts';
import { tellFallbackByQueue } from '../lanes/lane-batch.ts';
import type { QueuedCommand } from '../messages.ts';
import type { VendorOutcome } from '../ports.ts';
import { within } from '../within.ts';
import { type CarryOutDeps, carryOut } from './carry-out.ts';

export type CommandWorkerDeps = CarryOutDeps & Pick<Deps, 'slackResponder'>;

/** A response_url takes answers for 30 minutes (PROTOCOLS 5.2); nobody waits longer for one either. */
const usefulSeconds = 30 * 60;
/** Five commands a batch and as many answers fit the function's 30 s. */
const tellMillis = 3_000;
/** Pauses between two tries to tell an answer: doubled from the first to the longest. */
const firstPauseSeconds = 5;
const longestPauseSeconds = 300;

/**
 * Decides a command that its request had no time for, and tells the person. The answer is then owed by a message of its
 * own, so that a failing response_url never carries a command out again.
 * @throws AdapterError when the table could not be asked: the message is given back
 */
export async function runQueuedCommand(deps: CommandWorkerDeps, queued: QueuedCommand): Promise<void> {
  if (isTooLate(deps, queued)) return giveUp(deps, queued);
  const { correlationId, commandId, owed } = queued;
  const answer = owed?.answer ?? (await carryOut(deps, queued, 'by the worker'));
  assert(answer !== null, 'the worker has calls enough for every command');
  const told = await tell(deps, queued.responseUrl, { ...answer });
  deps.log.info('queued command', { correlationId, commandId, told: told.outcome });
  if (told.outcome === 'ok') return;
  if (told.outcome === 'refused') {
    deps.log.warn('an answer was refused by Slack and is given up', { correlationId, reason: told.reason });
    return;
  }
  const tries = (owed?.tries ?? 0) + 1;
  const again: QueuedCommand = { ...queued, owed: { answer: { ...answer }, tries } };
  await deps.queues.send('commands', again, { delaySeconds: pauseAfter(told, tries) });
}

/** One answer may not use up the time of a whole batch: what takes longer is tried again. */
async function tell(
  deps: CommandWorkerDeps,
  responseUrl: string,
  answer: Readonly<Record<string, unknown>>,
): Promise<VendorOutcome<null>> {
  const told = await within(deps.clock, tellMillis, () => deps.slackResponder.respond(responseUrl, answer));
  if (told.outcome === 'failed') throw told.error;
  return told.outcome === 'done' ? told.value : { outcome: 'unknown', reason: 'no answer in time' };
}

const isTooLate = ({ clock }: CommandWorkerDeps, { takenAt }: QueuedCommand): boolean =>
  secondsBetween(takenAt, clock.now()) >= usefulSeconds;

/**
 * After half an hour the person has looked elsewhere, and an acknowledgement could stop pages that they never saw: it is
 * not carried out any more. They were told that it was taken, so somebody must hear of it.
 */
async function giveUp(deps: CommandWorkerDeps, { correlationId, actor, owed }: QueuedCommand): Promise<void> {
  if (owed !== undefined) {
    deps.log.warn('an answer could not be told within half an hour and is given up', { correlationId });
    return;
  }
  deps.log.error('a command could not be decided within half an hour and is given up', { correlationId });
  await tellFallback(
    deps,
    `a command of ${actor.name} could not be decided within half an hour, and was not done`,
    correlationId,
  );
}

const pauseAfter = (told: Exclude<VendorOutcome<null>, { outcome: 'ok' | 'refused' }>, tries: number): number =>
  told.outcome === 'rate limited'
    ? Math.min(longestPauseSeconds, Math.max(1, told.retryAfterSeconds))
    : Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (tries - 1));

/** A command that can never be carried out: somebody believes that it was. */
export async function afterDeadCommand(
  deps: Pick<Deps, 'queues'>,
  record: Pick<SQSRecord, 'body' | 'messageId'>,
  reason: string,
): Promise<void> {
  const { correlationId, name } = originOf(record);
  await tellFallback(deps, `a command of ${name} could not be carried out: ${reason}`, correlationId);
}

/** As much as can be read: a message that is not even JSON is one of those that end here. */
function originOf({ body, messageId }: Pick<SQSRecord, 'body' | 'messageId'>) {
  try {
    const { correlationId, actor }: QueuedCommand = JSON.parse(body);
    return { correlationId, name: actor.name };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      return { correlationId: messageId, name: 'somebody' };
    throw error;
  }
}

const tellFallback = (deps: Pick<Deps, 'queues'>, sentence: string, correlationId: string): Promise<void> =>
  tellFallbackByQueue(deps)(troubleNotice(sentence), correlationId);
