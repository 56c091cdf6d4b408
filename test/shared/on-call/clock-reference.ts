/**
 * Clocks as Intl.DateTimeFormat shows them, read without any code of the product: what its answers are compared with. All in
 * minutes: since 1972 no zone has had an offset of anything but whole minutes.
 */
export const minuteMillis = 60_000;
const hourMinutes = 60;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  formats.set(timeZone, format);
  return format;
}

/** Minutes by which clocks are ahead of UTC at a minute since the epoch. */
export function offsetAt(timeZone: string, minute: number): number {
  const text = formatOf(timeZone).format(minute * minuteMillis);
  const match = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(text);
  if (!match) throw new Error(`cannot read ${text}`);
  const [, sign, hours = '0', minutes = '0'] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * hourMinutes + Number(minutes));
}

/** The first minute in (low, high] with another offset than `low`, when there is one change between them. */
function findChange(timeZone: string, low: number, high: number): number {
  const before = offsetAt(timeZone, low);
  let [last, first] = [low, high];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (offsetAt(timeZone, middle) === before) last = middle;
    else first = middle;
  }
  return first;
}

/** No zone has taken a change back sooner: Boa Vista in October 2000 did so after a week less an hour. */
const lookEveryMinutes = 6 * 24 * hourMinutes;

/** The minutes at which clocks are set, found by looking every `step` minutes. */
export function changesBetween(timeZone: string, from: number, to: number, step = lookEveryMinutes): number[] {
  const changes: number[] = [];
  for (let minute = from; minute < to; minute += step) {
    const next = Math.min(to, minute + step);
    if (offsetAt(timeZone, minute) !== offsetAt(timeZone, next)) changes.push(findChange(timeZone, minute, next));
  }
  return changes;
}

/** Minute by minute, what clocks show and the latest time that they have shown so far, both in minutes as if they were UTC. */
export interface ClockTable {
  readonly timeZone: string;
  /** The minute of the first entry. */
  readonly from: number;
  readonly shown: Float64Array;
  readonly latestShown: Float64Array;
}

/**
 * "The latest time shown so far" is all that the naive reading needs: clocks have come to a local time, or beyond it, when it is not
 * later than that. In a gap it leaps over what is skipped, in a fold it stands still until clocks are where they were.
 */
export function clockTable(timeZone: string, from: number, minutes: number): ClockTable {
  const shown = new Float64Array(minutes);
  const latestShown = new Float64Array(minutes);
  const changes = changesBetween(timeZone, from, from + minutes, hourMinutes);
  let offset = offsetAt(timeZone, from);
  let latest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < minutes; index++) {
    if (from + index === changes[0]) {
      changes.shift();
      offset = offsetAt(timeZone, from + index);
    }
    const local = from + index + offset;
    latest = Math.max(latest, local);
    shown[index] = local;
    latestShown[index] = latest;
  }
  return { timeZone, from, shown, latestShown };
}
