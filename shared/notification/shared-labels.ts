import type { Labels } from '../alert/labels.ts';
import type { AlertSummary } from '../incident/incident.ts';

/** The labels that every sample has with the same value, by name: what the incident is about. Empty without samples. */
export function sharedLabels(sample: readonly AlertSummary[]): Labels {
  const [first, ...others] = sample;
  if (!first) return {};
  return Object.fromEntries(
    Object.entries(first.labels)
      .filter(([name, value]) => others.every((other) => other.labels[name] === value))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What tells one sample from the others, by name. */
export const ownLabels = (summary: AlertSummary, shared: Labels): Labels =>
  Object.fromEntries(
    Object.entries(summary.labels)
      .filter(([name]) => !Object.hasOwn(shared, name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
