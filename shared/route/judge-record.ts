import type { AlertRecord } from '../alert/alert.ts';
import type { Policy } from '../config/policy.ts';
import { heartbeatOfAlert } from '../heartbeat/match-heartbeat.ts';
import { type Incident, keepsMembers } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';
import type { SilenceIndex } from '../silence/silence-index.ts';
import type { KnownInhibitors } from './inhibition.ts';
import { type Judgement, judgeAlert } from './judge-alert.ts';

/** What must be loaded to judge for good; without it alerts are only ranked. */
export interface JudgeWith {
  readonly inhibitors: KnownInhibitors;
  /** The incidents that the alerts are attached to. */
  readonly attached: ReadonlyMap<string, Incident>;
}

/** Judges stored alerts, each in the group that it was first judged in: a silence that ends gives it back its old key. */
export const makeJudge =
  (policy: Policy, silences: SilenceIndex, now: Instant, loaded?: JudgeWith) =>
  (alert: AlertRecord): Judgement => {
    const { source, labels, judgedIn, incidentIds } = alert;
    const heartbeat = heartbeatOfAlert(policy.heartbeats, source, labels);
    if (heartbeat !== null) return consumed(heartbeat.name);
    const { receiver, groupKey } = judgedIn ?? { receiver: '', groupKey: null };
    const context = { policy, silences, group: { source, receiver, groupKey }, now, alert };
    if (loaded === undefined) return judgeAlert(labels, context);
    const inIncident = incidentIds.some((id) => {
      const incident = loaded.attached.get(id);
      return incident !== undefined && keepsMembers(incident);
    });
    return judgeAlert(labels, { ...context, inhibitors: loaded.inhibitors, inIncident });
  };

/** Never by itself: the sweep asks for another judgement when the policy file no longer names it. */
const never: Instant = '9999-12-31T23:59:59.999Z';

const consumed = (heartbeat: string): Judgement => ({
  kind: 'suppressed',
  suppression: { kind: 'heartbeat', heartbeat, until: never },
  why: `it is heartbeat ${heartbeat} of the policy file, which tells people when it stops`,
});
