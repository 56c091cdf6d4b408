import { groupIdOf } from '../../store/keys.ts';
import { asciiJson } from '../ascii-json.ts';
import type { Deps } from '../deps.ts';
import type { IngestMessage } from '../messages.ts';
import { postedGroupOf, shardOfPosted } from './posted-shards.ts';

type AlertsMessage = Extract<IngestMessage, { kind: 'alerts' }>;
type PostedMessage = Extract<IngestMessage, { kind: 'posted' }>;

/** SQS takes 1 MiB a message (2025); ASCII JSON has one byte a character, and some room is left for what SQS adds. */
const queueLimitBytes = 900 * 1024;

/** Where spilled messages lie; the bucket's lifecycle keeps them longer than any queue keeps the message that names them. */
export const spillPrefix = 'spill/';

/**
 * Puts alerts into the ingest queue: durable when it returns. One FIFO group per alert group or shard of posted alerts, so that
 * its messages are decided in order. The deduplication id only guards against the SDK's own retry (DESIGN section 2).
 * @throws AdapterError when the message is not surely stored
 */
export async function sendAlerts(
  deps: Pick<Deps, 'queues' | 'blobs'>,
  message: AlertsMessage | PostedMessage,
  ids: { readonly group: string; readonly dedup: string } = idsOf(message),
): Promise<void> {
  const body = asciiJson(message);
  if (body.length <= queueLimitBytes) return deps.queues.send('ingest', message, ids);
  const { id, receivedAt } = message.message;
  const blobKey = `${spillPrefix}${receivedAt.slice(0, 10)}/${id}.json`;
  await deps.blobs.put(blobKey, body, { contentType: 'application/json' });
  const spilled: IngestMessage = { kind: 'spilled', correlationId: message.correlationId, blobKey };
  await deps.queues.send('ingest', spilled, ids);
}

const idsOf = (sent: AlertsMessage | PostedMessage) => ({
  group:
    sent.kind === 'alerts'
      ? groupIdOf(sent.message.source, sent.message.receiver, sent.message.groupKey)
      : postedGroupOf(sent.message.source, shardOfPosted(sent.message.alerts[0]?.fingerprint ?? '')),
  dedup: sent.message.id,
});
