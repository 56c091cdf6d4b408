import type { Instant } from '../kernel/instant.ts';
import { cutToUtf8, utf8Length } from '../kernel/utf8.ts';
import type { Shift } from './on-call.ts';

/** A shift as a calendar shows it. */
export interface CalendarShift {
  readonly schedule: string;
  readonly person: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** By which rule, as people read it. */
  readonly by: string;
}

/** The shifts of a schedule in which somebody is on call. */
export const calendarShiftsOf = (schedule: string, shifts: readonly Shift[]): readonly CalendarShift[] =>
  shifts.flatMap(({ startsAt, endsAt, onCall }) => {
    if (onCall === null) return [];
    const { person, by } = onCall;
    return [{ schedule, person, startsAt, endsAt, by: by.kind === 'layer' ? by.layer : `override by ${by.madeBy}` }];
  });

const longestLineBytes = 75;

/**
 * A calendar of shifts as text (RFC 5545; name and refresh interval are of RFC 7986). Times are UTC, so it needs no time zone
 * component and every client shows them by its own clocks. The uid of an event is its start, person and schedule: a shift keeps
 * it as long as the feed does not cut its start off, so let feeds begin where a shift does.
 */
export function icalOf(name: string, shifts: readonly CalendarShift[], now: Instant): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tocsin//On-call//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${escapeText(name)}`,
    `X-WR-CALNAME:${escapeText(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
    // Calendars know whole seconds, and an event of none is not allowed.
    ...shifts
      .filter(({ startsAt, endsAt }) => icalTime(startsAt) < icalTime(endsAt))
      .flatMap((each) => eventOf(each, now)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

const eventOf = ({ schedule, person, startsAt, endsAt, by }: CalendarShift, now: Instant): readonly string[] => [
  'BEGIN:VEVENT',
  `UID:${escapeText(`${icalTime(startsAt)}-${person}-${schedule}`)}`,
  `DTSTAMP:${icalTime(now)}`,
  `DTSTART:${icalTime(startsAt)}`,
  `DTEND:${icalTime(endsAt)}`,
  `SUMMARY:${escapeText(`${person} on call: ${schedule}`)}`,
  `DESCRIPTION:${escapeText(by)}`,
  // Who is on call can still be invited.
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
];

/** `20260102T090000Z`. */
const icalTime = (instant: Instant): string => `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Control characters would end the line, or the trust of the client. */
const escapeText = (text: string): string =>
  text
    .replaceAll(/[\\;,]/g, (character) => `\\${character}`)
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, ' ');

/** At most 75 octets a line, whole characters; a line that goes on begins with a blank, which counts. */
function fold(line: string): string {
  if (utf8Length(line) <= longestLineBytes) return line;
  const head = cutToUtf8(line, longestLineBytes);
  return `${head}\r\n${fold(` ${line.slice(head.length)}`)}`;
}
