import type { Person, Policy } from '../config/policy.ts';
import { type Instant, latest, secondsBetween } from '../kernel/instant.ts';
import { type Shift, shiftsBetween } from './on-call.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule.ts';

/** What somebody asks for. */
export type OverrideDraft = Pick<Override, 'schedule' | 'person' | 'replaces' | 'startsAt' | 'endsAt'>;

export interface OverrideContext {
  readonly policy: Pick<Policy, 'schedules' | 'people'>;
  /** All that there are and that end after now. */
  readonly overrides: readonly Override[];
  readonly now: Instant;
}

export type OverrideRefusal =
  | 'no such schedule'
  | 'no such person'
  | 'cannot be paged'
  | 'ends before it starts'
  | 'is over already'
  | 'too long'
  | 'replaces nobody';

export interface Refused<Reason extends string> {
  readonly outcome: 'rejected';
  readonly reason: Reason;
  /** A sentence that says what is wrong and what to do. */
  readonly problem: string;
}

export type OverrideCheck =
  | {
      readonly outcome: 'accepted';
      /** To be stored: it begins now at the earliest, so that who was on call stays what it was. */
      readonly draft: OverrideDraft;
      /** What changes hands: the shifts and gaps in which the person takes over. */
      readonly takes: readonly Shift[];
      /** Earlier overrides that it covers, in part or whole: to be said aloud. */
      readonly covers: readonly Override[];
    }
  | { readonly outcome: 'unchanged'; readonly reason: 'is on call already' }
  | Refused<OverrideRefusal>;

/** The longest month, and the hour by which clocks may be set back in it. Beyond, the rotation is what should change. */
export const longestOverrideSeconds = 31 * 86_400 + 3_600;

/** May somebody take over a schedule for a time? Overlapping other overrides is no obstacle: the later made wins. */
export function checkOverride(asked: OverrideDraft, context: OverrideContext): OverrideCheck {
  const schedule = context.policy.schedules[asked.schedule];
  if (schedule === undefined) {
    const names = Object.keys(context.policy.schedules).join(', ') || 'none';
    return refuse('no such schedule', `There is no schedule ${asked.schedule}. The policy file has: ${names}.`);
  }
  const refusal = refusePerson(asked, context) ?? refuseTime(asked, context);
  if (refusal !== null) return refusal;
  const draft = { ...asked, startsAt: latest(asked.startsAt, context.now) };
  return weigh(draft, schedule, context.overrides);
}

function weigh(draft: OverrideDraft, schedule: Schedule, overrides: readonly Override[]): OverrideCheck {
  const { person, replaces, startsAt, endsAt } = draft;
  const meant = shiftsBetween(schedule, overrides, startsAt, endsAt).filter(
    ({ onCall }) => replaces === null || onCall?.person === replaces,
  );
  if (meant.length === 0) {
    const problem = `${replaces} is not on call in ${schedule.name} from ${startsAt} to ${endsAt}. Name somebody who is, or nobody.`;
    return refuse('replaces nobody', problem);
  }
  const takes = meant.filter(({ onCall }) => onCall?.person !== person);
  if (takes.length === 0) return { outcome: 'unchanged', reason: 'is on call already' };
  const ids = new Set(meant.map(({ onCall }) => (onCall?.by.kind === 'override' ? onCall.by.id : null)));
  return { outcome: 'accepted', draft, takes, covers: overrides.filter(({ id }) => ids.has(id)) };
}

function refusePerson({ person }: OverrideDraft, { policy }: OverrideContext): Refused<OverrideRefusal> | null {
  const known = policy.people[person];
  if (known === undefined) {
    return refuse('no such person', `${person} is nobody of the policy file. Add this person there first.`);
  }
  if (canBePaged(known)) return null;
  return refuse('cannot be paged', `${person} has no way to be paged. Give this person one in the policy file.`);
}

/** Whether there is any way to page a person: Slack and a mention need the Slack user, the others stand for themselves. */
export const canBePaged = ({ slackUserId, sns, contact = {} }: Person): boolean =>
  slackUserId !== null ||
  sns !== null ||
  Object.values(contact).some((methods) => methods.some(({ kind }) => kind === 'pagerduty' || kind === 'sns'));

function refuseTime({ startsAt, endsAt }: OverrideDraft, { now }: OverrideContext): Refused<OverrideRefusal> | null {
  if (endsAt <= startsAt) {
    return refuse(
      'ends before it starts',
      `It would end at ${endsAt}, not after its start at ${startsAt}. Write a later end.`,
    );
  }
  if (endsAt <= now) {
    return refuse(
      'is over already',
      `It would end at ${endsAt}, and it is ${now} already. Write an end that lies ahead.`,
    );
  }
  if (secondsBetween(startsAt, endsAt) <= longestOverrideSeconds) return null;
  return refuse('too long', 'It would last longer than 31 days. Change the rotation in the policy file instead.');
}

export const refuse = <Reason extends string>(reason: Reason, problem: string): Refused<Reason> => ({
  outcome: 'rejected',
  reason,
  problem,
});
