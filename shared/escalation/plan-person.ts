import type { EscalationProgress, PinnedPolicy } from '../incident/incident.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { OwedPage, PageTarget } from '../notification/page.ts';
import type { SkippedTarget } from '../timeline/events.ts';
import { type ContactWay, contactOf } from './contact-methods.ts';
import { cooldownUntil } from './person-cooldown.ts';
import { explainQuiet } from './quiet.ts';
import type { ResolvedPerson } from './resolve-target.ts';
import type { StepInput, TargetPlan } from './step-plan.ts';
import { interrupts } from './step-target.ts';

/**
 * How does a step page one person? By every way of the person for this severity, unless a rule spares the person now. A way whose
 * address is gone is skipped by itself: it neither stops nor delays the others.
 */
export function judgePerson(resolved: ResolvedPerson, input: StepInput): TargetPlan {
  const { named, person } = resolved;
  const { ways, gone } = contactOf(person, input.incident.severity, input.policy);
  const goneWays = gone.map(
    (way): SkippedTarget => ({ target: null, named: `${named} by ${way}`, reason: 'target is gone' }),
  );
  const [first] = ways;
  if (first === undefined) {
    const detail = 'has no way to be paged';
    const nobody = { target: null, named, reason: 'target is gone', detail } as const;
    return { pages: [], skipped: [...goneWays, nobody], missed: { named, gone: true } };
  }
  const spared = spare(resolved, input);
  if (spared !== null) {
    const skipped = [...goneWays, { target: first.target, named, ...spared }];
    return { pages: [], skipped, missed: spared.reason === 'quiet hours' ? { named, gone: false } : null };
  }
  const plans = ways.map((way) => planWay(way, resolved, input));
  return {
    pages: plans.flatMap((plan) => plan.pages),
    skipped: [...goneWays, ...plans.flatMap((plan) => plan.skipped)],
    missed: null,
  };
}

/** A rule by which the person is not paged now; null: none. */
function spare(
  { person }: ResolvedPerson,
  { incident, policy, now, step, round, cause }: StepInput,
): Pick<SkippedTarget, 'reason' | 'detail'> | null {
  if (incident.pinned.pages === 'never') return { reason: 'severity never pages' };
  const quiet = explainQuiet(person, incident.severity, policy, now);
  if (quiet !== null) return { reason: 'quiet hours', detail: quiet };
  // Who asks by hand wants people, a repeat comes because nobody has answered, and behind the last page comes nobody.
  const pagesAnyway = cause === 'manual' || round > 1 || !pagesBehind(incident.pinned, step);
  const until = pagesAnyway ? null : cooldownUntil(person, incident, now);
  return until === null
    ? null
    : { reason: 'cooldown', detail: `cooldown: paged for it before, and not again until ${until}` };
}

/** Whether anything that interrupts somebody comes after a step. */
const pagesBehind = ({ escalation: { steps, repeatEverySeconds } }: PinnedPolicy, step: number): boolean =>
  repeatEverySeconds !== null || steps.slice(step).some(({ targets }) => targets.some(interrupts));

function planWay(
  { target, afterSeconds }: ContactWay,
  resolved: ResolvedPerson,
  input: StepInput,
): Omit<TargetPlan, 'missed'> {
  const { step, round, now, incident } = input;
  const startsAt = addSeconds(now, afterSeconds);
  if (isTriggered(target, incident.escalation, startsAt)) {
    return { pages: [], skipped: [{ target, named: resolved.named, reason: 'already triggered in this generation' }] };
  }
  const page: OwedPage = {
    step,
    round,
    target,
    deadlineAt: addSeconds(startsAt, incident.pinned.pageDeadlineSeconds),
    ...(afterSeconds > 0 ? { notBeforeAt: startsAt } : {}),
    ...explainPage(target, resolved),
  };
  return { pages: [page], skipped: [] };
}

function explainPage(target: PageTarget, { person, because }: ResolvedPerson): Pick<OwedPage, 'because' | 'person'> {
  if (target.kind !== 'pagerduty') return because === undefined ? {} : { because };
  const contact = `contact of ${person.name}`;
  return { because: because === undefined ? contact : `${contact}, ${because}`, person: person.name };
}

/** A second trigger of a PagerDuty service in one generation would notify nobody. */
export const isTriggered = (
  target: PageTarget,
  { pagerdutyTriggered, pagerdutyLater = [] }: EscalationProgress,
  at: Instant,
): boolean =>
  target.kind === 'pagerduty' &&
  (pagerdutyTriggered.includes(target.service) ||
    pagerdutyLater.some(({ service, notBeforeAt }) => service === target.service && notBeforeAt <= at));
