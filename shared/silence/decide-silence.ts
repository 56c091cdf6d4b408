import { equalMatchers } from '../alert/matcher.ts';
import { safeText } from '../alert/safe-text.ts';
import { exhaustive } from '../kernel/assert.ts';
import { type Instant, latest, toEpochSeconds } from '../kernel/instant.ts';
import { type Outcome, unchanged } from '../kernel/outcome.ts';
import { type MatcherSet, matcherSetsOf, type Silence } from './silence.ts';
import { silenceStateAt } from './silence-state.ts';
import { type SilenceDraft, type SilenceRefusal, validateSilence } from './validate-silence.ts';

/** `silence` is to be stored; `replaced` is the earlier one, now expired, that must be stored with it. */
export type SilenceDecision =
  | Exclude<
      Outcome<{ readonly silence: Silence; readonly replaced: Silence | null }, 'already expired', SilenceRefusal>,
      { readonly outcome: 'rejected' }
    >
  | { readonly outcome: 'rejected'; readonly reason: SilenceRefusal; readonly problem: string };

export interface SilenceContext {
  readonly now: Instant;
  /** The id that a new silence gets. */
  readonly id: string;
}

function newSilence(draft: SilenceDraft, { now, id }: SilenceContext): Silence {
  const [matchers = [], ...furtherSets] = matcherSetsOf(draft).map(copyMatchers);
  const annotations = Object.entries(draft.annotations ?? {}).map(([name, text]) => [safeText(name), safeText(text)]);
  return {
    schema: 1,
    version: 1,
    id,
    matchers,
    ...(furtherSets.length === 0 ? {} : { matcherSets: furtherSets }),
    // As Alertmanager: a silence cannot have begun before it was made.
    startsAt: latest(draft.startsAt, now),
    endsAt: draft.endsAt,
    createdBy: safeText(draft.createdBy),
    comment: safeText(draft.comment),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    ...(draft.origin === undefined ? {} : { origin: draft.origin }),
    ...(draft.untilResolved === undefined ? {} : { untilResolved: draft.untilResolved }),
    createdAt: now,
    updatedAt: now,
  };
}

const copyMatchers = (matchers: MatcherSet): MatcherSet =>
  matchers.map(({ name, operator, value }) => ({ name, operator, value }));

/** Makes a silence, or says why not. */
export function createSilence(draft: SilenceDraft, context: SilenceContext): SilenceDecision {
  const check = validateSilence(draft, context.now);
  if (!check.ok) return { outcome: 'rejected', reason: check.reason, problem: check.problem };
  return { outcome: 'accepted', silence: newSilence(draft, context), replaced: null };
}

function expire(silence: Silence, now: Instant, by: string): Silence {
  // One that never began gets no length at all, so that nobody believes that it silenced something.
  const startsAt = silence.startsAt > now ? now : silence.startsAt;
  return { ...silence, version: silence.version + 1, startsAt, endsAt: now, updatedAt: now, endedBy: safeText(by) };
}

/** Ends a silence now; an expired one stays as it is. `by`: who asks for it, as people shall read it. */
export function expireSilence(silence: Silence, now: Instant, by: string): SilenceDecision {
  if (silenceStateAt(silence, now) === 'expired') return unchanged('already expired');
  return { outcome: 'accepted', silence: expire(silence, now, by), replaced: null };
}

const sameList = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length &&
  a.every((each, i) => {
    const other = b[i];
    return other !== undefined && same(each, other);
  });

/** Word for word and in their order, as Alertmanager compares them. */
const sameSets = (a: SilenceDraft, b: SilenceDraft): boolean =>
  sameList(matcherSetsOf(a), matcherSetsOf(b), (one, other) => sameList(one, other, equalMatchers));

/** What a caller that knows matchers only cannot say: kept while it changes none of them. */
const inherited = ({ origin, untilResolved }: Silence): Partial<SilenceDraft> => ({
  ...(origin === undefined ? {} : { origin }),
  ...(untilResolved === undefined ? {} : { untilResolved }),
});

/** What may change under the same id depends on the state (PROTOCOLS 3.2); else people would rewrite what had happened. */
function keepsId(silence: Silence, draft: SilenceDraft, now: Instant): boolean {
  if (!sameSets(silence, draft)) return false;
  const state = silenceStateAt(silence, now);
  switch (state) {
    case 'active':
      return toEpochSeconds(draft.startsAt) === toEpochSeconds(silence.startsAt);
    case 'pending':
      return draft.startsAt >= now;
    case 'expired':
      return false;
    default:
      return exhaustive(state);
  }
}

/**
 * Changes a silence as Alertmanager does: under the same id when only its comment and times change within its state, else
 * the old one expires and a new one with `context.id` takes its place.
 */
export function updateSilence(silence: Silence, draft: SilenceDraft, context: SilenceContext): SilenceDecision {
  const created = createSilence({ ...(sameSets(silence, draft) ? inherited(silence) : {}), ...draft }, context);
  if (created.outcome !== 'accepted') return created;
  const { now } = context;
  if (keepsId(silence, draft, now)) {
    const startsAt = silenceStateAt(silence, now) === 'active' ? silence.startsAt : draft.startsAt;
    const { id, createdAt, endsAt, expiryTold } = silence;
    // Who was told of this end is not told again; another end is news.
    const told = expiryTold === undefined || endsAt !== draft.endsAt ? {} : { expiryTold };
    const kept = { ...created.silence, id, createdAt, startsAt, ...told, version: silence.version + 1 };
    return { outcome: 'accepted', silence: kept, replaced: null };
  }
  const replaced = silenceStateAt(silence, now) === 'expired' ? null : expire(silence, now, draft.createdBy);
  return { ...created, replaced };
}
