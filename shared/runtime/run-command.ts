import { buildCommit } from '../incident/build-commit.ts';
import type { IncidentCommand, IncidentDecision } from '../incident/commands.ts';
import { decideIncident } from '../incident/decide.ts';
import type { Actor, Incident } from '../incident/incident.ts';
import { owePages } from '../notification/page-ledger.ts';
import type { IncidentPointer } from '../store/codec.ts';
import { commitWrites, pointerOf } from '../store/commit-writes.ts';
import { loadIncident, loadPointers } from '../store/incident-store.ts';
import { loadOverrides } from '../store/override-store.ts';
import { decideAgain, type TryLimits } from './decide-again.ts';
import type { Deps } from './deps.ts';

export interface CommandRequest {
  readonly incidentId: string;
  readonly command: IncidentCommand;
  readonly actor: Actor;
  /** Makes a retried command of a person harmless; machine commands carry their own expectation. */
  readonly commandId: string | null;
  readonly correlationId: string;
  /** The incident as the caller has just read it, which saves the first read. Absent: it is read. */
  readonly loaded?: Incident;
}

export interface CommandAnswer {
  readonly decision: IncidentDecision;
  /** After the decision; null when there is no such incident. */
  readonly incident: Incident | null;
}

export type CommandDeps = Pick<Deps, 'table' | 'clock' | 'policy' | 'random' | 'metrics'>;

const ordinaryLimits: TryLimits = { tries: 5, budgetMillis: 8_000 };

/**
 * Load, decide, save one command of a person, a timer or a vendor: two calls of the table, in sequence. Loads and decides
 * again when somebody else decided first. A save whose answer was lost is found done by the retry: the incident remembers
 * the command's id, and a timer's expectation no longer holds.
 * @throws AdapterError `conflict` when others decided first each time; any other failure of the table as it is
 */
export async function runCommand(
  deps: CommandDeps,
  request: CommandRequest,
  limits: TryLimits = ordinaryLimits,
): Promise<CommandAnswer> {
  return decideAgain(deps, limits, async (attempt) => {
    const { table, policy } = deps;
    const [before, overrides] = await Promise.all([
      attempt === 0 && request.loaded ? request.loaded : loadIncident(table, request.incidentId),
      loadOverrides(table, policy, deps.clock.now()),
    ]);
    const { actor, commandId } = request;
    const context = { now: deps.clock.now(), actor, policy, overrides, commandId };
    const decision = decideIncident(request.command, before, context);
    if (decision.outcome !== 'accepted' || before === null) return { decision, incident: before };

    const { after, commit } = buildCommit(before, decision.events, context, request);
    const pages = owePages(commit, after);
    const pointerBefore = await pointerFor(deps, before, attempt);
    await table.write(commitWrites({ before, after, commit, pages, pointerBefore, policy }));
    if (pages.length > 0) deps.metrics.count('PagesOwed', pages.length, { severity: after.severity });
    return { decision, incident: after };
  });
}

/** At first what an incident implies, which saves a read; once that guess may have failed, what the table says. */
async function pointerFor(
  { table, policy }: CommandDeps,
  before: Incident,
  attempt: number,
): Promise<IncidentPointer | null> {
  if (attempt === 0) return pointerOf(before, policy);
  const [pointer = null] = await loadPointers(table, [before.incidentKey]);
  return pointer;
}
