/** A strict reader of RFC 5545, written apart from what writes it: what it takes, a calendar client takes. */

export type CalendarEntry = Readonly<Record<string, string>>;

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`not a calendar: ${what}`);
};

/** Every line ends with CR LF and has at most 75 bytes; what goes on begins with a blank. */
function unfold(text: string): readonly string[] {
  const raw = text.split('\r\n');
  must(raw.pop() === '', 'the last line ends with CR LF');
  for (const line of raw) {
    must(!/[\r\n]/.test(line), `every line ends with CR LF: ${line}`);
    must(Buffer.byteLength(line) <= 75, `a line has at most 75 bytes: ${line}`);
  }
  return text.replaceAll('\r\n ', '').split('\r\n').slice(0, -1);
}

function readEntry(lines: readonly string[]): CalendarEntry {
  const entry: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z-]+)(?:;[A-Z]+=[^:]+)?:(.*)$/.exec(line) ?? [];
    must(name !== '', `a name and a value: ${line}`);
    must(entry[name] === undefined, `${name} once`);
    entry[name] = value;
  }
  return entry;
}

function checkEvent(event: CalendarEntry): CalendarEntry {
  const { DTSTART = '', DTEND = '' } = event;
  for (const name of ['UID', 'DTSTAMP', 'DTSTART', 'DTEND', 'SUMMARY']) must(name in event, `an event has ${name}`);
  must(/^\d{8}T\d{6}Z$/.test(DTSTART) && /^\d{8}T\d{6}Z$/.test(DTEND), 'its times are UTC');
  must(DTSTART < DTEND, 'it ends after its start');
  return event;
}

/** The events, by property. @throws Error naming what is wrong */
export function readCalendar(text: string): readonly CalendarEntry[] {
  const [head = '', ...parts] = unfold(text).join('\r\n').split('\r\nBEGIN:VEVENT\r\n');
  const last = parts.pop()?.split('\r\nEND:VCALENDAR');
  if (last !== undefined) {
    must(last.length === 2 && last[1] === '', 'it ends once');
    parts.push(last[0] ?? '');
  }
  const properties = readEntry(head.replace(/\r\nEND:VCALENDAR$/, '').split('\r\n'));
  must(properties.BEGIN === 'VCALENDAR', 'it begins');
  must(properties.VERSION === '2.0' && properties.PRODID !== undefined, 'it has a version and a maker');
  const events = parts.map((part) => {
    must(part.endsWith('\r\nEND:VEVENT'), 'each event ends');
    return checkEvent(readEntry(part.slice(0, -'\r\nEND:VEVENT'.length).split('\r\n')));
  });
  must(new Set(events.map(({ UID }) => UID)).size === events.length, 'no uid comes twice');
  return events;
}
