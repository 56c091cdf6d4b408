import type { AlertGroupMessage, AlertId, AlertRecord, AlertStatus, IncomingAlert } from '../../alert/alert.ts';
import { applyChange, joinGroup, leaveGroup } from '../../alert/apply-change.ts';
import { classifyAlert, isStoredChange } from '../../alert/classify.ts';
import { heldAs, truthOf } from '../../alert/flapping.ts';
import { hearLaterNews } from '../../alert/later-news.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { Instant } from '../../kernel/instant.ts';

/** What one message proposes for one alert, given what is stored of it. `after` is not judged and not attached yet. */
export type Proposal =
  | { readonly kind: 'none' }
  /** Written without a row of the ledger: annotations, groups. */
  | { readonly kind: 'store'; readonly after: AlertRecord }
  | { readonly kind: 'late copy'; readonly status: AlertStatus; readonly why: string }
  | { readonly kind: 'fire'; readonly after: AlertRecord; readonly why: string }
  | { readonly kind: 'end'; readonly after: AlertRecord; readonly why: string; readonly wentQuiet: boolean }
  /** Fires, and is judged once more: a silence may have begun or ended. */
  | { readonly kind: 'judge again'; readonly after: AlertRecord; readonly why: string };

/** One alert's part of a message. It is proposed anew after each lost race, so it holds what arrived and no state. */
export interface AlertTask extends AlertId {
  /** Deterministic, so that a redelivery writes the same row of the ledger. */
  readonly changeId: string;
  /** It tells nothing of the alert's status, only that it must be judged: so it sees a held end as what it counts for, firing. */
  readonly judges?: true;
  readonly propose: (stored: AlertRecord | null, now: Instant) => Proposal;
  /** It is told now, whatever its group waits for. */
  readonly endsWait?: true;
}

const none: Proposal = { kind: 'none' };

/** What the task proposes; news of an alert that flaps is compared with what its source last told, not with what is held. */
export function proposeFor(task: AlertTask, stored: AlertRecord | null, now: Instant): Proposal {
  if (stored === null || task.judges === true) return task.propose(stored, now);
  const proposal = task.propose(truthOf(stored), now);
  return proposal.kind === 'store' ? { ...proposal, after: heldAs(stored, proposal.after) } : proposal;
}

/** A copy of an alert that a webhook brought. `groupId` is null where no group holds it. */
export const copyTask = (message: AlertGroupMessage, groupId: string | null, incoming: IncomingAlert): AlertTask => ({
  source: message.source,
  fingerprint: incoming.fingerprint,
  changeId: hashOf(message.id, incoming.fingerprint, incoming.status),
  propose: (stored, now) => proposeCopy(message, groupId, incoming, stored, now),
});

function proposeCopy(
  message: AlertGroupMessage,
  groupId: string | null,
  incoming: IncomingAlert,
  stored: AlertRecord | null,
  now: Instant,
): Proposal {
  const { source, saidAt, externalURL } = message;
  const receivedAt = saidAt ?? message.receivedAt;
  const oneClock = saidAt === undefined ? {} : { skewSeconds: 0 };
  const change = classifyAlert(incoming, stored, { receivedAt, externalURL, now, ...oneClock });
  if (change.kind === 'late copy') return { kind: 'late copy', status: incoming.status, why: change.why };
  if (!isStoredChange(change)) {
    const after = stored === null ? null : repeat(incoming, stored, groupId, saidAt);
    return after === null ? none : { kind: 'store', after };
  }
  const after = applyChange(incoming, stored, change, { source, groupId, externalURL, receivedAt, now });
  switch (change.kind) {
    case 'annotations':
      return { kind: 'store', after: hearLaterNews(after, incoming, saidAt) };
    case 'fired':
    case 'refired':
      return { kind: 'fire', after: { ...after, judgedIn: judgedIn(message) }, why: change.why };
    case 'resolved':
    case 'resolved before trigger':
      return { kind: 'end', after, why: change.why, wentQuiet: false };
  }
}

/** What is left to store of a copy that says nothing new; null: nothing. */
function repeat(
  incoming: IncomingAlert,
  stored: AlertRecord,
  groupId: string | null,
  saidAt: Instant | undefined,
): AlertRecord | null {
  const joined = groupId === null || incoming.status !== 'firing' ? null : joinGroup(stored, groupId);
  const heard = hearLaterNews(joined ?? stored, incoming, saidAt);
  return heard === stored ? null : { ...heard, version: stored.version + 1 };
}

const judgedIn = ({ receiver, groupKey }: AlertGroupMessage) => ({ receiver, groupKey });

/** A group lets a member go. `messageId` is of the message that showed it. */
export const leaveTask = (id: AlertId, groupId: string, messageId: string, reason: string): AlertTask => ({
  source: id.source,
  fingerprint: id.fingerprint,
  changeId: hashOf(messageId, id.fingerprint, 'left'),
  propose: (stored, now) => {
    const after = stored === null ? null : leaveGroup(stored, groupId, now);
    if (after === null) return none;
    if (after.status === 'firing') return { kind: 'store', after };
    return { kind: 'end', after, why: reason, wentQuiet: true };
  },
});

export const judgeTask = (id: AlertId, messageId: string): AlertTask => ({
  source: id.source,
  fingerprint: id.fingerprint,
  changeId: hashOf(messageId, id.fingerprint, 'judged'),
  judges: true,
  propose: (stored) =>
    stored === null || stored.status !== 'firing'
      ? none
      : { kind: 'judge again', after: { ...stored, version: stored.version + 1 }, why: 'it was judged again' },
});
