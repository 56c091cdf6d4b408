import type { Policy } from '../config/policy.ts';
import type { Actor } from '../incident/incident.ts';
import { addMillis, addSeconds, type Instant, latest } from '../kernel/instant.ts';
import { cleanLine } from '../notification/clean-text.ts';
import { checkOverride, type OverrideDraft, type OverrideRefusal } from './check-override.ts';
import type { Shift } from './on-call.ts';
import type { Override } from './override.ts';
import { planSwap, type ShiftName, type SwapRefusal } from './plan-swap.ts';

/** Who changes what, and what it is decided from. */
export interface ChangeContext {
  readonly policy: Pick<Policy, 'schedules' | 'people'>;
  /** All that have not ended, and those that ended so lately that a repeated command may have made them. */
  readonly overrides: readonly Override[];
  readonly now: Instant;
  readonly actor: Actor;
  /** The same for a repeated command, so that it is carried out once. */
  readonly id: string;
}

export type ChangeRefusal =
  | OverrideRefusal
  | SwapRefusal
  | 'reason is too long'
  | 'too far ahead'
  | 'too many overrides'
  | 'no such override';

/** `overrides`: as they shall be stored, or (unchanged) as they are. */
export type OverrideDecision =
  | {
      readonly outcome: 'accepted';
      readonly overrides: readonly Override[];
      /** Which shifts and gaps change hands. Empty for a swap or a cancellation. */
      readonly takes: readonly Shift[];
      /** Earlier ones that are covered, because the later made wins. */
      readonly covers: readonly Override[];
    }
  | {
      readonly outcome: 'unchanged';
      readonly reason: 'command repeated' | 'is on call already' | 'cancelled already';
      readonly overrides: readonly Override[];
    }
  | { readonly outcome: 'rejected'; readonly reason: ChangeRefusal; readonly problem: string };

/** Ours: wherever steps may run all of them are read, and some hundreds are one page of a query. */
const mostOverrides = 1_000;
const longestReason = 500;
/** A year and a notice: beyond it is a slip of the fingers. */
const furthestSeconds = 400 * 86_400;

/** Somebody takes over a schedule for a time. Names are known to exist. */
export function makeOverride(draft: OverrideDraft, reason: string, context: ChangeContext): OverrideDecision {
  const early = repeated(context) ?? refuse(reason, context, 1) ?? refuseFar(draft, context);
  if (early !== null) return early;
  const check = checkOverride(draft, { ...context, overrides: current(context) });
  if (check.outcome === 'unchanged') return { ...check, overrides: [] };
  if (check.outcome === 'rejected') return check;
  const { takes, covers } = check;
  return { outcome: 'accepted', overrides: [stored(check.draft, { reason, swapId: null }, context)], takes, covers };
}

/** Two people swap a shift each: two overrides with one `swapId`, stored together. */
export function makeSwap(
  [one, other]: readonly [ShiftName, ShiftName],
  reason: string,
  context: ChangeContext,
): OverrideDecision {
  const early = repeated(context) ?? refuse(reason, context, 2);
  if (early !== null) return early;
  const plan = planSwap(one, other, { ...context, overrides: current(context) });
  if (plan.outcome === 'rejected') return plan;
  const { id } = context;
  const overrides = plan.drafts.map((draft, index) =>
    stored(draft, { reason, swapId: id }, { ...context, id: `${id}-${index + 1}` }),
  );
  return { outcome: 'accepted', overrides, takes: [], covers: plan.covers };
}

/** From now on it counts no more; what it did until now stays. The id of a swap cancels both of its halves. */
export function cancelOverride(id: string, context: Omit<ChangeContext, 'id'>): OverrideDecision {
  const named = current(context).filter((each) => each.id === id || each.swapId === id);
  if (named.length === 0) {
    const problem = 'There is no such override, or it is over. A list of them shows their ids.';
    return { outcome: 'rejected', reason: 'no such override', problem };
  }
  const { now, actor } = context;
  const overrides = named
    .filter(({ cancelledAt }) => cancelledAt === null)
    .map((each) => ({ ...each, version: each.version + 1, cancelledAt: now, cancelledBy: actor }));
  if (overrides.length === 0) return { outcome: 'unchanged', reason: 'cancelled already', overrides: named };
  return { outcome: 'accepted', overrides, takes: [], covers: [] };
}

const current = ({ overrides, now }: Pick<ChangeContext, 'overrides' | 'now'>): readonly Override[] =>
  overrides.filter(({ endsAt }) => endsAt > now);

function repeated({ overrides, id }: ChangeContext): OverrideDecision | null {
  const made = overrides.filter((each) => each.id === id || each.swapId === id);
  return made.length === 0 ? null : { outcome: 'unchanged', reason: 'command repeated', overrides: made };
}

function refuse(reason: string, context: ChangeContext, count: number): OverrideDecision | null {
  if (reason.length > longestReason) {
    const problem = `The reason has more than ${longestReason} characters. Shorten it.`;
    return { outcome: 'rejected', reason: 'reason is too long', problem };
  }
  if (current(context).length + count <= mostOverrides) return null;
  const problem = `There are ${mostOverrides} overrides that have not ended, which is the most there may be. Change the rotation in the policy file instead.`;
  return { outcome: 'rejected', reason: 'too many overrides', problem };
}

function refuseFar({ startsAt }: OverrideDraft, { now }: ChangeContext): OverrideDecision | null {
  if (startsAt <= addSeconds(now, furthestSeconds)) return null;
  const problem = 'It would begin in more than 400 days. Look at the year that you wrote.';
  return { outcome: 'rejected', reason: 'too far ahead', problem };
}

/** Made after all that are there, whatever the clocks of two machines say: the later made wins. */
function stored(
  draft: OverrideDraft,
  { reason, swapId }: Pick<Override, 'reason' | 'swapId'>,
  { overrides, now, actor, id }: ChangeContext,
): Override {
  const { schedule, person, replaces, startsAt, endsAt } = draft;
  return {
    schema: 1,
    version: 1,
    id,
    schedule,
    person,
    replaces,
    startsAt,
    endsAt,
    reason: cleanLine(reason),
    createdBy: actor,
    createdAt: overrides.map(({ createdAt }) => addMillis(createdAt, 1)).reduce(latest, now),
    swapId,
    cancelledAt: null,
    cancelledBy: null,
  };
}
