import type { AlertRecord } from '../../alert/alert.ts';
import type { Policy } from '../../config/policy.ts';
import { heartbeatOfAlert } from '../../heartbeat/match-heartbeat.ts';
import type { Instant } from '../../kernel/instant.ts';
import { type Judgement, judgeAlert } from '../../route/judge-alert.ts';
import type { SilenceIndex } from '../../silence/silence-index.ts';

/** Judges stored alerts, each in the group that it was first judged in: a silence that ends gives it back its old key. */
export const makeJudge =
  (policy: Policy, silences: SilenceIndex, now: Instant) =>
  (alert: AlertRecord): Judgement => {
    const { source, labels, judgedIn } = alert;
    const heartbeat = heartbeatOfAlert(policy.heartbeats, source, labels);
    if (heartbeat !== null) return consumed(heartbeat.name);
    const { receiver, groupKey } = judgedIn ?? { receiver: '', groupKey: '' };
    return judgeAlert(labels, { policy, silences, group: { source, receiver, groupKey }, now, alert });
  };

/** Never by itself: the sweep asks for another judgement when the policy file no longer names it. */
const never: Instant = '9999-12-31T23:59:59.999Z';

const consumed = (heartbeat: string): Judgement => ({
  kind: 'suppressed',
  suppression: { kind: 'heartbeat', heartbeat, until: never },
  why: `it is heartbeat ${heartbeat} of the policy file, which tells people when it stops`,
});
