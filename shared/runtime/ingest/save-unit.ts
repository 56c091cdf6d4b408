import type { AlertRecord } from '../../alert/alert.ts';
import { flapsOf } from '../../alert/flapping.ts';
import type { Actor, Incident } from '../../incident/incident.ts';
import { assert, InvariantError } from '../../kernel/assert.ts';
import type { Instant } from '../../kernel/instant.ts';
import { pagesPerStepLimit } from '../../notification/page.ts';
import type { KnownInhibitors } from '../../route/inhibition.ts';
import type { Judgement } from '../../route/judge-alert.ts';
import { makeJudge } from '../../route/judge-record.ts';
import type { SilenceIndex } from '../../silence/silence-index.ts';
import { loadAlerts } from '../../store/alert-store.ts';
import type { IncidentPointer } from '../../store/codec.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { transactionLimit } from '../../store/table.ts';
import { decideAgain } from '../decide-again.ts';
import type { Deps } from '../deps.ts';
import { currentSilences } from '../silence-cache.ts';
import { type DecidedUnit, decideUnit, type UnitCounts } from './decide-unit.ts';
import { type HeldBack, holdBack } from './hold-back.ts';
import { ownerOf } from './incident-work.ts';
import { filePlaces, type InhibitionChange, inhibitionChange, inhibitorsFor, tellTargets } from './inhibition.ts';
import { addIncidents, addPointers, takeNumbers } from './load-incidents.ts';
import { type PlannedAlert, planAlert } from './plan-alert.ts';
import { type AlertTask, proposeFor } from './propose.ts';
import { sendReleases } from './release.ts';

export type IngestDeps = Pick<
  Deps,
  'table' | 'queues' | 'blobs' | 'clock' | 'ids' | 'random' | 'policy' | 'log' | 'metrics'
>;

/** What is the same for every alert of one message. */
export interface MessageContext {
  readonly correlationId: string;
  readonly acceptedAt: Instant;
  readonly actor: Actor;
  /** Of one step of an incident. Absent: the limit of pages of one step. */
  readonly pagesAtMost?: number;
}

/** What one unit is decided from, beside the incidents that it turns out to need. */
export interface LoadedUnit {
  /** In the order of the tasks. */
  readonly records: readonly (AlertRecord | null)[];
  /** Null when nothing fires in the unit: then nobody asks them. */
  readonly silences: SilenceIndex | null;
}

/** In a storm every group of a source meets at one incident, so several tries; then the message itself goes back. */
const limits = { tries: 10, budgetMillis: 15_000 };

/**
 * Load, judge, decide, save one unit of alerts in one transaction; again from the start when somebody else decided first.
 * `loaded` holds the records of the first try. A unit that needs more writes than a transaction takes is halved, the more
 * severe half first. One alert can open several incidents: each then pages as many as leave room for the others.
 * @throws AdapterError `conflict` when others decided first each time
 */
export async function saveUnit(
  deps: IngestDeps,
  tasks: readonly AlertTask[],
  message: MessageContext,
  loaded: LoadedUnit | null,
): Promise<void> {
  const numbers = new Map<string, number>();
  const fits = await decideAgain(deps, limits, async (attempt) => {
    const known = attempt === 0 && loaded !== null ? loaded : await loadUnit(deps, tasks);
    const unit = await decideTasks(deps, tasks, message, { ...known, numbers });
    if (unit.writes.length > transactionLimit) return false;
    if (unit.writes.length > 0) await deps.table.write(unit.writes);
    countUnit(deps, unit.counts);
    await tellTargets(deps, unit.inhibition, message.correlationId);
    await sendReleases(deps, unit.releases, message.correlationId);
    return true;
  });
  if (fits) return;
  if (tasks.length === 1) return saveUnit(deps, tasks, withFewerPages(message), null);
  const half = Math.ceil(tasks.length / 2);
  await saveUnit(deps, tasks.slice(0, half), message, null);
  await saveUnit(deps, tasks.slice(half), message, null);
}

function withFewerPages(message: MessageContext): MessageContext {
  const pagesAtMost = Math.floor((message.pagesAtMost ?? pagesPerStepLimit) / 2);
  assert(pagesAtMost > 0, 'one alert needs no more writes than a transaction takes');
  return { ...message, pagesAtMost };
}

async function decideTasks(
  deps: IngestDeps,
  tasks: readonly AlertTask[],
  { actor, acceptedAt, correlationId, pagesAtMost }: MessageContext,
  known: LoadedUnit & { readonly numbers: Map<string, number> },
): Promise<DecidedUnit & Pick<HeldBack, 'releases'> & { readonly inhibition: InhibitionChange }> {
  const { table, policy } = deps;
  const now = deps.clock.now();
  const incidents = new Map<string, Incident>();
  const pointers = new Map<string, IncidentPointer | null>();
  const { planned: routed, inhibitors } = await planTasks(deps, tasks, known, { now, incidents });

  const routedKeys = routed.flatMap(({ joins }) => joins.map(({ incidentKey }) => incidentKey));
  const [overrides] = await Promise.all([
    routed.some(mayRunSteps) ? loadOverrides(table, policy, now) : [],
    addPointers(table, pointers, [...routedKeys, ...[...incidents.values()].map((each) => each.incidentKey)]),
  ]);
  await addIncidents(
    table,
    incidents,
    [...pointers.values()].flatMap((pointer) => pointer?.incidentId ?? []),
  );

  // Behind the last look at an incident: a decision is never older than what it builds upon.
  const decidedAt = deps.clock.now();
  const held = await holdBack(table, routed, { pointers, incidents }, { now: decidedAt, acceptedAt });
  const { planned } = held;
  const joinKeys = planned.flatMap(({ joins }) => joins.map(({ incidentKey }) => incidentKey));
  const opening = [...new Set(joinKeys)].filter((key) => ownerOf(key, { pointers, incidents }, decidedAt) === null);
  const unnumbered = opening.filter((key) => !known.numbers.has(key));
  const taken = await takeNumbers(table, unnumbered.length);
  for (const [index, key] of unnumbered.entries()) known.numbers.set(key, taken[index] ?? 0);

  const unit = decideUnit(
    planned,
    { pointers, incidents },
    {
      decision: { now: decidedAt, actor, policy, overrides, commandId: null, pagesAtMost },
      acceptedAt,
      correlationId,
      newId: () => deps.ids.next(),
      numbers: known.numbers,
    },
  );
  return {
    ...unit,
    writes: [...unit.writes, ...held.writes],
    releases: held.releases,
    inhibition: inhibitionChange(planned, inhibitors),
  };
}

/** Only what joins an incident, or makes it worse, can open it, open it again or raise its severity. */
const mayRunSteps = ({ joins, rises = [] }: PlannedAlert): boolean => joins.length > 0 || rises.length > 0;

async function loadUnit({ table, clock }: IngestDeps, tasks: readonly AlertTask[]): Promise<LoadedUnit> {
  const records = await loadAlerts(table, tasks);
  return { records, silences: await currentSilences(table, clock.now()) };
}

/** Proposals first, then the incidents that something may leave. */
async function planTasks(
  { table, policy }: IngestDeps,
  tasks: readonly AlertTask[],
  { records, silences }: LoadedUnit,
  { now, incidents }: { readonly now: Instant; readonly incidents: Map<string, Incident> },
): Promise<{ readonly planned: readonly PlannedAlert[]; readonly inhibitors: KnownInhibitors }> {
  const proposed = tasks.map((task, index) => {
    const stored = records[index] ?? null;
    return { task, stored, proposal: proposeFor(task, stored, now) };
  });
  const leaving = proposed.filter(
    ({ stored, proposal: { kind } }) =>
      kind === 'end' || kind === 'judge again' || (kind === 'fire' && flapsOf(stored) !== null),
  );
  await addIncidents(
    table,
    incidents,
    leaving.flatMap(({ stored }) => stored?.incidentIds ?? []),
  );
  const inhibitors = await inhibitorsFor(table, policy, proposed);
  const loaded = { inhibitors, attached: incidents };
  const judge = silences === null ? refuseToJudge : makeJudge(policy, silences, now, loaded);
  const context = { judge, attached: incidents, flapping: policy.flapping, silences, now };
  const planned = proposed.flatMap(
    (each) => filePlaces(planAlert(each.task, each.stored, each.proposal, context), each, policy) ?? [],
  );
  return { planned, inhibitors };
}

const refuseToJudge = (): Judgement => {
  throw new InvariantError('nothing fires in this unit');
};

function countUnit({ metrics }: IngestDeps, { changed, unrouted, opened, pagesOwed }: UnitCounts): void {
  if (changed > 0) metrics.count('AlertsChanged', changed);
  if (unrouted > 0) metrics.count('AlertsUnrouted', unrouted);
  for (const severity of opened) metrics.count('IncidentsOpened', 1, { severity });
  for (const severity of pagesOwed) metrics.count('PagesOwed', 1, { severity });
}
