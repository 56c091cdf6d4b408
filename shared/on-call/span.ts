/** A part of time in milliseconds since the epoch; half-open. Lists of them are in order and without overlap. */
export interface Span {
  readonly startsAt: number;
  readonly endsAt: number;
}

export const cutTo = (span: Span, within: Span): Span => ({
  startsAt: Math.max(span.startsAt, within.startsAt),
  endsAt: Math.min(span.endsAt, within.endsAt),
});

/** Spans in any order, as a list: those that overlap or touch become one, empty ones go. */
export function unite(spans: readonly Span[]): readonly Span[] {
  const united: Span[] = [];
  for (const span of spans.filter(isSome).sort((a, b) => a.startsAt - b.startsAt)) {
    const last = united.at(-1);
    if (last === undefined || last.endsAt < span.startsAt) united.push(span);
    else united[united.length - 1] = { startsAt: last.startsAt, endsAt: Math.max(last.endsAt, span.endsAt) };
  }
  return united;
}

/** The parts of one list that the other has, too, found in one walk over both. */
export function intersect<T extends Span>(items: readonly T[], allowed: readonly Span[]): readonly T[] {
  const parts: T[] = [];
  let next = 0;
  for (const item of items) {
    for (let span = allowed[next]; span !== undefined && span.startsAt < item.endsAt; span = allowed[next]) {
      const part = cutTo(item, span);
      if (isSome(part)) parts.push({ ...item, ...part });
      // What reaches beyond this item is looked at again for the next one.
      if (span.endsAt > item.endsAt) break;
      next++;
    }
  }
  return parts;
}

const isSome = ({ startsAt, endsAt }: Span): boolean => startsAt < endsAt;
