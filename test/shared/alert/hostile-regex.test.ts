import { describe, expect, it } from 'vitest';
import { compileMatcher } from '#shared/alert/compile-matcher.ts';
import { parseMatcher, parseMatchers } from '#shared/alert/parse-matcher.ts';
import { validateSilence } from '#shared/silence/validate-silence.ts';
import { changeExample, complaintsAbout } from '#test/shared/config/example-policy.ts';

const megabyte = (piece: string) => piece.repeat(Math.ceil(1_000_000 / piece.length));
const longest = (piece: string) => piece.repeat(Math.floor(4096 / piece.length));

/** Each is refused, or compiled and asked, in bounded time: the limits allow the worst of them about 0.4 s on an idle machine. */
const hostile: readonly (readonly [string, string])[] = [
  ['a megabyte of letters', megabyte('a')],
  ['a megabyte of alternatives', megabyte('a|')],
  ['a megabyte of open groups', megabyte('(')],
  ['a megabyte of classes', megabyte('[a')],
  ['a megabyte of backslashes', megabyte('\\')],
  ['a megabyte of quotes', megabyte('"')],
  ['a megabyte of blanks', megabyte(' ')],
  ['a megabyte of commas', megabyte(',')],
  ['nested repeats', '((((a{1000}){1000}){1000}){1000})'],
  ['nested repeats of nothing', '((((){1000}){1000}){1000})'],
  ['repeats side by side', longest('\\pL{1000}')],
  ['stars upon stars', `${'('.repeat(900)}a${'*)'.repeat(900)}`],
  ['groups as long as may be', longest('(a')],
  ['a thousand wrong repeats of one kind', longest('a{2,1}')],
  ['a wrong piece that stands everywhere', `${longest('\\\\1').slice(0, 4000)}\\1`],
  ['unclosed classes', longest('[')],
  ['the backtracker’s end', `(${longest('a|').slice(0, 2000)}a)*b`],
  ['many flags', longest('(?i)(?s)')],
];

function milliseconds(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

const value = `${'a'.repeat(2000)}!`;
const [startsAt, now, endsAt] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];

/** Every door reads matchers by one of these; a wide bound, since machines of tests are busy. */
const doors: readonly (readonly [string, (regex: string) => unknown])[] = [
  ['one matcher: a filter of the API', (regex) => parseMatcher(`foo=~${regex}`)],
  ['one quoted matcher', (regex) => parseMatcher(`foo=~"${regex}"`)],
  ['a list of matchers: Slack', (regex) => parseMatchers(`{foo=~"${regex}",bär="x"`)],
  ['the text as it is', (regex) => parseMatchers(regex)],
  [
    'a silence of the API',
    (regex) => {
      const matchers = [{ name: 'foo', operator: '=~' as const, value: regex }];
      return validateSilence({ matchers, startsAt, endsAt, createdBy: 'a', comment: 'c' }, now);
    },
  ],
  [
    'a compiled matcher, asked',
    (regex) => {
      const compiled = compileMatcher({ name: 'foo', operator: '=~', value: regex });
      return compiled.ok && compiled.value.accepts(value);
    },
  ],
  ['the policy file', (regex) => complaintsAbout(changeExample(`'team="shop"'`, JSON.stringify(`team=~"${regex}"`)))],
];

describe.each(doors)('what nobody means ends soon at the door of %s', (_, read) => {
  it.each(hostile)('%s', (_name, regex) => {
    expect(milliseconds(() => read(regex))).toBeLessThan(2_000);
  });
});

describe('a refusal of what nobody means', () => {
  it.each(hostile)('is a short sentence: %s', (_name, regex) => {
    const problems = [parseMatcher(`foo=~${regex}`), parseMatchers(`foo=~"${regex}"`), parseMatchers(regex)].flatMap(
      (result) => (result.ok ? [] : [result.problem]),
    );
    expect(problems.map((problem) => problem.length).filter((length) => length > 700)).toEqual([]);
  });
});
