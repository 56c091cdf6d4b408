import { parseDuration } from '../config/duration.ts';
import { type Moment, parseClock, parseDay, parseMoment } from '../on-call/moment.ts';
import type { PeriodWish } from '../on-call/read-period.ts';

/** Whom a person names in Slack: themselves, a mention, or a name of the policy file. */
export type PersonWish =
  | { readonly kind: 'me' }
  | { readonly kind: 'mention'; readonly userId: string }
  | { readonly kind: 'name'; readonly name: string };

export type OnCallWish =
  /** Null: every schedule. */
  | { readonly kind: 'on-call'; readonly schedule: string | null }
  | { readonly kind: 'overrides' }
  | { readonly kind: 'cancel override'; readonly id: string }
  | {
      readonly kind: 'override';
      readonly schedule: string;
      readonly person: PersonWish;
      readonly period: PeriodWish;
      readonly reason: string;
    }
  | {
      readonly kind: 'swap';
      readonly schedule: string;
      readonly people: readonly [PersonWish, PersonWish];
      /** Their first shifts that begin from here on, or (`at`) that run then. */
      readonly from: Moment;
      readonly isRunningToo: boolean;
    };

export type OnCallProblem = {
  readonly kind: 'on-call cannot be read' | 'override cannot be read' | 'swap cannot be read';
};

export type OnCallRead =
  | { readonly ok: true; readonly value: OnCallWish }
  | { readonly ok: false; readonly problem: OnCallProblem };

const wish = (value: OnCallWish): OnCallRead => ({ ok: true, value });
const unreadable = (kind: OnCallProblem['kind']): OnCallRead => ({ ok: false, problem: { kind } });

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** `[SCHEDULE]` */
export function parseOnCall(text: string): OnCallRead {
  const [schedule = null, ...others] = wordsOf(text);
  return others.length === 0 ? wish({ kind: 'on-call', schedule }) : unreadable('on-call cannot be read');
}

/** `SCHEDULE PERSON when [reason]`, `cancel ID`, or nothing at all for the list. */
export function parseOverride(text: string): OnCallRead {
  // 18:00-22:00 is how people write it; the offset of an instant stands behind more than a time.
  const words = wordsOf(text.replaceAll(/(?<=^|\s)(\d{1,2}:\d\d)\s*[-\u2013]\s*(\d{1,2}:\d\d)(?=\s|$)/g, '$1 to $2'));
  const [schedule, person, ...rest] = words;
  if (schedule === undefined || (schedule === 'list' && person === undefined)) return wish({ kind: 'overrides' });
  if (person === undefined) return unreadable('override cannot be read');
  if (schedule.toLowerCase() === 'cancel' && rest.length === 0) return wish({ kind: 'cancel override', id: person });
  const read = readWhen(rest);
  if (read === null) return unreadable('override cannot be read');
  const { period, used } = read;
  const reason = rest.slice(used).join(' ');
  return wish({ kind: 'override', schedule, person: personOf(person), period, reason });
}

/** `SCHEDULE PERSON [and] PERSON [from when | at when]` */
export function parseSwap(text: string): OnCallRead {
  const [schedule, one, ...behind] = wordsOf(text);
  const [other, ...rest] = /^(and|with|with:)$/i.test(behind[0] ?? '') ? behind.slice(1) : behind;
  if (schedule === undefined || one === undefined || other === undefined) return unreadable('swap cannot be read');
  const people = [personOf(one), personOf(other)] as const;
  if (rest.length === 0) return wish({ kind: 'swap', schedule, people, from: { kind: 'now' }, isRunningToo: false });
  const joint = rest[0]?.toLowerCase();
  const read = joint === 'from' || joint === 'at' ? readMomentAt(rest, 1) : null;
  if (read === null || read.next < rest.length) return unreadable('swap cannot be read');
  return wish({ kind: 'swap', schedule, people, from: read.moment, isRunningToo: joint === 'at' });
}

function personOf(word: string): PersonWish {
  if (word.toLowerCase() === 'me') return { kind: 'me' };
  const [, userId] = /^<@(\w{1,64})(?:\|[^>]*)?>$/.exec(word) ?? [];
  return userId === undefined ? { kind: 'name', name: word.replace(/^@/, '') } : { kind: 'mention', userId };
}

interface ReadWhen {
  readonly period: PeriodWish;
  /** How many words it took. */
  readonly used: number;
}

/** `for 2h`, `until 22:00`, `18:00 to 22:00`, `from 18:00 for 2h`. */
function readWhen(words: readonly string[]): ReadWhen | null {
  const end = readEnd(words, 0);
  if (end !== null) return { period: { from: { kind: 'now' }, end: end.end }, used: end.next };
  const from = readMomentAt(words, words[0]?.toLowerCase() === 'from' ? 1 : 0);
  const until = from === null ? null : readEnd(words, from.next);
  return from === null || until === null ? null : { period: { from: from.moment, end: until.end }, used: until.next };
}

function readEnd(
  words: readonly string[],
  at: number,
): { readonly end: PeriodWish['end']; readonly next: number } | null {
  const joint = words[at]?.toLowerCase() ?? '';
  if (joint === 'for') {
    const seconds = parseDuration(words[at + 1]?.toLowerCase() ?? '');
    return seconds === null ? null : { end: { seconds }, next: at + 2 };
  }
  if (!['to', 'until', 'till', '-', '\u2013'].includes(joint)) return null;
  const read = readMomentAt(words, at + 1);
  return read === null ? null : { end: { to: read.moment }, next: read.next };
}

/** One word, or a day and a time. */
function readMomentAt(words: readonly string[], at: number): { readonly moment: Moment; readonly next: number } | null {
  const day = parseDay(words[at] ?? '');
  if (day === null) {
    const moment = parseMoment(words[at] ?? '');
    return moment === null ? null : { moment, next: at + 1 };
  }
  const minute = parseClock(words[at + 1] ?? '');
  return minute === null ? null : { moment: { kind: 'local', day, minute }, next: at + 2 };
}
