import { assert } from '../kernel/assert.ts';
import type { Commit, PageOutcomeEvent } from '../timeline/events.ts';
import type { PageRow } from './page.ts';

/**
 * The commit that tells a page's end on the timeline, beside the incident's own versions: `seenVersion` is the version
 * that the writer saw, and the page's identity is the part, so that it is written once.
 * @throws InvariantError for a page that has not ended
 */
export function outcomeCommit(ended: PageRow, seenVersion: number, correlationId: string): Commit {
  const { incidentId, incidentNumber, generation, step, round, target, severity, endedAt, policyHash } = ended;
  assert(endedAt, `page ${target} of ${incidentId} has not ended`);
  return {
    schema: 1,
    incidentId,
    incidentNumber,
    version: seenVersion,
    part: `page-${generation}-${step}-${round}-${target}`,
    generation,
    severity,
    at: endedAt,
    events: [outcomeEvent(ended)],
    policyHash,
    correlationId,
    commandId: null,
  };
}

function outcomeEvent({ step, round, target, generation, claimedAt, state, endReason }: PageRow): PageOutcomeEvent {
  switch (endReason) {
    case null:
      assert(state === 'handed over' && claimedAt, `page ${target} is ${state}: it has no outcome`);
      return { type: 'PageHandedOver', step, round, target, generation, claimedAt };
    case 'acknowledged':
    case 'resolved':
    case 'superseded':
    case 'severity never pages':
      return { type: 'PageCancelled', step, round, target, generation, reason: endReason };
    case 'deadline passed':
    case 'dead-lettered':
    case 'target is gone':
      return { type: 'FallbackPaged', reason: endReason, target, step, round };
  }
}
