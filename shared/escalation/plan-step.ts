import type { PinnedPolicy } from '../incident/incident.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { type OwedPage, targetKey } from '../notification/page.ts';
import type { SkippedTarget } from '../timeline/events.ts';
import { type LivePeople, type ResolvedTarget, resolveTarget } from './resolve-target.ts';

export interface StepPlan {
  readonly pages: readonly OwedPage[];
  /** Slack channel ids that get the incident without a mention. */
  readonly informedChannels: readonly string[];
  readonly skipped: readonly SkippedTarget[];
  /** Names of page targets in whose place the fallback must be paged. */
  readonly unreachable: readonly string[];
}

export interface StepInput {
  /** 1-based. */
  readonly step: number;
  readonly round: number;
  readonly pinned: PinnedPolicy;
  /** PagerDuty services already triggered in this generation. */
  readonly pagerdutyTriggered: readonly string[];
  readonly people: LivePeople;
  readonly now: Instant;
}

/**
 * Whom does a pinned step interrupt and inform, with people as they are now? Invariants: no target twice in one step;
 * every target is paged, informed or skipped with a reason; a severity that never pages owes no page and no fallback.
 */
export function planStep(input: StepInput): StepPlan {
  const { step, round, pinned, people, now } = input;
  const targets = pinned.escalation.steps[step - 1]?.targets ?? [];
  const resolved = targets.flatMap((target) => resolveTarget(target, people));
  const skipped = resolved.flatMap((each) => skip(each, input));
  const deadlineAt = addSeconds(now, pinned.pageDeadlineSeconds);
  const pages = new Map<string, OwedPage>();
  for (const each of resolved) {
    if (each.kind !== 'page' || skip(each, input).length > 0) continue;
    pages.set(targetKey(each.target), { step, round, target: each.target, deadlineAt });
  }
  return {
    pages: [...pages.values()],
    informedChannels: [...new Set(resolved.flatMap((each) => (each.kind === 'inform' ? [each.channelId] : [])))],
    skipped,
    unreachable: unreachable(resolved, pages.size > 0 || skipped.some(({ target }) => target !== null), input),
  };
}

function skip(resolved: ResolvedTarget, { pinned, pagerdutyTriggered }: StepInput): readonly SkippedTarget[] {
  if (resolved.kind === 'inform') return [];
  const { named } = resolved;
  if (resolved.kind === 'nobody') return [{ target: null, named, reason: resolved.reason }];
  const { target } = resolved;
  if (pinned.pages === 'never') return [{ target, named, reason: 'severity never pages' }];
  const triggered = target.kind === 'pagerduty' && pagerdutyTriggered.includes(target.service);
  return triggered ? [{ target, named, reason: 'already triggered in this generation' }] : [];
}

/**
 * A target that is gone always; an empty role only when the step reaches nobody else. Not on repeats: they find the same
 * nobody, and the fallback knows.
 */
function unreachable(resolved: readonly ResolvedTarget[], reached: boolean, { pinned, round }: StepInput) {
  if (pinned.pages === 'never' || round > 1) return [];
  return resolved.flatMap((each) =>
    each.kind === 'nobody' && each.missed && (each.reason === 'target is gone' || !reached) ? [each.named] : [],
  );
}
