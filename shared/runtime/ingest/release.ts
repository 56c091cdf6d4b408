import { addSeconds, secondsBetween } from '../../kernel/instant.ts';
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
  for (const { until, alerts } of releases) {
    await sendRelease(deps, { kind: 'release', correlationId, id: deps.ids.next(), until, alerts });
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
