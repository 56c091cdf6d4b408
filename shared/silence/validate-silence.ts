import { compileMatchers } from '../alert/compile-matcher.ts';
import type { Labels } from '../alert/labels.ts';
import type { CompiledMatcher, Matcher } from '../alert/matcher.ts';
import type { Instant } from '../kernel/instant.ts';
import { utf8Length } from '../kernel/utf8.ts';
import { matcherSetsOf, type Silence } from './silence.ts';

/** What a person or tool asks a silence to be. */
export type SilenceDraft = Pick<
  Silence,
  | 'matchers'
  | 'matcherSets'
  | 'startsAt'
  | 'endsAt'
  | 'createdBy'
  | 'comment'
  | 'annotations'
  | 'origin'
  | 'untilResolved'
>;

/** Ours, so that 10,000 silences fit the memory of a function; in bytes of UTF-8 where texts are meant. */
export const silenceLimits = {
  /** Over all sets. */
  matchers: 64,
  matcherNameBytes: 1024,
  matcherValueBytes: 4096,
  createdByBytes: 256,
  commentBytes: 4096,
  annotations: 32,
  /** Names and values together. */
  annotationsBytes: 8192,
} as const;

export type SilenceRefusal =
  | 'no matchers'
  | 'too many matchers'
  | 'matcher without a label name'
  | 'matcher too long'
  | 'bad regular expression'
  | 'matches everything'
  | 'start not before end'
  | 'end in the past'
  | 'creator too long'
  | 'comment too long'
  | 'annotations too long';

export type SilenceCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: SilenceRefusal; readonly problem: string };

const refuse = (reason: SilenceRefusal, problem: string): SilenceCheck => ({ ok: false, reason, problem });
const fine: SilenceCheck = { ok: true };

/**
 * Alertmanager's rule: a silence in which every condition accepts a missing label would silence everything. Negative
 * conditions count as not accepting it, so `foo!="bar"` alone is allowed (PROTOCOLS 2.3).
 */
function guardsAgainstAll({ matcher, accepts }: CompiledMatcher): boolean {
  const negative = matcher.operator === '!=' || matcher.operator === '!~';
  return negative || !accepts('');
}

/** Each set must stand alone: one that matches everything would silence everything, whatever the others say. */
function checkSets(draft: SilenceDraft): SilenceCheck {
  const sets = matcherSetsOf(draft);
  if (sets.flat().length > silenceLimits.matchers) {
    return refuse('too many matchers', `a silence has at most ${silenceLimits.matchers} matchers`);
  }
  for (const set of sets) {
    const check = checkMatchers(set);
    if (!check.ok) return check;
  }
  return fine;
}

function checkMatchers(matchers: readonly Matcher[]): SilenceCheck {
  if (matchers.length === 0) return refuse('no matchers', 'a silence needs at least one matcher');
  for (const { name, value } of matchers) {
    if (name === '') return refuse('matcher without a label name', 'a matcher needs the name of a label');
    if (utf8Length(name) > silenceLimits.matcherNameBytes || utf8Length(value) > silenceLimits.matcherValueBytes) {
      return refuse(
        'matcher too long',
        `a matcher's label name has at most ${silenceLimits.matcherNameBytes} bytes, its value ${silenceLimits.matcherValueBytes}`,
      );
    }
  }
  const compiled = compileMatchers(matchers);
  if (!compiled.ok) return refuse('bad regular expression', compiled.problem);
  return compiled.value.some(guardsAgainstAll)
    ? fine
    : refuse('matches everything', 'at least one matcher must not match the empty string');
}

/** Whether a draft may become a silence at `now`, or the first reason why not, with a sentence for people. */
export function validateSilence(draft: SilenceDraft, now: Instant): SilenceCheck {
  const matchers = checkSets(draft);
  if (!matchers.ok) return matchers;
  if (draft.startsAt >= draft.endsAt) return refuse('start not before end', 'start time must be before end time');
  if (draft.endsAt <= now) return refuse('end in the past', "end time can't be in the past");
  if (utf8Length(draft.createdBy) > silenceLimits.createdByBytes) {
    return refuse('creator too long', `the creator's name has at most ${silenceLimits.createdByBytes} bytes`);
  }
  if (utf8Length(draft.comment) > silenceLimits.commentBytes) {
    return refuse('comment too long', `a comment has at most ${silenceLimits.commentBytes} bytes`);
  }
  return checkAnnotations(draft.annotations ?? {});
}

function checkAnnotations(annotations: Labels): SilenceCheck {
  const texts = Object.entries(annotations);
  const { annotations: most, annotationsBytes } = silenceLimits;
  if (texts.length <= most && utf8Length(texts.flat().join('')) <= annotationsBytes) return fine;
  return refuse(
    'annotations too long',
    `a silence has at most ${most} annotations of ${annotationsBytes} bytes in all`,
  );
}
