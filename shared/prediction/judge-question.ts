import type { AlertRecord } from '../alert/alert.ts';
import { applyChange } from '../alert/apply-change.ts';
import { fingerprintOf } from '../alert/fingerprint.ts';
import type { Policy } from '../config/policy.ts';
import { escalationChoiceFor, findRoute } from '../escalation/pin-policy.ts';
import type { Judgement } from '../route/judge-alert.ts';
import { makeJudge } from '../route/judge-record.ts';
import type { RoutedAlert } from '../route/route.ts';
import { silencesAt } from './active-silences.ts';
import type { LiveFacts, Question } from './prediction.ts';

/** The group of a webhook: which one it is decides no more than whether two routes mean the same incident. */
const anyGroup = { receiver: 'any', groupKey: '{}:{}' };

/** The alert as ingest would store it when it begins to fire. */
export function recordOf({ labels, at, source, arrival }: Question): AlertRecord {
  const incoming = {
    fingerprint: fingerprintOf(labels),
    status: 'firing',
    labels,
    annotations: {},
    startsAt: at,
    endsAt: null,
    generatorURL: '',
  } as const;
  const context = { source, groupId: null, externalURL: '', receivedAt: at, now: at };
  const record = applyChange(incoming, null, { kind: 'fired', why: 'somebody asks' }, context);
  return arrival === 'webhook' ? { ...record, judgedIn: anyGroup } : record;
}

/** Judges the alert that somebody asks about as ingest judges one that it has stored; what inhibits it is not known. */
export function judgeQuestion(policy: Policy, question: Question, { silences }: LiveFacts): Judgement {
  const { at, severity } = question;
  const judgement = makeJudge(policy, silencesAt(policy, silences, at), at)(recordOf(question));
  if (judgement.kind === 'suppressed' || severity === null) return judgement;
  return { ...judgement, routes: judgement.routes.map((routed) => withSeverity(policy, routed, severity)) };
}

/** What the route would have said, had it given that severity. */
function withSeverity(policy: Policy, routed: RoutedAlert, severity: RoutedAlert['severity']): RoutedAlert {
  const route = findRoute(policy.route, routed.routePath);
  return {
    ...routed,
    severity,
    escalationPolicy: escalationChoiceFor(policy, { route, service: routed.service, severity }),
  };
}
