import { type Labels, labelValue } from '../alert/labels.ts';
import { formatMatchers } from '../alert/matcher.ts';
import { shorten } from '../alert/safe-text.ts';
import type { Suppression } from '../alert/suppression.ts';
import type { Policy } from '../config/policy.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Silence } from '../silence/silence.ts';
import { activeSilencesFor, type SilencedAlert, type SilenceIndex } from '../silence/silence-index.ts';
import type { RoutedAlert } from './route.ts';
import { decideRoutes, type RouteDecision, type RouteGroup } from './route-alert.ts';

export interface JudgeContext {
  readonly policy: Policy;
  readonly silences: SilenceIndex;
  readonly group: RouteGroup;
  readonly now: Instant;
  /** Whose labels these are; absent when somebody only asks about labels: then no silence of a single alert holds. */
  readonly alert?: SilencedAlert;
}

/** `why` is a sentence that names the rule: shown for each page and non-page. */
export type Judgement =
  | { readonly kind: 'suppressed'; readonly suppression: Suppression; readonly why: string }
  | { readonly kind: 'routed'; readonly routes: readonly RoutedAlert[]; readonly why: string };

/** Bytes of foreign text in one sentence. */
const quotedBytes = 200;

const quote = (text: string): string => JSON.stringify(shorten(text, quotedBytes));

function explainSilence(longest: Silence, others: number): string {
  const matchers = shorten(formatMatchers(longest.matchers), quotedBytes);
  const more = others === 0 ? '' : `, and ${others} more active ${others === 1 ? 'silence matches' : 'silences match'}`;
  return `silence ${longest.id} by ${quote(longest.createdBy)} matches ${matchers} until ${longest.endsAt}${more}`;
}

function explainRoute({ routed, taken }: RouteDecision, labels: Labels): string {
  const { severity: rule } = taken.node;
  const from =
    rule.kind === 'fixed' ? 'by the route' : `from label ${rule.label}=${quote(labelValue(labels, rule.label))}`;
  const matched = routed.unrouted
    ? 'no branch matched, so the catch-all took it'
    : `matched ${shorten(formatMatchers(taken.conditions), quotedBytes)}`;
  return `route ${routed.routePath}: ${matched}; ${routed.severity} ${from}`;
}

/**
 * Does a firing alert reach people now? Silences first, then routes. A suppressed alert is judged again when the longest of
 * its silences ends, or when silences change.
 */
export function judgeAlert(labels: Labels, { policy, silences, group, now, alert }: JudgeContext): Judgement {
  const active = activeSilencesFor(silences, labels, now, alert);
  const [longest] = active;
  if (longest !== undefined) {
    return {
      kind: 'suppressed',
      suppression: { kind: 'silence', silenceId: longest.id, until: longest.endsAt },
      why: explainSilence(longest, active.length - 1),
    };
  }
  const decisions = decideRoutes(policy, labels, group);
  return {
    kind: 'routed',
    routes: decisions.map(({ routed }) => routed),
    why: decisions.map((decision) => explainRoute(decision, labels)).join('. '),
  };
}
