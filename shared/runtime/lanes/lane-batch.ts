import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { isTransient } from '../../kernel/adapter-error.ts';
import { assert } from '../../kernel/assert.ts';
import { type SnsNotice, troubleNotice } from '../../notification/sns-notice.ts';
import type { Deps } from '../deps.ts';
import type { LaneMessage } from '../messages.ts';
import { queueOfArn } from '../queue-settings.ts';
import { handleBatch } from '../sqs-batch.ts';
import { type EndPageDeps, endInFallback } from './end-page.ts';
import { type LaneResult, settle } from './lane-result.ts';

export type LaneBatchDeps = EndPageDeps & Pick<Deps, 'queues' | 'random'>;

export interface LaneWork {
  /** Does what one message asks for; whatever cannot be done now is answered as postponed. */
  readonly work: (message: LaneMessage) => Promise<LaneResult>;
  /** How the fallback learns of trouble that belongs to no page: by queue, or on the SNS lane itself at once. */
  readonly tellFallback: (notice: SnsNotice, correlationId: string) => Promise<void>;
}

/**
 * One batch of a lane's queue: messages are independent, each is settled before it counts as done. Updates of one incident
 * in one batch are one look at its state, which was stored before any of them was sent. One that has waited less is never
 * taken for done by one that has waited more, because that one's backoff is longer.
 */
export function handleLane(deps: LaneBatchDeps, event: SQSEvent, lane: LaneWork): Promise<SQSBatchResponse> {
  const postponedOfUpdated = new Map<string, number>();
  return handleBatch<LaneMessage>(
    event.Records,
    { fifo: false, onDeadLetter: (record, reason) => afterDeadLetter(deps, lane, record, reason) },
    deps,
    async (message, record) => {
      const isUpdate = message.kind === 'update';
      if (isUpdate && message.postponed >= (postponedOfUpdated.get(message.incidentId) ?? Number.POSITIVE_INFINITY))
        return;
      const queue = queueOfArn(record.eventSourceARN);
      const result = await lane.work(message);
      const { kind, correlationId } = message;
      const incidentId = incidentOf(message);
      deps.log.info('lane message', { queue, kind, correlationId, incidentId, ...result });
      if ('postponed' in message) await settle(deps, queue, message, result);
      else assert(result.result === 'done', `a message of the kind ${kind} is carried out or fails`);
      if (isUpdate) postponedOfUpdated.set(message.incidentId, message.postponed);
    },
  );
}

/** A message that can never succeed is somebody's missing page or a vendor's stale picture: people are told. */
async function afterDeadLetter(deps: LaneBatchDeps, lane: LaneWork, record: SQSRecord, reason: string): Promise<void> {
  const message = readMessage(record.body);
  if (message?.kind === 'page' && (await endedInFallback(deps, message))) return;
  const queue = queueOfArn(record.eventSourceARN);
  const incidentId = message === null ? null : incidentOf(message);
  const about = incidentId === null ? '' : ` (incident ${incidentId})`;
  const sentence = `a message of the queue ${queue} could not be processed${about}: ${reason}`;
  await lane.tellFallback(troubleNotice(sentence), message?.correlationId ?? record.messageId);
}

/** Null for what belongs to no incident. */
function incidentOf(message: LaneMessage): string | null {
  switch (message.kind) {
    case 'page':
      return message.page?.incidentId ?? null;
    case 'update':
    case 'fallback':
      return message.incidentId;
    case 'status page':
    case 'silence ends soon':
    case 'hand-off':
      return null;
  }
}

/** False for a page that cannot be ended, because its name is broken or nobody owes it: it is trouble like any other. */
async function endedInFallback(
  deps: LaneBatchDeps,
  { page, correlationId }: Extract<LaneMessage, { readonly kind: 'page' }>,
): Promise<boolean> {
  try {
    return await endInFallback(deps, page, 'dead-lettered', correlationId);
  } catch (error) {
    if (isTransient(error)) throw error;
    deps.log.error('a dead-lettered page could not be ended', { error });
    return false;
  }
}

/** Null for what is no message of ours: that may be why it was set aside. */
function readMessage(body: string): LaneMessage | null {
  try {
    const message: LaneMessage | null = JSON.parse(body);
    return message;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Through the SNS lane, which has retries of its own. */
export const tellFallbackByQueue =
  (deps: Pick<Deps, 'queues'>): LaneWork['tellFallback'] =>
  async ({ subject, text }, correlationId) => {
    const message: LaneMessage = { kind: 'fallback', correlationId, incidentId: null, subject, text };
    await deps.queues.send('sns-pages', message);
  };
