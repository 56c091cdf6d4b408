import type { AlertRecord } from '../../alert/alert.ts';
import type { Incident } from '../../incident/incident.ts';
import { fromItem } from '../../store/codec.ts';
import { indexes } from '../../store/keys.ts';
import type { Item } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import { type DispatchDeps, dispatchCommit } from '../dispatch-commit.ts';
import type { IngestMessage } from '../messages.ts';
import { type CommandDeps, runCommand } from '../run-command.ts';
import { endOverduePage } from './end-overdue-page.ts';
import { lookAtSilence } from './look-at-silence.ts';
import type { SweepRun } from './sweep-run.ts';

export type SweepDeps = CommandDeps & DispatchDeps & Pick<Deps, 'queues' | 'ids' | 'log'>;

/**
 * What the sweep does with a due item, by its kind. Each uses the same function as the first path, so that whoever comes
 * second finds it done; each is counted, because in health the sweep finds nothing.
 */
export async function actOnDue(deps: SweepDeps, run: SweepRun, item: Item): Promise<void> {
  switch (item.kind) {
    case 'commit':
      if (item.undispatched !== true) return;
      await dispatchCommit(deps, fromItem(item, 'commit'));
      return run.repaired('commit');
    case 'page':
      if (await endOverduePage(deps, fromItem(item, 'page'), deps.ids.next())) run.repaired('page');
      return;
    case 'incident':
      return actOnIncident(deps, run, fromItem(item, 'incident'));
    case 'group':
      return askQuietGroup(deps, fromItem(item, 'group').groupId);
    case 'alert':
      return noteAlert(run, fromItem(item, 'alert'));
    case 'silence':
      return lookAtSilence(deps, run.now, fromItem(item, 'silence'), String(item[indexes.due.sort]));
    default:
      deps.log.warn('the due index holds an item that the sweep does not know', { kind: String(item.kind) });
  }
}

/** Either may be due, or both: what ends need not be judged. */
function noteAlert(run: SweepRun, { source, fingerprint, leaseUntil }: AlertRecord): void {
  if (leaseUntil !== undefined && leaseUntil <= run.now) run.leasesOver.push({ source, fingerprint });
  else run.alertsToJudge.push({ source, fingerprint });
}

async function actOnIncident(deps: SweepDeps, run: SweepRun, incident: Incident): Promise<void> {
  if (incident.closedAt !== null) {
    run.toExpire.push({ incident, closedAt: incident.closedAt });
    return;
  }
  const { decision } = await runCommand(deps, {
    incidentId: incident.id,
    command: {
      type: 'AdvanceIncident',
      generation: incident.generation,
      timerPart: incident.timerPart,
      dueAt: incident.dueAt,
      startNewPart: true,
    },
    actor: { kind: 'tocsin', id: 'sweep', name: 'Tocsin' },
    commandId: null,
    correlationId: deps.ids.next(),
  });
  if (decision.outcome === 'accepted') run.repaired('timer');
}

/** In the group's own FIFO group, behind every webhook of it that is already queued: one of them may extend the lease. */
async function askQuietGroup(deps: SweepDeps, groupId: string): Promise<void> {
  const id = deps.ids.next();
  const message: IngestMessage = { kind: 'quiet group', correlationId: id, groupId };
  await deps.queues.send('ingest', message, { group: groupId, dedup: id });
}
