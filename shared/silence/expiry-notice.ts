import type { Policy } from '../config/policy.ts';
import { addSeconds, type Instant, secondsBetween } from '../kernel/instant.ts';
import type { Silence } from './silence.ts';
import { silenceStateAt } from './silence-state.ts';

/** Time enough to look and to make another; who silences something for an hour still has it in mind when it ends. */
export const expiryNotice = { beforeSeconds: 15 * 60, forLongerThanSeconds: 3_600 } as const;

/**
 * When its author is told that a silence ends soon; null: not at all. Told already, or nobody made it: windows recur by
 * themselves, and what ends with its alert has nothing left to tell.
 */
export function expiryNoticeAt({ startsAt, endsAt, origin, untilResolved, expiryTold }: Silence): Instant | null {
  if (expiryTold !== undefined || origin !== undefined || untilResolved !== undefined) return null;
  if (secondsBetween(startsAt, endsAt) <= expiryNotice.forLongerThanSeconds) return null;
  return addSeconds(endsAt, -expiryNotice.beforeSeconds);
}

/** Due, and not too late: of one that has ended people hear through the alerts that fire again. */
export function isExpiryNoticeDue(silence: Silence, now: Instant): boolean {
  const at = expiryNoticeAt(silence);
  return at !== null && at <= now && silenceStateAt(silence, now) !== 'expired';
}

export type ToldOfExpiry =
  | { readonly kind: 'person'; readonly slackUserId: string; readonly name: string }
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'nobody' };

/**
 * The author, when the policy file knows a person of that name; else the channel of the catch-all route, where somebody
 * watches over what belongs to nobody.
 */
export function whoIsTold({ createdBy }: Silence, { people, route, teams, slackChannels }: Policy): ToldOfExpiry {
  const [id, person] = Object.entries(people).find(([key, { name }]) => createdBy === name || createdBy === key) ?? [];
  if (id !== undefined && person?.slackUserId) {
    return { kind: 'person', slackUserId: person.slackUserId, name: person.name };
  }
  const team = route.owner === null ? undefined : teams[route.owner];
  const channel = route.slackChannel ?? team?.slackChannel ?? null;
  const channelId = channel === null ? undefined : slackChannels[channel];
  return channelId === undefined ? { kind: 'nobody' } : { kind: 'channel', channelId };
}
