import type { Incident } from '../../incident/incident.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import { applyStatusUpdate } from '../../status-page/apply-status-update.ts';
import { renderStatusPage } from '../../status-page/render-status-page.ts';
import {
  newStatusPage,
  type StatusPageState,
  type StatusUpdate,
  syncComponents,
} from '../../status-page/status-page.ts';
import { loadIncident } from '../../store/incident-store.ts';
import {
  loadCommitsAfter,
  loadPublicIncident,
  loadStatusPage,
  loadStatusPageVersion,
  saveStatusPage,
} from '../../store/status-store.ts';
import type { Commit } from '../../timeline/events.ts';
import { decideAgain } from '../decide-again.ts';
import type { Deps } from '../deps.ts';

export type StatusDeps = Pick<
  Deps,
  'table' | 'blobs' | 'clock' | 'policy' | 'settings' | 'log' | 'metrics' | 'queues' | 'random'
>;

/** Readers see an update after at most this long, and a crowd costs the bucket little. */
const cacheControl = 'public, max-age=30';
const pageName = 'Service status';
const limits = { tries: 6, budgetMillis: 10_000 } as const;
/** Somebody publishes all the time: the message comes back and goes on. */
const writesAtOnce = 3;

/**
 * Puts what people published about an incident on the public page: every update that is not on it yet, whatever message
 * brought us here. The files are written after the state, and again when the state has moved on meanwhile, so that the
 * slower of two publishers never leaves an older page behind.
 */
export async function publishStatus(deps: StatusDeps, incidentId: string): Promise<void> {
  const incident = await loadIncident(deps.table, incidentId);
  if (incident === null) {
    deps.log.warn('a status update for an incident that is gone', { incidentId });
    return;
  }
  await decideAgain(deps, limits, () => takeUpdates(deps, incident));
  await writeStatusPage(deps);
}

async function takeUpdates(deps: StatusDeps, incident: Incident): Promise<void> {
  const page = await loadStatusPage(deps.table);
  const stored = await loadPublicIncident(deps.table, incident.id);
  const commits = await loadCommitsAfter(deps.table, incident.id, stored.publishedThrough);
  const updates = commits.flatMap((commit) => updatesOf(commit, incident));
  if (updates.length === 0) return;
  const before = page.state ?? emptyPage(deps);
  const after = updates.reduce((state, update) => applyStatusUpdate(state, update, deps.policy), before);
  const changed = after.incidents.find((each) => each.id === incident.id);
  const publishedThrough = commits.at(-1)?.version ?? stored.publishedThrough;
  // Null only for an old incident that has fallen off the end of the page.
  if (changed === undefined) return;
  await saveStatusPage(deps.table, { page, incident: stored }, after, { incident: changed, publishedThrough });
}

const updatesOf = (commit: Commit, incident: Incident): readonly StatusUpdate[] =>
  commit.events.flatMap((event) =>
    event.type === 'StatusPublished'
      ? [
          {
            id: `${commit.incidentId}-${commit.version}`,
            incidentId: commit.incidentId,
            incidentNumber: commit.incidentNumber,
            severity: commit.severity,
            service: incident.service,
            status: event.status,
            text: event.text,
            at: commit.at,
          },
        ]
      : [],
  );

const emptyPage = (deps: Pick<StatusDeps, 'policy' | 'settings' | 'clock'>): StatusPageState =>
  newStatusPage({ name: pageName, url: `${deps.settings.publicUrl}/status` }, deps.policy, deps.clock.now());

/**
 * Renders the stored page (one on which everything works, when nothing was ever published) and writes its files.
 * @throws AdapterError when a file cannot be written, or others publish all the time
 */
export async function writeStatusPage(
  deps: Pick<StatusDeps, 'table' | 'blobs' | 'policy' | 'settings' | 'clock'>,
): Promise<void> {
  for (let writes = 0; writes < writesAtOnce; writes += 1) {
    const { version, state } = await loadStatusPage(deps.table);
    const page = syncComponents(state ?? emptyPage(deps), deps.policy, deps.clock.now());
    await writeFiles(deps, page);
    if ((await loadStatusPageVersion(deps.table)) === version) return;
  }
  throw new AdapterError('table', 'conflict', 'others publish all the time');
}

async function writeFiles({ blobs, settings }: Pick<StatusDeps, 'blobs' | 'settings'>, page: StatusPageState) {
  const { html, json } = renderStatusPage(page);
  const write = (path: string, text: string, contentType: string) =>
    blobs.put(`${settings.statusPrefix}${path}`, text, { contentType, cacheControl });
  const files = Object.entries(json).map(([path, text]) => write(path, text, 'application/json; charset=utf-8'));
  // The page last: who reads it finds the files that it stands for.
  await Promise.all(files);
  await write('index.html', html, 'text/html; charset=utf-8');
}
