import type { Incident } from '../../incident/incident.ts';
import type { Instant } from '../../kernel/instant.ts';
import { expiresAfter } from '../../store/codec.ts';
import { incidentKeyOf, incidentNumberKey, tableKeys } from '../../store/keys.ts';
import { ConditionFailed, itemPresent, type Table, versionIs, type Write } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import type { SweepRun } from './sweep-run.ts';

/**
 * Gives every item of a closed incident its time to live: only now, because nothing open ever expires. A timeline can be
 * longer than one run of the sweep, so it stops when the time is up and skips what is done: each minute gets further. The
 * incident's own item comes last and leaves the work list.
 */
export async function expireIncident(
  { table, policy }: Pick<Deps, 'table' | 'policy'>,
  run: Pick<SweepRun, 'hasTime'>,
  incident: Incident,
  closedAt: Instant,
): Promise<void> {
  const timeToLive = expiresAfter(closedAt, policy.retentionDays);
  const own = incidentKeyOf(incident.id);
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Table['query']>> = await table.query({ pk: own.pk, after });
    for (const { pk, sk, [tableKeys.timeToLive]: known } of page.items) {
      if (sk === own.sk || known !== undefined) continue;
      if (!run.hasTime()) return;
      await writeIfStill(table, { kind: 'update', key: { pk, sk }, set: timeToLive, condition: itemPresent });
    }
    after = page.next;
  } while (after !== null);
  const number = incidentNumberKey(incident.number);
  await writeIfStill(table, { kind: 'update', key: number, set: timeToLive, condition: itemPresent });
  await writeIfStill(table, {
    kind: 'update',
    key: own,
    set: timeToLive,
    remove: ['dueShard', 'dueAt'],
    condition: versionIs(incident.version),
  });
}

/** A failed condition is normal here: gone already, or changed since, and then the next minute sees the change. */
async function writeIfStill(table: Table, write: Write): Promise<void> {
  try {
    await table.write([write]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
