import * as z from 'zod';
import { durationPattern, formatDuration, parseDuration, parseGoDuration } from '../duration.ts';
import { namePattern } from '../name.ts';
import { suggestName } from '../nearest-name.ts';
import { isTimeZone, timeZoneFix } from '../time-zone.ts';

/** zod carries one string per problem; ours holds the message on one line and the fix on the next. */
export const explain = (message: string, fix: string): string => `${message}\n${fix}`;

/** Keys that people bring along from elsewhere, with what to say to each (as `explain` makes it). */
export type ForeignKeys = Readonly<Record<string, string>>;

/**
 * A map with exactly these keys; `missing` is the problem to tell when the whole map is absent. The message for unknown
 * keys holds a message line and a fix line for each of them, in order.
 */
export const strictMap = <Shape extends z.ZodRawShape>(shape: Shape, missing?: string, foreign: ForeignKeys = {}) =>
  z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return issue.input === undefined ? missing : undefined;
      const known = Object.keys(shape);
      const explainKey = (key: string) =>
        (Object.hasOwn(foreign, key) ? foreign[key] : undefined) ??
        explain(`unknown key "${key}"`, suggestName(key, known));
      return issue.keys.map(explainKey).join('\n');
    },
  });

export const nameSchema = z.string().regex(namePattern, {
  error: (issue) =>
    explain(
      `${JSON.stringify(issue.input)} is not a name`,
      'Start with a letter or a digit and use only letters, digits, "_", "-" and "." (at most 80).',
    ),
});

/** A map from names that the file chooses. */
export const namedMap = <Value extends z.ZodType>(value: Value) => z.record(nameSchema, value);

/** The name of something that another part of the file defines; whether it does is a check, not a shape. */
export const referenceTo = (what: string) => z.string().describe(`Name of ${what}.`);

/** A text of which a number or a wrong text is refused in the same words; other kinds of value are for the general ones. */
const textOr = (what: string, fix: string) =>
  z.string({
    error: ({ input }) => (typeof input === 'number' ? explain(`${input} is not ${what}`, fix) : undefined),
  });

/** A text that must look like something, with an example in the fix. */
export const textLike = (pattern: RegExp, what: string, fix: string) =>
  textOr(what, fix).regex(pattern, {
    abort: true,
    error: ({ input }) => explain(`${JSON.stringify(input)} is not ${what}`, fix),
  });

/** A duration from `min` to `max`, both in, as Prometheus writes them; `orElse` ends the fix sentences. */
export function durationSchema(min: string, max: string, orElse = '') {
  const least = parseDuration(min) ?? 0;
  const most = parseDuration(max) ?? Number.POSITIVE_INFINITY;
  const fix = `Write a number and a unit, such as 30s, 5m, 1h30m or 7d${orElse}.`;
  return textLike(durationPattern, 'a duration', fix).superRefine((text, context) => {
    const seconds = parseDuration(text) ?? Number.NaN;
    if (seconds >= least && seconds <= most) return;
    const message = `${text} is ${seconds < least ? 'too short' : 'too long'}`;
    const range = `Use ${formatDuration(least)} to ${formatDuration(most)}${orElse}.`;
    context.addIssue({ code: 'custom', message: explain(message, range) });
  });
}

/** Ten years: instants stay in four digits. */
const longestGoDuration = 10 * 365 * 86_400;

function goDurationProblem(written: string | number, zeroAllowed: boolean): string | null {
  const seconds = parseGoDuration(String(written));
  if (seconds === null) return explain(`${JSON.stringify(written)} is not a duration`, 'Write such as 30s, 5m or 4h.');
  if (seconds > longestGoDuration) return explain(`${written} is too long`, 'Use at most 10y.');
  return seconds > 0 || zeroAllowed ? null : explain('this is zero', 'Write a longer time, such as 5m or 4h.');
}

/** A duration as Alertmanager reads it: also in milliseconds, also a bare 0. */
export const goDurationSchema = (zeroAllowed: boolean) =>
  z.union([z.number(), z.string()]).superRefine((written, context) => {
    const message = goDurationProblem(written, zeroAllowed);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** A duration, or the word `never`. */
export const durationOrNever = (min: string, max: string) =>
  z.union([z.literal('never'), durationSchema(min, max, ', or the word never')]);

/** A zone that the runtime knows. */
export const timeZoneSchema = z.string().refine(isTimeZone, {
  error: ({ input }) => explain(`unknown time zone ${JSON.stringify(input)}`, timeZoneFix),
});

/** A web page that people open from a message. */
export const urlSchema = z.url({
  protocol: /^https?$/,
  error: (issue) =>
    issue.code === 'invalid_type'
      ? undefined
      : explain(
          `${JSON.stringify(issue.input)} is not a web address`,
          'Write a whole URL, such as https://wiki.example.com/runbook.',
        ),
});

/** Complains unless exactly one of the keys is set. */
export const exactlyOneOf =
  (keys: readonly string[], what: string) =>
  (value: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void => {
    const set = keys.filter((key) => value[key] !== undefined);
    if (set.length === 1) return;
    const problem =
      set.length === 0 ? `${what} is empty` : `${what} has several of its kinds at once: ${set.join(', ')}`;
    context.addIssue({ code: 'custom', message: explain(problem, `Give exactly one of: ${keys.join(', ')}.`) });
  };
