import type { AlertId } from '../alert/alert.ts';
import type { Silence } from '../silence/silence.ts';
import { listFiringAlerts } from '../store/firing-alerts.ts';
import type { Deps } from './deps.ts';
import type { IngestMessage } from './messages.ts';

/** Alerts that one message judges: a message's bound of one transaction (`rejudge` of messages.ts). */
const alertsPerMessage = 40;
/** Sends under way at once. */
const parallelSends = 10;

/**
 * Asks ingest to judge these alerts again; each message is its own FIFO group, so that they run side by side.
 * `correlationId` names the cause in every log line and intake row that comes of it.
 */
export async function sendRejudge(
  deps: Pick<Deps, 'queues' | 'ids'>,
  alerts: readonly AlertId[],
  correlationId: string,
): Promise<void> {
  const messages: Extract<IngestMessage, { kind: 'rejudge' }>[] = [];
  for (let start = 0; start < alerts.length; start += alertsPerMessage) {
    const id = deps.ids.next();
    const chunk = alerts.slice(start, start + alertsPerMessage);
    messages.push({
      kind: 'rejudge',
      correlationId,
      id,
      alerts: chunk.map(({ source, fingerprint }) => ({ source, fingerprint })),
    });
  }
  for (let start = 0; start < messages.length; start += parallelSends) {
    await Promise.all(
      messages
        .slice(start, start + parallelSends)
        .map((message) => deps.queues.send('ingest', message, { group: message.id, dedup: message.id })),
    );
  }
}

/**
 * A silence was made, changed or ended: every firing alert is judged again. All of them, because reading 10,000 alerts to
 * find out which match costs more than judging them, and judging one that did not change writes nothing.
 */
export async function requestRejudge(
  deps: Pick<Deps, 'table' | 'queues' | 'ids'>,
  silence: Pick<Silence, 'id'>,
): Promise<void> {
  await sendRejudge(deps, await listFiringAlerts(deps.table), `silence-${silence.id}`);
}
