import type { AlertId } from '../../alert/alert.ts';
import { applyPosted, endLease } from '../../alert/apply-posted.ts';
import { classifyPosted } from '../../alert/classify-posted.ts';
import { asIncoming, leaseOf, type PostedAlert, type PostedMessage } from '../../alert/posted-alert.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { AlertTask, Proposal } from './propose.ts';

const none: Proposal = { kind: 'none' };

/** A copy of an alert that was posted to us. */
export const postedTask = (
  { id, source, receivedAt }: PostedMessage,
  posted: PostedAlert,
  resolveTimeoutSeconds: number,
): AlertTask => {
  const { status } = asIncoming(posted, receivedAt);
  const lease = leaseOf(posted, receivedAt, resolveTimeoutSeconds);
  return {
    source,
    fingerprint: posted.fingerprint,
    changeId: hashOf(id, posted.fingerprint, status),
    propose: (stored, now) => {
      const context = { source, receivedAt, lease, now };
      const change = classifyPosted(posted, stored, context);
      if (change.kind === 'unchanged') return none;
      if (change.kind === 'late copy') return { kind: 'late copy', status, why: change.why };
      const after = applyPosted(posted, stored, change, context);
      switch (change.kind) {
        case 'annotations':
        case 'lease':
          return { kind: 'store', after };
        case 'fired':
        case 'refired':
          return { kind: 'fire', after, why: change.why };
        case 'resolved':
        case 'resolved before trigger':
          return { kind: 'end', after, why: change.why, wentQuiet: false };
      }
    },
  };
};

/** The sweep found its lease over. */
export const leaseTask = (id: AlertId, messageId: string): AlertTask => ({
  source: id.source,
  fingerprint: id.fingerprint,
  changeId: hashOf(messageId, id.fingerprint, 'lease over'),
  propose: (stored, now) => {
    const after = stored === null ? null : endLease(stored, now);
    if (after === null) return none;
    if (after.status === 'firing') return { kind: 'store', after };
    const why = `its source said nothing more until ${stored?.leaseUntil}`;
    return { kind: 'end', after, why, wentQuiet: true };
  },
});
