import { type OnCall, onCallAt } from '../on-call/on-call.ts';
import type { Live } from './live-people.ts';

/** Whom a name of the policy file means at present: a person, or whoever a schedule of this name has on call. */
export type NamedPerson =
  /** `because`: the rule that has this person on call. Absent: the policy file names the person itself. */
  | { readonly kind: 'person'; readonly person: string; readonly because?: string }
  | { readonly kind: 'nobody'; readonly reason: 'nobody on call'; readonly detail: string };

/** A schedule has no person's name, so that a role can name either. */
export const findPerson = (name: string, live: Live): NamedPerson =>
  Object.hasOwn(live.policy.schedules, name) ? findOnCall(name, live) : { kind: 'person', person: name };

/** Who is on call now in a schedule that exists. */
export function findOnCall(name: string, { policy, overrides, now }: Live): NamedPerson {
  const schedule = policy.schedules[name];
  const onCall = schedule === undefined ? null : onCallAt(schedule, overrides, now);
  if (onCall === null) {
    return { kind: 'nobody', reason: 'nobody on call', detail: `schedule ${name} has nobody on call at ${now}` };
  }
  return { kind: 'person', person: onCall.person, because: explainOnCall(name, onCall) };
}

/** Such as `layer nights of schedule platform` or `override by carol in schedule platform, instead of alice`. */
export function explainOnCall(schedule: string, { by }: OnCall): string {
  if (by.kind === 'layer') return `layer ${by.layer} of schedule ${schedule}`;
  const instead = by.replaced === null ? 'where nobody was on call' : `instead of ${by.replaced}`;
  return `override by ${by.madeBy} in schedule ${schedule}, ${instead}`;
}
