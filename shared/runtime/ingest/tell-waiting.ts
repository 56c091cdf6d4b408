import type { AlertId } from '../../alert/alert.ts';
import { isOpen } from '../../incident/incident.ts';
import { hashOf } from '../../kernel/hash.ts';
import { loadAlerts } from '../../store/alert-store.ts';
import { loadGroupWaits } from '../../store/group-wait-store.ts';
import { loadIncidents } from '../../store/incident-store.ts';
import { type AlertTask, proposeFor } from './propose.ts';
import { type LoadedTask, saveTasks } from './save-tasks.ts';
import type { IngestDeps, MessageContext } from './save-unit.ts';

const idOf = ({ source, fingerprint }: AlertId): string => `${source}#${fingerprint}`;

/**
 * Resolves pass at once, and new members of a group wait for its next tick. So before the last told member of an incident
 * ends, those who wait are told: nobody shall hear "resolved" while some of the group fire.
 */
export async function tellWaiting(
  deps: IngestDeps,
  loaded: readonly LoadedTask[],
  context: MessageContext,
): Promise<void> {
  const now = deps.clock.now();
  const ending = loaded.filter(({ task, stored }) => proposeFor(task, stored, now).kind === 'end');
  const left = ending.flatMap(({ stored }) => stored?.incidentIds ?? []);
  const incidents = await loadIncidents(deps.table, [...new Set(left)]);
  const emptied = incidents.filter(
    (incident) =>
      incident !== null && isOpen(incident) && incident.firing <= left.filter((id) => id === incident.id).length,
  );
  const waits = await loadGroupWaits(
    deps.table,
    emptied.flatMap((incident) => incident?.incidentKey ?? []),
  );
  const endingIds = new Set(ending.map(({ task }) => idOf(task)));
  const waiting = waits
    .flatMap((wait) => (wait !== null && wait.until > now ? wait.alerts : []))
    .filter((id) => !endingIds.has(idOf(id)));
  const alerts = await loadAlerts(deps.table, waiting);
  const told = waiting.map((id, index) => ({ task: tellTask(id, context), stored: alerts[index] ?? null }));
  await saveTasks(deps, told, context);
}

const tellTask = ({ source, fingerprint }: AlertId, { correlationId }: MessageContext): AlertTask => ({
  source,
  fingerprint,
  changeId: hashOf(correlationId, fingerprint, 'told'),
  judges: true,
  endsWait: true,
  propose: (stored) =>
    stored?.status === 'firing' && stored.suppressedBy?.kind === 'group wait'
      ? {
          kind: 'judge again',
          after: { ...stored, version: stored.version + 1 },
          why: 'the last told alert of its group ends',
        }
      : { kind: 'none' },
});
