import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importHolidays, importText } from '#local/policy/import-holidays.ts';
import { changeExample, readExample } from '../../shared/config/example-policy.ts';

const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const day = (date: string, title: string, ...more: string[]) =>
  event(`DTSTART;VALUE=DATE:${date}`, `SUMMARY:${title}`, ...more);

const imported = (text: string, from = 2026) => importText(text, 'h.ics', { name: 'h', from });
/** The dates and names that are printed. */
const holidaysIn = (text: string, from = 2026): string[] => {
  const { output, messages } = imported(text, from);
  expect(messages).toEqual([]);
  return output
    .split('\n')
    .slice(2, -1)
    .map((line) => line.trim());
};

describe('the holidays of an iCalendar file', () => {
  it('are printed as the policy file has them', () => {
    const text = calendar(
      'X-WR-CALNAME:Feiertage: Köln (NRW)',
      ...day('20261225', '1. Weihnachtstag'),
      ...day('20260101', 'Neujahr'),
    );
    expect(importText(text, 'some/nrw.ics', { from: 2026 })).toEqual({
      exitCode: 0,
      output: 'holidays:\n  feiertage-koln-nrw:\n    2026-01-01: Neujahr\n    2026-12-25: 1. Weihnachtstag\n',
      messages: [],
    });
    expect(importText(calendar(...day('20261225', 'X')), 'some/NRW 2026.ics', { from: 2026 }).output).toContain(
      '  nrw-2026:\n',
    );
  });

  it('are read by the policy file as they are printed, whatever is in their names', () => {
    const text = calendar(
      ...day('20261225', 'Christmas: the "first" day #1'),
      ...day('20261226', "- it's\\, well\\; 'Boxing' \\\\ Day\\nobserved"),
      ...day('20261227', 'No'),
      ...day('20261228', '2026-12-28'),
    );
    const { output } = imported(text);
    const reading = readExample(changeExample('escalationPolicies:\n', `${output}escalationPolicies:\n`));
    expect(reading).toMatchObject({
      ok: true,
      policy: { holidays: { h: ['2026-12-25', '2026-12-26', '2026-12-27', '2026-12-28'] } },
    });
    expect(output).toContain(String.raw`"- it's, well; 'Boxing' \\ Day observed"`);
  });

  it('last several days until before their end, or as long as they say', () => {
    expect(
      holidaysIn(
        calendar(
          ...event('DTSTART;VALUE=DATE:20261230', 'DTEND;VALUE=DATE:20270102', 'SUMMARY:Closed'),
          ...day('20260501', 'Short', 'DURATION:P2D'),
          ...day('20260601', 'Itself', 'DTEND;VALUE=DATE:20260601'),
        ),
      ),
    ).toEqual([
      '2026-05-01: Short',
      '2026-05-02: Short',
      '2026-06-01: Itself',
      '2026-12-30: Closed',
      '2026-12-31: Closed',
      '2027-01-01: Closed',
    ]);
  });

  it('may have folded lines, other ends of lines, quoted parameters, alarms and a mark at the start', () => {
    const lines = [
      '\uFEFFBEGIN:VCALENDAR',
      'BEGIN:VTIMEZONE',
      'BEGIN:STANDARD',
      'DTSTART:19961027T030000',
      'END:STANDARD',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'DTSTART;X-WHAT="a;b:c,d";VALUE=DATE:2026',
      ' 1224',
      'summary;LANGUAGE=de:Heilig',
      '\tabend',
      'BEGIN:VALARM',
      'SUMMARY:not this one',
      'END:VALARM',
      'END:VEVENT',
      'END:VCALENDAR',
    ];
    expect(holidaysIn(lines.join('\n'))).toEqual(['2026-12-24: Heiligabend']);
    expect(holidaysIn(lines.join('\r'))).toEqual(['2026-12-24: Heiligabend']);
  });

  it('share a day, and one that is there twice is named once', () => {
    expect(holidaysIn(calendar(...day('20261225', 'A'), ...day('20261225', 'B'), ...day('20261225', 'A')))).toEqual([
      '2026-12-25: A / B',
    ]);
  });

  it('begin with the year that is asked for, and leave out what is cancelled', () => {
    const text = calendar(
      ...day('20251231', 'Old'),
      ...day('20260101', 'New'),
      ...day('20260201', 'Gone', 'STATUS:CANCELLED'),
    );
    expect(holidaysIn(text)).toEqual(['2026-01-01: New']);
    expect(holidaysIn(text, 2025)).toEqual(['2025-12-31: Old', '2026-01-01: New']);
  });

  it('are whole days at midnight on local clocks, and events at other times are left out aloud', () => {
    const text = calendar(
      ...event('DTSTART;TZID=Europe/Berlin:20261225T000000', 'DTEND;TZID=Europe/Berlin:20261226T000000', 'SUMMARY:Day'),
      ...event('DTSTART:20261224T180000Z', 'DTEND:20261224T200000Z', 'SUMMARY:Party'),
    );
    expect(imported(text)).toEqual({
      exitCode: 0,
      output: 'holidays:\n  h:\n    2026-12-25: Day\n',
      messages: ['h.ics, line 10: "Party" is left out: it is not all day'],
    });
  });
});

describe('a holiday that comes every year', () => {
  const yearly = (start: string, rule: string, ...more: string[]) =>
    holidaysIn(calendar(...day(start, 'X', `RRULE:${rule}`, ...more))).map((line) => line.slice(0, 10));

  it.each([
    ['on its date', '20100501', 'FREQ=YEARLY', ['2026-05-01', '2027-05-01', '2028-05-01']],
    [
      'on its date, said again',
      '20100501',
      'FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1;WKST=SU',
      ['2026-05-01', '2027-05-01', '2028-05-01'],
    ],
    ['every other year', '20250501', 'FREQ=YEARLY;INTERVAL=2', ['2027-05-01']],
    ['so many times', '20250501', 'FREQ=YEARLY;COUNT=2', ['2026-05-01']],
    ['until a day, which is in', '20250501', 'FREQ=YEARLY;UNTIL=20270501', ['2026-05-01', '2027-05-01']],
    ['until a time', '20250501', 'FREQ=YEARLY;UNTIL=20260501T000000Z', ['2026-05-01']],
    ['in leap years only', '20240229', 'FREQ=YEARLY', ['2028-02-29']],
    [
      'on the fourth Thursday',
      '20101125',
      'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH',
      ['2026-11-26', '2027-11-25', '2028-11-23'],
    ],
    ['on the last Monday', '20100531', 'FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO', ['2026-05-25', '2027-05-31', '2028-05-29']],
  ])('is written out for three years: %s', (_, start, rule, dates) => {
    expect(yearly(start, rule)).toEqual(dates);
  });

  it('leaves its exceptions out', () => {
    expect(yearly('20100501', 'FREQ=YEARLY', 'EXDATE;VALUE=DATE:20260501,20280501')).toEqual(['2027-05-01']);
  });

  it.each([
    'FREQ=MONTHLY',
    'FREQ=YEARLY;BYDAY=MO',
    'FREQ=YEARLY;BYMONTH=5,6',
    'FREQ=YEARLY;BYMONTH=6',
    'FREQ=YEARLY;BYEASTER=1',
    'FREQ=YEARLY;COUNT=x',
  ])('is refused with its name and line when the rule says more: %s', (rule) => {
    expect(imported(calendar(...day('20260501', 'Every\\, so often', `RRULE:${rule}`)))).toEqual({
      exitCode: 1,
      output: '',
      messages: [
        `h.ics:7: the event "Every, so often" recurs in a way that is not read: RRULE:${rule}. Fix: Remove the event from the file and write its dates into the policy file by hand.`,
      ],
    });
  });
});

describe('an iCalendar file with something wrong', () => {
  it.each([
    ['that is empty', '', 'h.ics:1: the file is empty'],
    ['that is a web page', '<html>\n<body>', 'h.ics:1: this is not a line of iCalendar (NAME:VALUE)'],
    ['that is something else with colons', 'a: b', 'h.ics:1: this is outside of any calendar (BEGIN:VCALENDAR)'],
    [
      'that begins with an event',
      event('SUMMARY:x').join('\r\n'),
      'h.ics:1: the file begins with BEGIN:VEVENT instead of BEGIN:VCALENDAR',
    ],
    ['with a line without a name', calendar('just words'), 'h.ics:4: this is not a line of iCalendar (NAME:VALUE)'],
    ['with an end too many', calendar('END:VEVENT'), 'h.ics:4: END:VEVENT ends nothing: VCALENDAR of line 1 is open'],
    [
      'that was cut off',
      calendar(...day('20260101', 'x')).split('END:VEVENT')[0] ?? '',
      'h.ics:1: the file ends inside of VEVENT of line 4',
    ],
    ['with an event without a start', calendar(...event('SUMMARY:x')), 'h.ics:4: the event "x" has no DTSTART'],
    [
      'with a day that there is not',
      calendar(...day('20260230', 'x')),
      'h.ics:5: the event "x" begins on 20260230, which is no date',
    ],
    [
      'with an end before the start',
      calendar(...day('20260102', 'x', 'DTEND;VALUE=DATE:20260101')),
      'h.ics:4: the event "x" does not end 1 to 100 days after its start',
    ],
    [
      'with an event without an end in sight',
      calendar(...day('20260102', 'x', 'DURATION:P900D')),
      'h.ics:4: the event "x" does not end 1 to 100 days after its start',
    ],
    [
      'with a list of dates',
      calendar(...day('20260102', 'x', 'RDATE;VALUE=DATE:20260107')),
      'h.ics:7: the event "x" recurs in a way that is not read: RDATE:20260107',
    ],
    ['with nothing from that year on', calendar(...day('20250102', 'x')), 'h.ics: no all-day event from 2026 on'],
  ])('is refused with place and fix: one %s', (_, text, message) => {
    const { exitCode, output, messages } = imported(text);
    expect({ exitCode, output, count: messages.length }).toEqual({ exitCode: 1, output: '', count: 1 });
    expect(messages[0]).toMatch(/\. Fix: .+\.$/);
    expect(messages[0]?.split('. Fix: ')[0]).toBe(message);
  });
});

describe('npm run policy -- import-holidays', () => {
  const script = fileURLToPath(new URL('../../../local/policy-command.ts', import.meta.url));

  it('prints YAML and nothing else on its output', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-holidays-'));
    const file = join(folder, 'office.ics');
    writeFileSync(
      file,
      calendar(...day('20301225', 'Christmas Day'), ...event('DTSTART:20301224T180000Z', 'SUMMARY:Party')),
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [script, 'import-holidays', file, '--from', '2030'],
      {
        encoding: 'utf8',
      },
    );
    rmSync(folder, { recursive: true });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'holidays:\n  office:\n    2030-12-25: Christmas Day\n' });
    expect(stderr).toContain('"Party" is left out');
  });

  it.each([
    [[]],
    [['a.ics', 'b.ics']],
    [['a.ics', '--from', 'soon']],
    [['a.ics', '--name', 'a b']],
    [['a.ics', '--yaer', '2026']],
  ])('shows how it is used when it is called with %j', (args) => {
    expect(importHolidays(args, 2026)).toMatchObject({ exitCode: 2, messages: [expect.stringMatching(/^Usage:/)] });
  });

  it('says so when the file is not there', () => {
    expect(importHolidays(['/no/such.ics'], 2026)).toEqual({
      exitCode: 1,
      output: '',
      messages: ['/no/such.ics: cannot be read (ENOENT). Fix: name an iCalendar file (.ics).'],
    });
  });
});
