import type { Instant } from '../kernel/instant.ts';
import type { AlertRecord, IncomingAlert } from './alert.ts';

/**
 * A copy that says the stored status of another activity: the change between the two is still on its way, where the way keeps
 * no order. Remembers when this was said, so that the change will be known as older. The same record for a mere repeat (the
 * same start, the same end), which so costs nothing. Not a change by itself: the version stays, the caller counts it.
 */
export function hearLaterNews(record: AlertRecord, incoming: IncomingAlert, saidAt: Instant | undefined): AlertRecord {
  if (saidAt === undefined || incoming.status !== record.status || (record.heardAt ?? '') >= saidAt) return record;
  const isOther =
    incoming.status === 'firing'
      ? incoming.startsAt > record.startsAt
      : (incoming.endsAt ?? '') > (record.endsAt ?? '');
  return isOther ? { ...record, heardAt: saidAt } : record;
}
