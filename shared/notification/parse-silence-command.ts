import type { Matcher } from '../alert/matcher.ts';
import { parseMatchers } from '../alert/parse-matcher.ts';
import { parseDuration } from '../config/duration.ts';
import { fail, type Result, succeed } from '../kernel/result.ts';
import { longestSilenceSeconds, type SilenceRead } from './parse-silence-ids.ts';
import { straightQuotes } from './straight-quotes.ts';

/** What a person wants silenced: what matches, or the alerts of an incident (null: of the only one that is open). */
export type SilenceWish = {
  readonly what: { readonly matchers: readonly Matcher[] } | { readonly incident: number | null };
  readonly seconds: number;
  readonly comment: string;
};

interface Word {
  readonly text: string;
  readonly start: number;
}

/** Words, where what stands in double quotes belongs to its word. */
const wordsOf = (text: string): readonly Word[] =>
  [...text.matchAll(/(?:"(?:\\[\s\S]|[^"\\])*"|[^\s"])+|"/g)].map((match) => ({ text: match[0], start: match.index }));

/** `<matchers or incident> <duration> [comment]`: the first word that is a duration parts the matchers from the comment. */
export function parseSilenceWish(text: string): SilenceRead<SilenceWish> {
  const quoted = straightQuotes(text);
  const words = wordsOf(quoted);
  const at = words.findIndex((word) => secondsOf(word.text) !== null);
  const duration = words[at];
  const seconds = duration === undefined ? null : secondsOf(duration.text);
  if (duration === undefined || seconds === null) return { ok: false, problem: { kind: 'duration is missing' } };
  const comment = text.slice(duration.start + duration.text.length).trim();
  const what = parseWhat(quoted.slice(0, duration.start).trim(), words.slice(0, at));
  if (!what.ok) return { ok: false, problem: { kind: 'matcher cannot be read', problem: what.problem } };
  return { ok: true, value: { what: what.value, seconds, comment } };
}

function secondsOf(word: string): number | null {
  const seconds = parseDuration(word);
  return seconds === null || seconds === 0 || seconds > longestSilenceSeconds ? null : seconds;
}

function parseWhat(text: string, words: readonly Word[]): Result<SilenceWish['what']> {
  const [first, ...others] = words;
  if (first === undefined) return succeed({ incident: null });
  const number = /^(?:INC-?|#)?(\d{1,9})$/i.exec(first.text)?.[1];
  if (number !== undefined && others.length === 0) return succeed({ incident: Number(number) });
  const matchers = parseWords(text, words);
  return matchers.ok ? succeed({ matchers: matchers.value }) : matchers;
}

/**
 * Matchers as people write them: a list in braces, or some with commas or only blanks between them. As with amtool, a first
 * word that is no matcher is the name of an alert. Word by word first: the classic grammar would take `a=b c=d` for one matcher.
 */
function parseWords(text: string, words: readonly Word[]): Result<readonly Matcher[]> {
  if (text.startsWith('{')) return atLeastOne(parseMatchers(text));
  const lists = words.map((word, index) => parseWord(word.text, index));
  const broken = lists.find((list) => !list.ok);
  if (broken === undefined) return atLeastOne(succeed(lists.flatMap((list) => (list.ok ? list.value : []))));
  // Blanks around an operator: `a = "b"`.
  const whole = parseMatchers(text);
  return whole.ok ? atLeastOne(whole) : broken;
}

function parseWord(word: string, index: number): Result<readonly Matcher[]> {
  const bare = word.replace(/,$/, '');
  if (index === 0 && /^[^\s"'`{}=!~,\\]+$/.test(bare)) {
    return succeed([{ name: 'alertname', operator: '=', value: bare }]);
  }
  return parseMatchers(bare);
}

const atLeastOne = (read: Result<readonly Matcher[]>): Result<readonly Matcher[]> =>
  read.ok && read.value.length === 0 ? fail('there is no matcher') : read;
