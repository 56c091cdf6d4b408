import { pinPolicy } from '../escalation/pin-policy.ts';
import { addSeconds } from '../kernel/instant.ts';
import type { RoutedAlert } from '../route/route.ts';
import { addEvents, type Draft } from './draft.ts';
import { runDueSteps, startGeneration } from './run-steps.ts';
import { isWorse } from './severity.ts';

/**
 * Opens a resolved incident again, with a new generation. Its first step is paged again at most once in
 * `repageAtMostEverySeconds` (flapping hold), unless the severity is worse than people know. `allTold`: only alerts that
 * this incident told before fire in it, so that the cooldown of its route counts too.
 */
export function reopen(
  draft: Draft,
  cause: 'alert fired again' | 'hold ended',
  routed: RoutedAlert | null,
  allTold = false,
): Draft {
  const { incident, context } = draft;
  const rises = routed !== null && isWorse(routed.severity, incident.severity);
  const { firstStepPagedAt } = incident;
  const { repageAtMostEverySeconds } = context.policy;
  const cooldown = allTold ? (incident.pinned.cooldownSeconds ?? 0) : 0;
  const repagesAt =
    firstStepPagedAt === null || rises
      ? context.now
      : addSeconds(firstStepPagedAt, Math.max(repageAtMostEverySeconds, cooldown));
  const flapping = repagesAt > context.now;
  const toldBefore = cause === 'hold ended' || allTold;
  const cooled = flapping && cooldown > repageAtMostEverySeconds ? { cooldownUntil: repagesAt } : {};
  const reopened = addEvents(draft, { type: 'IncidentReopened', cause, flapping, ...cooled });
  const judged = rises ? adoptSeverity(reopened, routed) : reopened;
  return runDueSteps(startGeneration(judged, 're-opened', toldBefore), flapping ? repagesAt : context.now);
}

/** A rise on an open incident: triggered again, whatever its status, and paged from step 1. */
export const raiseTo = (draft: Draft, routed: RoutedAlert): Draft =>
  runDueSteps(startGeneration(adoptSeverity(draft, routed), 'severity rose'));

/** The worse alert's own route and owner decide whom to page. */
function adoptSeverity(draft: Draft, routed: RoutedAlert): Draft {
  const { incident, context } = draft;
  const owner = routed.owner ?? incident.owner;
  return addEvents(draft, {
    type: 'SeverityChanged',
    from: incident.severity,
    to: routed.severity,
    by: context.actor,
    pinned: pinPolicy(context.policy, { ...routed, owner }, context.now),
  });
}
