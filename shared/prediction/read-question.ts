import type { Labels } from '../alert/labels.ts';
import { parseMatchers } from '../alert/parse-matcher.ts';
import { type Instant, isInstant, parseRfc3339 } from '../kernel/instant.ts';
import { parseLocal, readLocal } from '../kernel/local-readings.ts';
import { fail, type Result, succeed } from '../kernel/result.ts';
import { showMoment } from './show-moment.ts';

/** Ours: no alert of a working setup has more, and a page of labels is a mistake of pasting. */
export const labelsLimit = 100;

/** Ours: the answer says the same again and again long before. */
export const longestHorizonSeconds = 30 * 86_400;

/** Labels as people write them: `severity=critical,service="a, b"`, in braces or not. */
export function readLabels(text: string): Result<Labels> {
  const example = 'Fix: write labels as name=value, parted by commas, such as severity=critical,service="a, b".';
  const parsed = parseMatchers(text);
  if (!parsed.ok) return fail(`labels cannot be read: ${parsed.problem}. ${example}`);
  if (parsed.value.length === 0) return fail(`no labels are given. ${example}`);
  if (parsed.value.length > labelsLimit) return fail(`more than ${labelsLimit} labels are given. Fix: leave some out.`);
  for (const { name, operator } of parsed.value) {
    if (operator !== '=')
      return fail(`label ${name} is written with ${operator}, but an alert has one value. ${example}`);
    const isTwice = parsed.value.filter((each) => each.name === name).length > 1;
    if (isTwice) return fail(`label ${name} is given twice. Fix: give it once.`);
  }
  // An empty value is a label that is not there, as everywhere.
  const given = parsed.value.filter(({ value }) => value !== '');
  return succeed(Object.fromEntries(given.map(({ name, value }) => [name, value])));
}

/**
 * An instant with its offset, or a local time of a zone. One that the zone's clocks skip or show twice is refused with both
 * readings: whoever asks about the night of the change of clocks means one of them.
 */
export function readWhen(text: string, timeZone: string): Result<Instant> {
  const instant = parseRfc3339(withSeconds(text));
  if (instant !== null) return isInstant(instant) ? succeed(instant) : outOfReach(text);
  const local = parseLocal(text);
  if (local === null) {
    return fail(
      `${JSON.stringify(text)} is no time. Fix: write a local time such as 2027-03-28T01:30, or an instant such as 2027-03-28T00:30Z.`,
    );
  }
  const reading = readLocal(local.date, local.minute, timeZone);
  if (reading.shown === 'once') return isInstant(reading.at) ? succeed(reading.at) : outOfReach(text);
  const [first, second] = reading.readings.map((at) => `${at.slice(0, 16)}Z (${showMoment(at, timeZone)})`);
  const how = reading.shown === 'never' ? 'does not exist: clocks skip it' : 'exists twice: clocks show it again';
  return fail(`${text} in ${timeZone} ${how}. Fix: write the instant that you mean, ${first} or ${second}.`);
}

const outOfReach = (text: string) =>
  fail(`${JSON.stringify(text)} lies in no year from 0001 to 9999. Fix: write another.`);

/** People leave the seconds out. */
const withSeconds = (text: string): string =>
  text.replace(/^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)([Zz]|[+-]\d\d:\d\d)$/, '$1:00$2');
