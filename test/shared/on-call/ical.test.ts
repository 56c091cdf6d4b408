import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Length } from '#shared/kernel/utf8.ts';
import { type CalendarShift, calendarShiftsOf, icalOf } from '#shared/on-call/ical.ts';
import { shiftsBetween } from '#shared/on-call/on-call.ts';
import { aLayer, anOverride, aSchedule, at } from './schedule-builders.ts';

const aShift = (fields: Partial<CalendarShift> = {}): CalendarShift => ({
  schedule: 'web',
  person: 'ann',
  startsAt: at('01-01T09:00'),
  endsAt: at('01-02T09:00'),
  by: 'primary',
  ...fields,
});
const now = at('01-01T10:00');
/** As a client reads it: lines unfolded. */
const unfold = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n').slice(0, -1);
const valuesOf = (text: string, property: string): string[] =>
  unfold(text).flatMap((line) => (line.startsWith(`${property}:`) ? [line.slice(property.length + 1)] : []));
const readText = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

describe('the calendar of a schedule', () => {
  it('has an event for each shift, in UTC', () => {
    expect(icalOf('On call: web', [aShift()], now)).toBe(
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Tocsin//On-call//EN',
        'CALSCALE:GREGORIAN',
        'NAME:On call: web',
        'X-WR-CALNAME:On call: web',
        'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
        'BEGIN:VEVENT',
        'UID:20260101T090000Z-ann-web',
        'DTSTAMP:20260101T100000Z',
        'DTSTART:20260101T090000Z',
        'DTEND:20260102T090000Z',
        'SUMMARY:ann on call: web',
        'DESCRIPTION:primary',
        'TRANSP:TRANSPARENT',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    );
  });

  it('leaves gaps out and says who made an override', () => {
    const schedule = aSchedule([aLayer({ end: '2026-01-03T09:00' })]);
    const shifts = shiftsBetween(
      schedule,
      [anOverride({ endsAt: at('01-03T09:00') })],
      at('01-01T09:00'),
      at('01-04T09:00'),
    );
    expect(calendarShiftsOf('web', shifts).map(({ person, by }) => `${person}: ${by}`)).toEqual([
      'ann: primary',
      'ben: primary',
      'zoe: override by Dora',
    ]);
  });

  it('keeps the uid of a shift when its end or the time of asking changes', () => {
    const uidOf = (shift: CalendarShift, asked: string) => valuesOf(icalOf('web', [shift], asked), 'UID');
    expect(uidOf(aShift({ endsAt: at('01-01T12:00') }), at('01-05T00:00'))).toEqual(uidOf(aShift(), now));
  });

  it('has no event that ends in the second in which it starts', () => {
    const blink = aShift({ startsAt: '2026-01-01T09:00:00.100Z', endsAt: '2026-01-01T09:00:00.900Z' });
    expect(icalOf('web', [blink], now)).not.toContain('VEVENT');
  });

  it('escapes what would have a meaning, and lets no control character through', () => {
    const [summary] = valuesOf(icalOf('web', [aShift({ person: 'a\\b;c,d\r\ne\u0007f' })], now), 'SUMMARY');
    expect(summary).toBe('a\\\\b\\;c\\,d\\ne f on call: web');
  });

  it('folds lines at 75 octets between whole characters, and a client reads the same text again', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (person) => {
        const text = icalOf('web', [aShift({ person })], now);
        expect(text.split('\r\n').filter((line) => utf8Length(line) > 75)).toEqual([]);
        expect(text.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
        expect(valuesOf(text, 'SUMMARY').map(readText)).toEqual([
          `${person.replaceAll(/\r\n|\r|\n/g, '\n').replaceAll(/(?!\n)\p{Cc}/gu, ' ')} on call: web`,
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
