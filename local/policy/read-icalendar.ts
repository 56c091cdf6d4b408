/** One property of an iCalendar object (RFC 5545), unfolded. Names are in capitals, as those of its parameters. */
export interface CalendarProperty {
  /** 1-based: where it begins. */
  readonly line: number;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** As it stands there: a text is still escaped. */
  readonly value: string;
}

export interface CalendarEvent {
  readonly line: number;
  readonly properties: readonly CalendarProperty[];
}

export interface CalendarProblem {
  readonly line: number;
  /** A clause without a full stop. */
  readonly message: string;
  readonly fix: string;
}

export type CalendarReading =
  | { readonly ok: true; readonly name: string | null; readonly events: readonly CalendarEvent[] }
  | { readonly ok: false; readonly problem: CalendarProblem };

const wholeFileFix = 'Export the calendar again, or take the file of another publisher.';

/** Names and parameters; a value in quotes may have `:`, `;` and `,` in it. */
const propertyPattern = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$/s;
const parameterPattern = /;([A-Za-z0-9-]+)=("[^"]*"|[^;]*)/g;

interface Line {
  readonly line: number;
  readonly text: string;
}

/** A line that begins with a blank or a tab goes on the one before. Ends of lines may be CRLF, as they should, or LF. */
function unfold(text: string): Line[] {
  const lines: Line[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = lines.at(-1);
    if (/^[ \t]/.test(raw) && last) lines[lines.length - 1] = { ...last, text: last.text + raw.slice(1) };
    else if (raw !== '') lines.push({ line: index + 1, text: raw });
  }
  return lines;
}

function parseProperty({ line, text }: Line): CalendarProperty | null {
  const [, name, parameters = '', value = ''] = propertyPattern.exec(text) ?? [];
  if (name === undefined) return null;
  const pairs = [...parameters.matchAll(parameterPattern)].map(([, key = '', written = '']) => [
    key.toUpperCase(),
    written.replace(/^"|"$/g, ''),
  ]);
  return { line, name: name.toUpperCase(), parameters: Object.fromEntries(pairs), value };
}

interface Component {
  readonly kind: string;
  readonly line: number;
  readonly properties: CalendarProperty[];
}

/** The reader's state: components that are open, outermost first, and what was found. */
interface Progress {
  readonly open: Component[];
  readonly events: CalendarEvent[];
  name: string | null;
}

/** Takes one property in; answers what is wrong with it, or null. */
function takeProperty(progress: Progress, property: CalendarProperty): CalendarProblem | null {
  const { open, events } = progress;
  const { line, name, value } = property;
  const kind = value.trim().toUpperCase();
  const innermost = open.at(-1);
  if (name === 'BEGIN') {
    if (open.length === 0 && kind !== 'VCALENDAR') {
      return { line, message: `the file begins with BEGIN:${value} instead of BEGIN:VCALENDAR`, fix: wholeFileFix };
    }
    open.push({ kind, line, properties: [] });
  } else if (innermost === undefined) {
    return {
      line,
      message: 'this is outside of any calendar (BEGIN:VCALENDAR)',
      fix: 'Name an iCalendar file (.ics).',
    };
  } else if (name === 'END') {
    if (innermost.kind !== kind) {
      const message = `END:${value} ends nothing: ${innermost.kind} of line ${innermost.line} is open`;
      return { line, message, fix: wholeFileFix };
    }
    open.pop();
    if (kind === 'VEVENT') events.push({ line: innermost.line, properties: innermost.properties });
  } else {
    innermost.properties.push(property);
    if (innermost.kind === 'VCALENDAR' && name === 'X-WR-CALNAME') progress.name = value;
  }
  return null;
}

/** The events of an iCalendar text, in its order; alarms inside of them, time zones and tasks are left out. Never throws. */
export function readICalendar(text: string): CalendarReading {
  const progress: Progress = { open: [], events: [], name: null };
  const lines = unfold(text);
  const fail = (problem: CalendarProblem): CalendarReading => ({ ok: false, problem });
  if (lines.length === 0) return fail({ line: 1, message: 'the file is empty', fix: 'Name an iCalendar file (.ics).' });
  for (const line of lines) {
    const property = parseProperty(line);
    const problem = property
      ? takeProperty(progress, property)
      : {
          line: line.line,
          message: 'this is not a line of iCalendar (NAME:VALUE)',
          fix: 'Name an iCalendar file (.ics).',
        };
    if (problem) return fail(problem);
  }
  const [unended] = progress.open;
  if (unended) {
    const message = `the file ends inside of ${progress.open.at(-1)?.kind ?? ''} of line ${progress.open.at(-1)?.line ?? 1}`;
    return fail({ line: unended.line, message, fix: 'The file was cut off: download it again.' });
  }
  return { ok: true, name: progress.name, events: progress.events };
}
