/** What a measurement found, and how it is printed. */

export type Unit = 'ms' | 's' | 'us' | '/s' | 'KB' | 'x' | '' | 'units' | '$/M';

/** One figure, beside a baseline that was measured in the same run. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  readonly baseline?: { readonly what: string; readonly value: number };
  /** What we want; a miss is printed and fails nothing, because machines differ. */
  readonly aim?: { readonly of: 'value' | 'ratio'; readonly below: number };
}

export interface Report {
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
  /** What must not happen on any machine, such as a lost alert: these fail the run. */
  readonly broken: readonly string[];
}

export interface MeasureOptions {
  /** Small enough for CI: the whole bench in less than a minute. */
  readonly quick: boolean;
}

export type Measure = (options: MeasureOptions) => Promise<Report>;

export const ratioOf = ({ value, baseline }: Figure): number | null =>
  baseline === undefined || baseline.value === 0 ? null : value / baseline.value;

const digits = (value: number): string => {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
};

const withUnit = (value: number, unit: Unit): string => (unit === '' ? digits(value) : `${digits(value)} ${unit}`);

function describeAim(figure: Figure): string {
  const { aim } = figure;
  if (aim === undefined) return '';
  const reached = aim.of === 'value' ? figure.value : ratioOf(figure);
  const wanted = aim.of === 'value' ? `< ${withUnit(aim.below, figure.unit)}` : `< ${aim.below} x`;
  if (reached === null) return wanted;
  return `${wanted} ${reached < aim.below ? 'met' : 'MISSED'}`;
}

function cellsOf(figure: Figure): readonly string[] {
  const ratio = ratioOf(figure);
  const { baseline } = figure;
  return [
    figure.what,
    withUnit(figure.value, figure.unit),
    baseline === undefined ? '' : `${withUnit(baseline.value, figure.unit)} ${baseline.what}`,
    ratio === null ? '' : `${ratio.toFixed(2)} x`,
    describeAim(figure),
  ];
}

const headings = ['figure', 'measured', 'baseline of this run', 'ratio', 'aim'] as const;

/** A table in Markdown, aligned for a terminal: the README holds the same text. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = [headings, ...figures.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(headings), rule, ...rows.slice(1).map(line)].join('\n');
}
