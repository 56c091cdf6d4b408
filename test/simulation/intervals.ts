/** Half-open, in milliseconds. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

/** Stretches of time in which something held, from a history of changes in order; it may still hold at `end`. */
export function holdingOf(
  changes: Iterable<{ readonly at: number; readonly holds: boolean }>,
  end: number,
): Interval[] {
  const intervals: Interval[] = [];
  let since: number | null = null;
  for (const { at, holds } of changes) {
    if (holds && since === null) since = at;
    if (!holds && since !== null) {
      intervals.push({ from: since, until: at });
      since = null;
    }
  }
  if (since !== null) intervals.push({ from: since, until: end });
  return intervals;
}

/** All instants of any of them, as stretches in order that do not touch. */
export function unionOf(intervals: readonly Interval[]): Interval[] {
  const union: Interval[] = [];
  for (const { from, until } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (from >= until) continue;
    if (last !== undefined && from <= last.until)
      union[union.length - 1] = { from: last.from, until: Math.max(last.until, until) };
    else union.push({ from, until });
  }
  return union;
}

/** What is left of [start, end). */
export function complementOf(intervals: readonly Interval[], start: number, end: number): Interval[] {
  const rest: Interval[] = [];
  let from = start;
  for (const each of unionOf(intervals)) {
    if (each.from > from) rest.push({ from, until: Math.min(each.from, end) });
    from = Math.max(from, each.until);
  }
  if (from < end) rest.push({ from, until: end });
  return rest.filter((each) => each.from < each.until);
}

export const intersectionOf = (a: readonly Interval[], b: readonly Interval[]): Interval[] =>
  a.flatMap((x) =>
    b.flatMap((y) => {
      const from = Math.max(x.from, y.from);
      const until = Math.min(x.until, y.until);
      return from < until ? [{ from, until }] : [];
    }),
  );

export const longerThan = (intervals: readonly Interval[], millis: number): Interval[] =>
  intervals.filter(({ from, until }) => until - from > millis);
