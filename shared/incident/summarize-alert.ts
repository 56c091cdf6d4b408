import type { AlertRecord } from '../alert/alert.ts';
import type { Labels } from '../alert/labels.ts';
import { shorten } from '../alert/safe-text.ts';
import { utf8Length } from '../kernel/utf8.ts';
import type { AlertSummary } from './incident.ts';

/**
 * Bytes of UTF-8 that an incident keeps of one alert; the alert itself keeps its full text. Ten summaries lie in an incident
 * and up to ten in a commit. A transaction of 100 items holds at most 25 alerts of as many incidents (alert, row, incident and
 * commit each): at worst 25 x (62 + 1 + 93 + 11) KB, just below its 4 MB.
 */
const limits = { labelBytes: 256, labelsBytes: 3 * 1024, annotationBytes: 1024, urlBytes: 1024 } as const;

const shownAnnotations = ['summary', 'description', 'value', 'runbook_url', 'dashboard_url'] as const;

/** What an incident shows of one alert. */
export const summarizeAlert = (alert: AlertRecord): AlertSummary => ({
  source: alert.source,
  fingerprint: alert.fingerprint,
  labels: boundLabels(alert.labels),
  annotations: Object.fromEntries(
    shownAnnotations.flatMap((name) => {
      const text = Object.hasOwn(alert.annotations, name) ? alert.annotations[name] : undefined;
      return text === undefined ? [] : [[name, shorten(text, limits.annotationBytes)]];
    }),
  ),
  // A link that was cut would lead nowhere.
  generatorURL: utf8Length(alert.generatorURL) > limits.urlBytes ? '' : alert.generatorURL,
  startsAt: alert.startsAt,
});

/** The name of the alert first, then the shortest: what people route by is short. */
function boundLabels(labels: Labels): Labels {
  const entries = Object.entries(labels).map(([name, value]) => [name, shorten(value, limits.labelBytes)] as const);
  const size = ([name, value]: readonly [string, string]) => utf8Length(name) + utf8Length(value);
  const total = entries.reduce((sum, entry) => sum + size(entry), 0);
  if (total <= limits.labelsBytes) return Object.fromEntries(entries);
  const rank = (entry: readonly [string, string]) => (entry[0] === 'alertname' ? 0 : size(entry));
  let left = limits.labelsBytes;
  const kept = entries
    .sort((a, b) => rank(a) - rank(b))
    .filter((entry) => {
      left -= size(entry);
      return left >= 0;
    });
  return Object.fromEntries(kept);
}
