/** Keys and indexes from the top of the policy file to the place that is meant. */
export type PolicyPath = readonly (string | number)[];

/** What a check says before it knows where in the file the place is. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly at: PolicyPath;
  /** Point at the name before the colon instead of the value behind it. */
  readonly onKey?: boolean;
  /** A clause without a full stop. */
  readonly message: string;
  /** A whole sentence that says what to write instead. */
  readonly fix: string;
}

/** One thing that is wrong with a policy file, at a 1-based line and column. */
export interface PolicyProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `route.routes[0].owner`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

export const formatPath = (path: PolicyPath): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');

/** One line that editors and CI systems turn into a link: `config/prod.yaml:12:7: message. Fix: sentence`. */
export const formatProblem = (problem: PolicyProblem): string =>
  `${problem.file}:${problem.line}:${problem.column}: ${problem.message}. Fix: ${problem.fix}`;

const compareNumbers = (a: number, b: number): number => a - b;

/** In the order in which a reader meets them. */
export const sortProblems = (problems: readonly PolicyProblem[]): PolicyProblem[] =>
  [...problems].sort((a, b) => compareNumbers(a.line, b.line) || compareNumbers(a.column, b.column));

/** Findings with the places where they stand in a file, in its order. */
export const placeFindings = (
  findings: readonly Finding[],
  file: string,
  locate: (path: PolicyPath, onKey: boolean) => { readonly line: number; readonly column: number },
): PolicyProblem[] =>
  sortProblems(
    findings.map(({ at, onKey, message, fix }) => ({
      file,
      ...locate(at, onKey ?? false),
      path: formatPath(at),
      message,
      fix,
    })),
  );
