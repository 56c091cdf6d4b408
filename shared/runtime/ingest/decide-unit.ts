import type { AlertRecord, IntakeRow } from '../../alert/alert.ts';
import { type BuiltCommit, buildCommit } from '../../incident/build-commit.ts';
import type { DecisionContext } from '../../incident/commands.ts';
import { decideIncident } from '../../incident/decide.ts';
import { incidentName } from '../../incident/incident.ts';
import type { Severity } from '../../incident/severity.ts';
import { assert } from '../../kernel/assert.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { Instant } from '../../kernel/instant.ts';
import { owePages } from '../../notification/page-ledger.ts';
import { alertWrite, intakeWrite } from '../../store/alert-store.ts';
import { commitWrites } from '../../store/commit-writes.ts';
import { inhibitorWrites } from '../../store/inhibitor-store.ts';
import type { Write } from '../../store/table.ts';
import { type IncidentWork, type LoadedIncidents, UnitWork } from './incident-work.ts';
import type { PlannedAlert } from './plan-alert.ts';

export interface UnitContext {
  readonly decision: DecisionContext;
  /** Of the rows of the ledger: when the change was accepted. */
  readonly acceptedAt: Instant;
  readonly correlationId: string;
  readonly newId: () => string;
  /** By incident key, for those that no incident owns. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** What is counted once the transaction is stored. */
export interface UnitCounts {
  readonly changed: number;
  readonly unrouted: number;
  readonly opened: readonly Severity[];
  readonly pagesOwed: readonly Severity[];
}

export interface DecidedUnit {
  readonly writes: readonly Write[];
  readonly counts: UnitCounts;
}

interface DecidedWork extends BuiltCommit {
  readonly work: IncidentWork;
  readonly writes: readonly Write[];
  readonly pages: number;
}

/** Everything that one unit of planned alerts changes, as one transaction. Pure: what it needs was loaded. */
export function decideUnit(
  planned: readonly PlannedAlert[],
  loaded: LoadedIncidents,
  context: UnitContext,
): DecidedUnit {
  const unit = new UnitWork(loaded, context.decision.now, context.newId);
  const works = planned.map((each) => ({
    each,
    joined: each.joins.map((routed) => unit.join(each, routed)),
    left: each.leaves.map((leaving) => unit.leave(each, leaving)),
  }));
  for (const { each, joined } of works) unit.tellFlapping(each, joined);
  for (const rising of planned.flatMap(({ rises }) => rises ?? [])) unit.raise(rising);
  const decided = new Map(unit.all.map((work) => [work.incidentId, decideWork(work, loaded, context)]));
  const rows = works.flatMap(({ each, joined, left }) => rowOf(each, { joined, left, decided, loaded }, context));
  const { policy } = context.decision;
  const alerts = works.flatMap(({ each, joined }) => {
    if (each.after === null) return [];
    const after = joined.length === 0 ? each.after : attach(each.after, joined);
    return [alertWrite(each.before, after, policy), ...inhibitorWrites(each.before, after)];
  });
  const commits = [...decided.values()];
  return {
    writes: [...commits.flatMap(({ writes }) => writes), ...alerts, ...rows.map((row) => intakeWrite(row, policy))],
    counts: {
      changed: rows.length,
      unrouted: planned.filter(({ joins }) => joins.some(({ unrouted }) => unrouted)).length,
      opened: commits.filter(({ work }) => work.incident === null).map(({ after }) => after.severity),
      pagesOwed: commits.flatMap(({ after, pages }) => Array.from({ length: pages }, () => after.severity)),
    },
  };
}

const attach = (after: AlertRecord, joined: readonly IncidentWork[]): AlertRecord => ({
  ...after,
  incidentIds: [...new Set([...after.incidentIds, ...joined.map(({ incidentId }) => incidentId)])].sort(),
});

function decideWork(work: IncidentWork, loaded: LoadedIncidents, context: UnitContext): DecidedWork {
  const { incident, incidentId, incidentKey, routed, joined, resolved, suppressed, flapping, isRerouted } = work;
  const number = incident?.number ?? context.numbers.get(incidentKey);
  assert(number !== undefined, 'a number was taken for every incident that opens');
  const command = { type: 'ApplyAlerts', routed, joined, resolved, suppressed, flapping, isRerouted, number } as const;
  const decision = decideIncident(command, incident, context.decision);
  assert(decision.outcome === 'accepted', `alerts of ${incidentName(number)} were ${decision.outcome}`);
  const { correlationId } = context;
  const { after, commit } = buildCommit(incident, decision.events, context.decision, { incidentId, correlationId });
  const pages = owePages(commit, after);
  const pointerBefore = loaded.pointers.get(incidentKey) ?? null;
  const { policy } = context.decision;
  const writes = commitWrites({ before: incident, after, commit, pages, pointerBefore, policy });
  return { work, after, commit, writes, pages: pages.length };
}

function rowOf(
  { task, after, row }: PlannedAlert,
  works: {
    readonly joined: readonly IncidentWork[];
    readonly left: readonly IncidentWork[];
    readonly decided: ReadonlyMap<string, DecidedWork>;
    readonly loaded: LoadedIncidents;
  },
  { decision: { policy }, acceptedAt, correlationId }: UnitContext,
): readonly IntakeRow[] {
  if (row === null) return [];
  const { source, fingerprint, changeId } = task;
  const changed = [...works.joined, ...works.left].flatMap(
    ({ incidentId }) => works.decided.get(incidentId)?.after ?? [],
  );
  const kept = (row.keptIn ?? []).flatMap((id) => works.loaded.incidents.get(id) ?? []);
  const incidents = [...changed, ...kept];
  const opens = works.joined.some(({ incident, joined: [first] }) => {
    const { summary } = first ?? {};
    return incident === null && summary?.source === source && summary.fingerprint === fingerprint;
  });
  const outcome = opens ? 'opened' : row.outcome;
  const names = incidents.map(({ number }) => incidentName(number)).join(', ');
  const why = names === '' ? row.why : `${row.why}; ${outcome} ${names}`;
  return [
    {
      schema: 1,
      source,
      fingerprint,
      // Delivered again, a message that made a change can be a late copy of itself: beside its row, not in its place.
      changeId: outcome === 'late copy' ? hashOf(changeId, outcome) : changeId,
      at: acceptedAt,
      status: row.status,
      outcome,
      incidentNumbers: incidents.map(({ number }) => number),
      why,
      policyHash: policy.hash,
      routePath: after?.routePath ?? null,
      suppressedBy: after?.suppressedBy ?? null,
      correlationId,
    },
  ];
}
