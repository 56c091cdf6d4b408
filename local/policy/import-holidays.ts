import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { namePattern } from '#shared/config/name.ts';
import { holidaysOf } from './holidays-of.ts';
import { type CalendarProblem, readICalendar } from './read-icalendar.ts';

export const importUsage = `  npm run policy -- import-holidays FILE.ics [--name NAME] [--from YEAR]
                                                 print the holidays of an iCalendar file for the policy file`;

export interface ImportedHolidays {
  readonly exitCode: 0 | 1 | 2;
  readonly output: string;
  /** For people, beside the output. */
  readonly messages: readonly string[];
}

const refuse = (exitCode: 1 | 2, message: string): ImportedHolidays => ({ exitCode, output: '', messages: [message] });

/** Whatever the calendar calls itself, as a name of the policy file. */
const toName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 80)
    .toLowerCase() || 'holidays';

function describeProblem(file: string, { line, message, fix }: CalendarProblem): string {
  return `${file}:${line}: ${message}. Fix: ${fix}`;
}

/** The YAML of a calendar file's holidays. `year` is the present one, for who names none. */
export function importText(
  text: string,
  file: string,
  given: { readonly name?: string; readonly from: number },
): ImportedHolidays {
  const calendar = readICalendar(text);
  if (!calendar.ok) return refuse(1, describeProblem(file, calendar.problem));
  const reading = holidaysOf(calendar.events, given.from);
  if (!reading.ok) return refuse(1, describeProblem(file, reading.problem));
  const notes = reading.notes.map((note) => `${file}, ${note}`);
  if (Object.keys(reading.holidays).length === 0) {
    const message = `${file}: no all-day event from ${given.from} on. Fix: Name a newer calendar, or an earlier year: --from YEAR.`;
    return { exitCode: 1, output: '', messages: [...notes, message] };
  }
  const name = given.name ?? toName(calendar.name ?? basename(file).replace(/\.[^.]*$/, ''));
  const output = stringify({ holidays: { [name]: reading.holidays } }, { lineWidth: 0 });
  return { exitCode: 0, output, messages: notes };
}

/** What the command line says, or null when it is not understood. */
function readArguments(args: readonly string[]): { file: string; name?: string; from?: number } | null {
  try {
    const options = { name: { type: 'string' }, from: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0 || !/^(\d{4})?$/.test(values.from ?? '')) return null;
    if (values.name !== undefined && !namePattern.test(values.name)) return null;
    const { name, from } = values;
    return { file, ...(name === undefined ? {} : { name }), ...(from === undefined ? {} : { from: Number(from) }) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}

/** Runs the command; `year` is the present one. */
export function importHolidays(args: readonly string[], year: number): ImportedHolidays {
  const given = readArguments(args);
  if (!given) return refuse(2, `Usage:\n${importUsage}`);
  try {
    return importText(readFileSync(given.file, 'utf8'), given.file, { from: year, ...given });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return refuse(1, `${given.file}: cannot be read (${String(error.code)}). Fix: name an iCalendar file (.ics).`);
  }
}
