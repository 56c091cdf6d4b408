import { compileWhenAsked } from '../alert/compile-matcher.ts';
import type { Labels } from '../alert/labels.ts';
import { type CompiledMatcher, matchesAll } from '../alert/matcher.ts';
import { findCandidates, indexMatchers, type MatcherIndex } from '../alert/matcher-index.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Silence } from './silence.ts';
import { silenceStateAt } from './silence-state.ts';

/** Silences made ready in memory: asked for each alert, rebuilt when the version of the silences changes. */
export interface SilenceIndex {
  readonly silences: readonly Silence[];
  readonly compiled: readonly (readonly CompiledMatcher[])[];
  readonly index: MatcherIndex;
}

/**
 * Makes silences ready. State is decided when asked, so pending ones belong in; expired ones may be left out by the
 * caller.
 */
export function compileSilences(silences: readonly Silence[]): SilenceIndex {
  const compiled = silences.map((silence) => silence.matchers.map(compileWhenAsked));
  return { silences, compiled, index: indexMatchers(compiled) };
}

/** Later ends first; equal ends by id, so that every copy of the program names the same one. */
const byEndDescending = (a: Silence, b: Silence): number => {
  if (a.endsAt !== b.endsAt) return a.endsAt > b.endsAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
};

/** All silences that are active at `now` and match; the first is the one that lasts longest. */
export function activeSilencesFor(index: SilenceIndex, labels: Labels, now: Instant): readonly Silence[] {
  const found: Silence[] = [];
  for (const position of findCandidates(index.index, labels)) {
    const silence = index.silences[position];
    const matchers = index.compiled[position];
    // No conditions hold for everything; such a silence is refused when it is made, and would hide every alert.
    if (silence === undefined || matchers === undefined || matchers.length === 0) continue;
    // Most do not match, and nearly all are active.
    if (matchesAll(matchers, labels) && silenceStateAt(silence, now) === 'active') found.push(silence);
  }
  return found.sort(byEndDescending);
}
