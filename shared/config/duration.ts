/** Units as Prometheus has them, longest first: a year is 365 days and a day is 24 hours, whatever the calendar says. */
const unitSeconds = [
  ['y', 365 * 86_400],
  ['w', 7 * 86_400],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** Whole seconds are enough for a policy, so Prometheus's `ms` is left out. */
export const durationPattern = /^(?=\d)(\d{1,9}y)?(\d{1,9}w)?(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m)?(\d{1,9}s)?$/;

/** Seconds in a duration such as `30s`, `5m`, `1h30m` or `7d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text);
  if (!match) return null;
  return unitSeconds.reduce(
    (sum, [, seconds], index) => sum + Number.parseInt(match[index + 1] ?? '0', 10) * seconds,
    0,
  );
}

/** The same with Prometheus's `ms` and its bare `0`, for what is pasted from Alertmanager; then seconds may be a fraction. */
export function parseGoDuration(text: string): number | null {
  if (text === '0') return 0;
  const match = /^(?=\d)(.*?)(?:(\d{1,9})ms)?$/.exec(text);
  if (!match) return null;
  const [, whole = '', millis = '0'] = match;
  const seconds = whole === '' ? 0 : parseDuration(whole);
  return seconds === null ? null : seconds + Number.parseInt(millis, 10) / 1000;
}

/** The shortest text that reads back as the same number of seconds: 5400 is `1h30m`. Years and weeks are not used. */
export function formatDuration(seconds: number): string {
  let rest = seconds;
  let text = '';
  for (const [unit, size] of unitSeconds.slice(2)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
