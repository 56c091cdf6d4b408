import type { Deps } from '../deps.ts';
import type { IngestMessage, LaneMessage } from '../messages.ts';

/**
 * A message could not be processed and lies in the dead-letter queue: somebody's alerts did not arrive, and the people
 * behind the fallback must look.
 * @throws AdapterError when the fallback could not be asked
 */
export async function pageUnprocessed(deps: Pick<Deps, 'queues'>, body: string, reason: string): Promise<void> {
  const { source, correlationId } = originOf(body);
  const notice: LaneMessage = {
    kind: 'fallback',
    correlationId,
    incidentId: null,
    subject: `Tocsin could not process an alert from source ${source}`,
    text: `Tocsin could not process an alert from source ${source}: ${reason}. The message lies in the dead-letter queue of ingest (correlation id ${correlationId}).`,
  };
  await deps.queues.send('sns-pages', notice);
}

/** As much as can be read: a message that is not even JSON is one of those that end here. */
function originOf(body: string): { readonly source: string; readonly correlationId: string } {
  const unknown = { source: 'unknown', correlationId: 'unknown' };
  try {
    const message: IngestMessage = JSON.parse(body);
    const { correlationId } = message;
    if ('message' in message) return { source: message.message.source, correlationId };
    const [alert] = 'alerts' in message ? message.alerts : [];
    return { source: alert?.source ?? 'unknown', correlationId };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return unknown;
    throw error;
  }
}
