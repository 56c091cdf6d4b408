import type { Incident } from '../incident/incident.ts';
import { addSeconds } from '../kernel/instant.ts';
import type { SkippedTarget } from '../timeline/events.ts';
import { limitPages } from './limit-pages.ts';
import { isTriggered, judgePerson } from './plan-person.ts';
import { type ResolvedTarget, resolveStep } from './resolve-target.ts';
import type { StepInput, StepPlan, TargetPlan, Unreachable } from './step-plan.ts';
import { interrupts } from './step-target.ts';

/**
 * Whom does a pinned step interrupt and inform, with people and schedules as they are now? Invariants: no page twice in one
 * step; every target is paged, informed or skipped with a reason; a severity that never pages owes no page and no fallback.
 */
export function planStep(input: StepInput): StepPlan {
  const { step, incident } = input;
  const resolved = resolveStep(incident.pinned.escalation.steps[step - 1] ?? noStep, input);
  const plans = resolved.map((each) => judgeTarget(each, input));
  const { pages, skipped: left } = limitPages(plans, input.pagesAtMost);
  const skipped = [...plans.flatMap((plan) => plan.skipped), ...left];
  return {
    pages,
    informedChannels: [...new Set(resolved.flatMap((each) => (each.kind === 'inform' ? [each.channelId] : [])))],
    skipped,
    unreachable: unreachable(plans, foundNobody({ step, pages, skipped }, incident), input),
  };
}

const noStep = { afterSeconds: 0, targets: [] };

/** What is not somebody: nobody waits for a page that went nowhere. All other reasons mean that somebody knows. */
const nobodyThere: readonly SkippedTarget['reason'][] = [
  'nobody in this role',
  'nobody on call',
  'quiet hours',
  'target is gone',
];

/** A step that was to interrupt somebody and found nobody to page: it is not waited out. */
export const foundNobody = (
  { step, pages, skipped }: Pick<StepPlan, 'pages' | 'skipped'> & { readonly step: number },
  { pinned }: Pick<Incident, 'pinned'>,
): boolean =>
  pages.length === 0 &&
  pinned.pages !== 'never' &&
  (pinned.escalation.steps[step - 1]?.targets.some(interrupts) ?? false) &&
  skipped.every(({ reason }) => nobodyThere.includes(reason));

function judgeTarget(resolved: ResolvedTarget, input: StepInput): TargetPlan {
  switch (resolved.kind) {
    case 'inform':
      return { pages: [], skipped: [], missed: null };
    case 'person':
      return judgePerson(resolved, input);
    case 'nobody': {
      const { named, reason, detail, missed } = resolved;
      const skipped = { target: null, named, reason, ...(detail === undefined ? {} : { detail }) };
      return { pages: [], skipped: [skipped], missed: missed ? { named, gone: reason === 'target is gone' } : null };
    }
    case 'page':
      return judgePage(resolved, input);
  }
}

function judgePage(
  { named, target }: Extract<ResolvedTarget, { kind: 'page' }>,
  { step, round, now, incident }: StepInput,
): TargetPlan {
  const { pinned, escalation } = incident;
  const skip = (reason: SkippedTarget['reason']): TargetPlan => ({
    pages: [],
    skipped: [{ target, named, reason }],
    missed: null,
  });
  if (pinned.pages === 'never') return skip('severity never pages');
  if (isTriggered(target, escalation, now)) return skip('already triggered in this generation');
  const deadlineAt = addSeconds(now, pinned.pageDeadlineSeconds);
  return { pages: [{ step, round, target, deadlineAt }], skipped: [], missed: null };
}

/**
 * A target that is gone always; any other only when the step reaches nobody else. Not on repeats: they find the same nobody, and
 * the fallback knows.
 */
function unreachable(
  plans: readonly TargetPlan[],
  nobody: boolean,
  { incident, round }: StepInput,
): Unreachable | null {
  if (incident.pinned.pages === 'never' || round > 1) return null;
  const missed = plans
    .flatMap((plan) => (plan.missed === null ? [] : [plan.missed]))
    .filter(({ gone }) => gone || nobody);
  if (missed.length === 0) return null;
  return {
    named: missed.map(({ named }) => named),
    reason: missed.some(({ gone }) => gone) ? 'target is gone' : 'nobody on call',
  };
}
