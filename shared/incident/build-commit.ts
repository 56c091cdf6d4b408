import type { Commit, IncidentEvent } from '../timeline/events.ts';
import type { DecisionContext } from './commands.ts';
import { evolveAll } from './evolve.ts';
import type { Incident } from './incident.ts';

export interface BuiltCommit {
  readonly after: Incident;
  readonly commit: Commit;
}

/** An accepted decision as what is stored of it: the commit with its events, and the state that they make. */
export function buildCommit(
  before: Incident | null,
  events: readonly IncidentEvent[],
  context: DecisionContext,
  ids: { readonly incidentId: string; readonly correlationId: string },
): BuiltCommit {
  const { now: at, commandId } = context;
  const { incidentId, correlationId } = ids;
  const version = (before?.version ?? 0) + 1;
  const after = evolveAll(before, events, { incidentId, version, at, commandId });
  const commit: Commit = {
    schema: 1,
    incidentId,
    incidentNumber: after.number,
    version,
    part: '',
    generation: after.generation,
    severity: after.severity,
    at,
    events,
    policyHash: after.pinned.policyHash,
    correlationId,
    commandId,
  };
  return { after, commit };
}
