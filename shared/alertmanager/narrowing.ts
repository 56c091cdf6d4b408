import type { Labels } from '../alert/labels.ts';
import { formatMatcher } from '../alert/matcher.ts';
import type { AlertStatusView } from './alert-status.ts';

/** What would make a list of alerts that is too long shorter, counted while it is read. */
export interface Narrowing {
  readonly alerts: number;
  readonly held: { silenced: number; inhibited: number };
  /** By label, how many alerts have each value; null: too many values to help anybody. */
  readonly byLabel: Map<string, Map<string, number> | null>;
}

/** A label with more values than this names single things, such as an instance. */
const mostValues = 50;
const mostLabels = 200;
const suggested = 3;
/** Characters that a person may want to type. */
const longestMatcher = 200;

export const noAlertsYet = (): Narrowing => ({ alerts: 0, held: { silenced: 0, inhibited: 0 }, byLabel: new Map() });

export function countAlert(narrowing: Narrowing, labels: Labels, status: AlertStatusView): Narrowing {
  const { byLabel, held } = narrowing;
  if (status.silencedBy.length > 0) held.silenced += 1;
  if (status.inhibitedBy.length > 0) held.inhibited += 1;
  for (const [name, value] of Object.entries(labels)) {
    const counts = byLabel.get(name) ?? (byLabel.has(name) || byLabel.size >= mostLabels ? null : new Map());
    if (counts === null) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    byLabel.set(name, counts.size > mostValues ? null : counts);
  }
  return { ...narrowing, alerts: narrowing.alerts + 1 };
}

/** Filters that leave at most `fitting` alerts, the most useful first: those that keep most of what was asked for. */
export function suggestFilters({ alerts, held, byLabel }: Narrowing, fitting: number): readonly string[] {
  const states = (['silenced', 'inhibited'] as const)
    .filter((state) => held[state] > 0 && alerts - held[state] <= fitting)
    .map((state) => ({ text: `${state}=false`, left: alerts - held[state] }));
  const labels = [...byLabel].flatMap(([name, counts]) => {
    const fits = [...(counts ?? [])].filter(([, count]) => count <= fitting && count < alerts);
    const [best] = fits.sort(([, a], [, b]) => b - a);
    if (best === undefined) return [];
    const matcher = formatMatcher({ name, operator: '=', value: best[0] });
    return matcher.length > longestMatcher ? [] : [{ text: `filter=${matcher}`, left: best[1] }];
  });
  return [...states, ...labels.sort((a, b) => b.left - a.left)]
    .slice(0, suggested)
    .map(({ text, left }) => `${text} (${left} alerts)`);
}
