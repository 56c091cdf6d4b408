import type { AlertRecord } from '../../alert/alert.ts';
import type { Policy } from '../../config/policy.ts';
import type { Instant } from '../../kernel/instant.ts';
import { type Judgement, judgeAlert } from '../../route/judge-alert.ts';
import type { SilenceIndex } from '../../silence/silence-index.ts';

/** Judges stored alerts, each in the group that it was first judged in: a silence that ends gives it back its old key. */
export const makeJudge =
  (policy: Policy, silences: SilenceIndex, now: Instant) =>
  (alert: AlertRecord): Judgement => {
    const { source, labels, judgedIn } = alert;
    const { receiver, groupKey } = judgedIn ?? { receiver: '', groupKey: '' };
    return judgeAlert(labels, { policy, silences, group: { source, receiver, groupKey }, now, alert });
  };
