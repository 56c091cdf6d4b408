import { equalMatchers } from '../alert/matcher.ts';
import { safeText } from '../alert/safe-text.ts';
import { exhaustive } from '../kernel/assert.ts';
import { type Instant, latest, toEpochSeconds } from '../kernel/instant.ts';
import { type Outcome, unchanged } from '../kernel/outcome.ts';
import type { Silence } from './silence.ts';
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
  return {
    schema: 1,
    version: 1,
    id,
    matchers: draft.matchers.map(({ name, operator, value }) => ({ name, operator, value })),
    // As Alertmanager: a silence cannot have begun before it was made.
    startsAt: latest(draft.startsAt, now),
    endsAt: draft.endsAt,
    createdBy: safeText(draft.createdBy),
    comment: safeText(draft.comment),
    createdAt: now,
    updatedAt: now,
  };
}

/** Makes a silence, or says why not. */
export function createSilence(draft: SilenceDraft, context: SilenceContext): SilenceDecision {
  const check = validateSilence(draft, context.now);
  if (!check.ok) return { outcome: 'rejected', reason: check.reason, problem: check.problem };
  return { outcome: 'accepted', silence: newSilence(draft, context), replaced: null };
}

function expire(silence: Silence, now: Instant): Silence {
  // One that never began gets no length at all, so that nobody believes that it silenced something.
  const startsAt = silence.startsAt > now ? now : silence.startsAt;
  return { ...silence, version: silence.version + 1, startsAt, endsAt: now, updatedAt: now };
}

/** Ends a silence now; an expired one stays as it is. */
export function expireSilence(silence: Silence, now: Instant): SilenceDecision {
  if (silenceStateAt(silence, now) === 'expired') return unchanged('already expired');
  return { outcome: 'accepted', silence: expire(silence, now), replaced: null };
}

const sameMatchers = (a: SilenceDraft['matchers'], b: SilenceDraft['matchers']): boolean =>
  a.length === b.length &&
  a.every((matcher, i) => {
    const other = b[i];
    return other !== undefined && equalMatchers(matcher, other);
  });

/** What may change under the same id depends on the state (PROTOCOLS 3.2); else people would rewrite what had happened. */
function keepsId(silence: Silence, draft: SilenceDraft, now: Instant): boolean {
  if (!sameMatchers(silence.matchers, draft.matchers)) return false;
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
  const created = createSilence(draft, context);
  if (created.outcome !== 'accepted') return created;
  const { now } = context;
  if (keepsId(silence, draft, now)) {
    const startsAt = silenceStateAt(silence, now) === 'active' ? silence.startsAt : draft.startsAt;
    const { id, createdAt } = silence;
    const kept = { ...created.silence, id, createdAt, startsAt, version: silence.version + 1 };
    return { outcome: 'accepted', silence: kept, replaced: null };
  }
  const replaced = silenceStateAt(silence, now) === 'expired' ? null : expire(silence, now);
  return { ...created, replaced };
}
