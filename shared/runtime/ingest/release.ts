import type { AlertId } from '../../alert/alert.ts';
import { addSeconds, secondsBetween } from '../../kernel/instant.ts';
import { loadGroupWaits } from '../../store/group-wait-store.ts';
import type { Deps } from '../deps.ts';
import type { IngestMessage } from '../messages.ts';
import type { Release } from './hold-back.ts';

export type ReleaseMessage = Extract<IngestMessage, { kind: 'release' }>;

/** SQS delays in whole seconds, 15 minutes at most: what comes too early is sent on. */
const tooEarlySeconds = 1;

/**
 * Asks that held alerts be told when their group's wait is over. The sweep is the second path: they are due at that instant.
 * @throws AdapterError when it could not be asked; they are stored as held, so that nothing is lost
 */
export async function sendReleases(
  deps: Pick<Deps, 'queues' | 'clock' | 'ids'>,
  releases: readonly Release[],
  correlationId: string,
): Promise<void> {
  for (const release of releases) {
    await sendRelease(deps, { kind: 'release', correlationId, id: deps.ids.next(), ...release });
  }
}

const sendRelease = (deps: Pick<Deps, 'queues' | 'clock'>, message: ReleaseMessage): Promise<void> =>
  deps.queues.send('releases', message, {
    delaySeconds: Math.max(0, Math.ceil(secondsBetween(deps.clock.now(), message.until))),
  });

/** True when it was too early and the message is on its way again. */
export async function sentOn(deps: Pick<Deps, 'queues' | 'clock'>, message: ReleaseMessage): Promise<boolean> {
  if (addSeconds(deps.clock.now(), tooEarlySeconds) >= message.until) return false;
  await sendRelease(deps, message);
  return true;
}

/**
 * All that wait for the same instant, whichever shard brought them: the first message tells them together, the most severe
 * first, and the others find it done.
 */
export async function releasedBy(
  { table }: Pick<Deps, 'table'>,
  { incidentKey, until, alerts }: ReleaseMessage,
): Promise<readonly AlertId[]> {
  const [wait = null] = await loadGroupWaits(table, [incidentKey]);
  const together = wait?.until === until ? [...wait.alerts, ...alerts] : alerts;
  return [...new Map(together.map((id) => [`${id.source}#${id.fingerprint}`, id])).values()];
}
