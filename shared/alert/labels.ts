/** A label set: names to non-empty values. A missing label reads as "" everywhere, as in Prometheus. */
export type Labels = Readonly<Record<string, string>>;

/** A label's value, "" when it is missing. Reads own properties only: `constructor` is a legal label name. */
export const labelValue = (labels: Labels, name: string): string =>
  Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';

/** True when both sets hold the same names with the same values. */
export function equalLabels(a: Labels, b: Labels): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
