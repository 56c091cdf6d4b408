import type { AlertGroupMessage, AlertId } from '../../alert/alert.ts';
import type { QuarantinedAlert } from '../../alert/parse-webhook.ts';
import { asIncoming } from '../../alert/posted-alert.ts';
import type { Actor } from '../../incident/incident.ts';
import { assert, exhaustive } from '../../kernel/assert.ts';
import { loadAlerts, quarantineWrite } from '../../store/alert-store.ts';
import type { IngestMessage } from '../messages.ts';
import { ingestGroup, ingestQuietGroup } from './ingest-group.ts';
import { ingestLeasesOver, ingestPosted } from './ingest-posted.ts';
import { judgeTargets } from './judge-targets.ts';
import { noteHeartbeats } from './note-heartbeats.ts';
import { judgeTask } from './propose.ts';
import { releasedBy, sentOn } from './release.ts';
import { saveTasks } from './save-tasks.ts';
import type { IngestDeps } from './save-unit.ts';

const ownActor: Actor = { kind: 'tocsin', id: 'ingest', name: 'Tocsin' };
const sourceActor = (source: string): Actor => ({ kind: 'source', id: source, name: source });

/** A quarantined alert keeps 2 KB of its text, so that 100 of them are far below the 4 MB of a transaction. */
const quarantinedPerWrite = 100;

/**
 * Carries out one message of the ingest queue. Idempotent: whatever was stored before a crash is found done.
 * @throws AdapterError that passes by itself: the message goes back; InvariantError: it can never succeed
 */
export async function ingestMessage(deps: IngestDeps, message: IngestMessage): Promise<void> {
  const { correlationId } = message;
  switch (message.kind) {
    case 'alerts': {
      const { message: webhook, quarantined = [] } = message;
      const context = { correlationId, acceptedAt: webhook.receivedAt, actor: sourceActor(webhook.source) };
      await storeQuarantined(deps, webhook, quarantined);
      await ingestGroup(deps, webhook, context);
      return noteHeartbeats(deps, webhook);
    }
    case 'posted': {
      const { message: posted, quarantined = [] } = message;
      const { source, receivedAt } = posted;
      await storeQuarantined(deps, { ...posted, groupKey: '' }, quarantined);
      await ingestPosted(deps, posted, { correlationId, acceptedAt: receivedAt, actor: sourceActor(source) });
      const alerts = posted.alerts.map((alert) => asIncoming(alert, receivedAt));
      return noteHeartbeats(deps, { source, alerts, receivedAt });
    }
    case 'spilled':
      return ingestMessage(deps, await readSpilled(deps, message.blobKey));
    case 'quiet group': {
      const context = { correlationId, acceptedAt: deps.clock.now(), actor: ownActor };
      return ingestQuietGroup(deps, message.groupId, correlationId, context);
    }
    case 'rejudge':
      return judgeAgain(deps, message.alerts, message.id, correlationId);
    case 'inhibition':
      return judgeTargets(deps, message);
    case 'lease over': {
      const context = { correlationId, acceptedAt: deps.clock.now(), actor: ownActor };
      return ingestLeasesOver(deps, message.alerts, message.id, context);
    }
    case 'release':
      if (await sentOn(deps, message)) return;
      return judgeAgain(deps, await releasedBy(deps, message), message.id, correlationId);
    default:
      return exhaustive(message);
  }
}

async function judgeAgain(
  deps: IngestDeps,
  alerts: readonly AlertId[],
  messageId: string,
  correlationId: string,
): Promise<void> {
  const stored = await loadAlerts(deps.table, alerts);
  const loaded = alerts.map((id, index) => ({ task: judgeTask(id, messageId), stored: stored[index] ?? null }));
  await saveTasks(deps, loaded, { correlationId, acceptedAt: deps.clock.now(), actor: ownActor });
}

async function readSpilled(deps: IngestDeps, blobKey: string): Promise<IngestMessage> {
  const text = await deps.blobs.get(blobKey);
  assert(text !== null, `the spilled message ${blobKey} is gone`);
  const spilled: IngestMessage = JSON.parse(text);
  assert('message' in spilled, `the spilled message ${blobKey} is not of alerts`);
  return spilled;
}

/** Their keys come from the message, so a redelivery writes the same items again. They are counted at the door. */
async function storeQuarantined(
  deps: IngestDeps,
  webhook: Pick<AlertGroupMessage, 'id' | 'source' | 'groupKey' | 'receivedAt'>,
  quarantined: readonly QuarantinedAlert[],
): Promise<void> {
  const { id: messageId, source, groupKey, receivedAt: at } = webhook;
  const writes = quarantined.map(({ index, reason, raw }) =>
    quarantineWrite(
      `${messageId}-${String(index).padStart(5, '0')}`,
      { schema: 1, outcome: 'quarantined', source, at, messageId, groupKey, reason, text: raw },
      deps.policy,
    ),
  );
  for (let start = 0; start < writes.length; start += quarantinedPerWrite) {
    await deps.table.write(writes.slice(start, start + quarantinedPerWrite));
  }
}
