import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertId } from '#shared/alert/alert.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Labels } from '#shared/alert/labels.ts';
import { formatMatcher } from '#shared/alert/matcher.ts';
import type { InhibitRule } from '#shared/route/inhibit-rule.ts';
import { findInhibition, type Inhibitor, inhibitorPlaces, inhibitTargets } from '#shared/route/inhibition.ts';
import type { Comparison } from './difference.ts';
import { quoteYaml } from './yaml.ts';

const printRule = ({ sourceMatchers, targetMatchers, equal }: InhibitRule): string => {
  const list = (texts: readonly string[]) => `[${texts.map(quoteYaml).join(', ')}]`;
  const [source, target] = [sourceMatchers.map(formatMatcher), targetMatchers.map(formatMatcher)];
  return `- {source_matchers: ${list(source)}, target_matchers: ${list(target)}, equal: ${list(equal)}}\n`;
};

export const inhibitionConfig = (rules: readonly InhibitRule[]): string =>
  `route: {receiver: root, group_wait: 1h}\nreceivers: [{name: root}]\ninhibit_rules:\n${rules.map(printRule).join('')}`;

/** All alerts filed as the store files them: in each place the one-sided come first. */
function fileAll(rules: readonly InhibitRule[], alerts: readonly Labels[]): ReadonlyMap<string, Inhibitor> {
  const known = new Map<string, Inhibitor>();
  for (const labels of alerts) {
    const id: AlertId = { source: 'main', fingerprint: fingerprintOf(labels) };
    for (const { place, sides } of inhibitorPlaces(rules, labels)) {
      if (known.get(place)?.sides !== 'one') known.set(place, { ...id, sides });
    }
  }
  return known;
}

export interface InhibitionRun {
  readonly url: string;
  readonly rules: readonly InhibitRule[];
  readonly alerts: readonly Labels[];
}

/** Which of the alerts that fire together are inhibited, by a real Alertmanager that scans and by our places. */
export async function compareInhibition({ url, rules, alerts }: InhibitionRun): Promise<Comparison> {
  const body = JSON.stringify(alerts.map((labels) => ({ labels, endsAt: '2100-01-01T00:00:00.000Z' })));
  const headers = { 'content-type': 'application/json' };
  const posted = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body });
  if (!posted.ok) throw new Error(`Alertmanager refused the alerts: ${await posted.text()}`);
  // Its inhibitor hears of alerts from a channel.
  await sleep(2_000);
  const listed = (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly {
    readonly labels: Labels;
    readonly status: { readonly inhibitedBy: readonly string[] };
  }[];
  const known = fileAll(
    rules,
    listed.map(({ labels }) => labels),
  );
  const differences = listed.flatMap(({ labels, status }) => {
    const theirs = status.inhibitedBy.length > 0;
    const ours = findInhibition(inhibitTargets(rules, labels), known);
    if (theirs === (ours !== null)) return [];
    return [
      { part: 'inhibition', program: 'Alertmanager', input: { labels, rules }, theirs: status.inhibitedBy, ours },
    ];
  });
  return { cases: listed.length * rules.length, differences };
}
