import type { AlertRecord } from '../alert/alert.ts';
import type { Labels } from '../alert/labels.ts';
import { nameSuppression, type Suppression } from '../alert/suppression.ts';
import type { Policy } from '../config/policy.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { activeSilencesFor, type SilenceIndex } from '../silence/silence-index.ts';
import { explainMuted, explainRoute, explainSilence, quote } from './explain-judgement.ts';
import { findInhibition, inhibitTargets, type KnownInhibitors } from './inhibition.ts';
import { type IntervalSuppression, judgeIntervals } from './judge-intervals.ts';
import { type CompiledRoute, compileRoutes, matchRoutes } from './match-routes.ts';
import type { RoutedAlert } from './route.ts';
import { decideTaken, type RouteGroup } from './route-alert.ts';
import { settlesUntil } from './settle.ts';

export interface JudgeContext {
  readonly policy: Policy;
  readonly silences: SilenceIndex;
  readonly group: RouteGroup;
  readonly now: Instant;
  /** Whose labels these are; absent when somebody only asks about labels: then no silence of a single alert holds. */
  readonly alert?: JudgedAlert;
  /** What fires and inhibits, for the places that the alert looks into; absent: nobody asks for inhibition. */
  readonly inhibitors?: KnownInhibitors;
  /** An open incident has it: it stays there when time intervals begin; `routes` are only those that tell now. */
  readonly inIncident?: boolean;
}

export type JudgedAlert = Pick<
  AlertRecord,
  'source' | 'fingerprint' | 'startsAt' | 'changedAt' | 'heardAt' | 'incidentIds' | 'suppressedBy'
>;

/** `why` is a sentence that names the rule: shown for each page and non-page. */
export type Judgement =
  | { readonly kind: 'suppressed'; readonly suppression: Suppression; readonly why: string }
  | {
      readonly kind: 'routed';
      readonly routes: readonly RoutedAlert[];
      readonly why: string;
      /** When a node that takes it and is muted now may tell. Absent: none is muted. */
      readonly mutedUntil?: Instant;
    };
type Suppressed = Extract<Judgement, { kind: 'suppressed' }>;

/** An inhibitor has no known end, and its end is told; so this is only the look of somebody who trusts nobody. */
const inhibitionLookSeconds = 6 * 3600;

/**
 * Does a firing alert reach people now? Silences (those of maintenance windows too) are looked at first, then what inhibits
 * it, then the routes with their time intervals; last, whether its source is still settling. A suppressed alert is judged again
 * when its suppression ends, or when silences or inhibitors change.
 */
export function judgeAlert(labels: Labels, context: JudgeContext): Judgement {
  return judgeSilences(labels, context) ?? judgeInhibition(labels, context) ?? judgeRoutes(labels, context);
}

function judgeSilences(labels: Labels, { silences, now, alert }: JudgeContext): Suppressed | null {
  const active = activeSilencesFor(silences, labels, now, alert);
  const [longest] = active;
  if (longest === undefined) return null;
  const { id: silenceId, endsAt: until, origin, createdBy: by } = longest;
  return {
    kind: 'suppressed',
    suppression:
      origin === undefined
        ? { kind: 'silence', silenceId, by, until }
        : { kind: 'maintenance', window: origin.window, silenceId, until },
    why: explainSilence(longest, active.length - 1),
  };
}

function judgeInhibition(labels: Labels, { policy, now, alert, inhibitors }: JudgeContext): Suppressed | null {
  if (inhibitors === undefined || policy.inhibitRules.length === 0) return null;
  const found = findInhibition(inhibitTargets(policy.inhibitRules, labels), inhibitors);
  if (found === null) return null;
  const fresh: Suppression = { kind: 'inhibition', ...found, until: addSeconds(now, inhibitionLookSeconds) };
  const earlier = alert?.suppressedBy ?? null;
  // The same reason keeps its end, so that judging again writes nothing.
  const same = earlier !== null && now < earlier.until && nameSuppression(earlier) === nameSuppression(fresh);
  const { source, fingerprint } = found.inhibitor;
  return {
    kind: 'suppressed',
    suppression: same ? earlier : fresh,
    why: `inhibition rule ${quote(found.rule)}: alert ${fingerprint} of source ${source} fires`,
  };
}

interface NodeTaken {
  readonly route: CompiledRoute;
  readonly muted: IntervalSuppression | null;
}

function judgeRoutes(labels: Labels, context: JudgeContext): Judgement {
  const { policy, group, now, inIncident = false } = context;
  const taken = matchRoutes(compileRoutes(policy.route), labels).map(
    (route): NodeTaken => ({ route, muted: judgeIntervals(route.node, policy.timeIntervals, now) }),
  );
  const telling = taken.flatMap(({ route, muted }) => (muted === null ? [route] : []));
  const muted = taken.flatMap(({ route, muted: by }) => (by === null ? [] : [{ path: route.node.path, by }]));
  const [first] = muted.map(({ by }) => by).sort((a, b) => (a.until < b.until ? -1 : 1));
  const why = muted.map(({ path, by }) => explainMuted(path, by));
  if (telling.length === 0 && first !== undefined && !inIncident) {
    return { kind: 'suppressed', suppression: first, why: why.join('. ') };
  }
  const decisions = decideTaken(policy, labels, group, telling);
  const routed: Judgement = {
    kind: 'routed',
    routes: decisions.map((decision) => decision.routed),
    why: [...decisions.map((decision) => explainRoute(decision, labels)), ...why].join('. '),
    ...(first === undefined ? {} : { mutedUntil: first.until }),
  };
  return judgeSettling(labels, context, routed.routes) ?? routed;
}

function judgeSettling(labels: Labels, context: JudgeContext, routes: readonly RoutedAlert[]): Suppressed | null {
  const { policy, now, alert, inhibitors, inIncident = false } = context;
  if (alert === undefined || inhibitors === undefined || inIncident) return null;
  const targets = inhibitTargets(policy.inhibitRules, labels);
  const until = targets.length === 0 ? null : settlesUntil(alert, routes, policy);
  if (until === null || now >= until) return null;
  const rules = targets.map(({ rule }) => quote(rule)).join(', ');
  return {
    kind: 'suppressed',
    suppression: { kind: 'settling', until },
    why: `it fires since ${alert.startsAt} and its source tells so only now, as after a restart: what inhibits it by ${rules} may follow until ${until}`,
  };
}
