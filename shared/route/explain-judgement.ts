import { type Labels, labelValue } from '../alert/labels.ts';
import { formatMatchers } from '../alert/matcher.ts';
import { shorten } from '../alert/safe-text.ts';
import { nameSuppression, type Suppression } from '../alert/suppression.ts';
import { matcherSetsOf, type Silence } from '../silence/silence.ts';
import type { RouteDecision } from './route-alert.ts';

/** Sentences that name the rule: shown for each page and non-page. */

/** Bytes of foreign text in one sentence. */
const quotedBytes = 200;

export const quote = (text: string): string => JSON.stringify(shorten(text, quotedBytes));

/** `others`: more that match now. */
export function explainSilence(longest: Silence, others: number): string {
  const matchers = shorten(matcherSetsOf(longest).map(formatMatchers).join(' or '), quotedBytes);
  const more = others === 0 ? '' : `, and ${others} more active ${others === 1 ? 'silence matches' : 'silences match'}`;
  const by =
    longest.origin === undefined ? `by ${quote(longest.createdBy)}` : `of window ${quote(longest.origin.window)}`;
  return `silence ${longest.id} ${by} matches ${matchers} until ${longest.endsAt}${more}`;
}

export function explainRoute({ routed, taken }: RouteDecision, labels: Labels): string {
  const { severity: rule } = taken.node;
  const from =
    rule.kind === 'fixed' ? 'by the route' : `from label ${rule.label}=${quote(labelValue(labels, rule.label))}`;
  const matched = routed.unrouted
    ? 'no branch matched, so the catch-all took it'
    : `matched ${shorten(formatMatchers(taken.conditions), quotedBytes)}`;
  return `route ${routed.routePath}: ${matched}; ${routed.severity} ${from}`;
}

/** A node that tells nobody now. */
export const explainMuted = (path: string, suppression: Suppression): string =>
  `route ${path}: muted by ${nameSuppression(suppression)} until ${suppression.until}`;
