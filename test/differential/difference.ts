/** One input on which a program of Alertmanager and Tocsin do not agree. */
export interface Difference {
  readonly part: string;
  readonly program: string;
  /** All that is needed to see it again. */
  readonly input: unknown;
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** What one part of the run has compared. */
export interface Comparison {
  readonly cases: number;
  readonly differences: readonly Difference[];
}

export const joinComparisons = (parts: readonly Comparison[]): Comparison => ({
  cases: parts.reduce((sum, part) => sum + part.cases, 0),
  differences: parts.flatMap((part) => part.differences),
});

/** Splits into chunks and asks for two at a time: one process a core. */
export async function inChunks<T>(
  items: readonly T[],
  size: number,
  ask: (chunk: readonly T[], first: number) => Promise<Comparison>,
): Promise<Comparison> {
  const firsts = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => i * size);
  const done: Comparison[] = [];
  const worker = async () => {
    for (let first = firsts.shift(); first !== undefined; first = firsts.shift()) {
      done.push(await ask(items.slice(first, first + size), first));
    }
  };
  await Promise.all([worker(), worker()]);
  return joinComparisons(done);
}
