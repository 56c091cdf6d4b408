/** The smallest value that at least `share` of the values do not exceed (nearest rank). NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Epoch milliseconds with fractions, on one clock for senders and stand-ins of this process. */
export const nowMillis = (): number => performance.timeOrigin + performance.now();
