import type { AlertRecord } from '../alert/alert.ts';
import { compileWhenAsked } from '../alert/compile-matcher.ts';
import type { Labels } from '../alert/labels.ts';
import { type CompiledMatcher, matchesAll } from '../alert/matcher.ts';
import { findCandidates, indexMatchers, type MatcherIndex } from '../alert/matcher-index.ts';
import type { Instant } from '../kernel/instant.ts';
import { matcherSetsOf, type Silence } from './silence.ts';
import { silenceStateAt } from './silence-state.ts';

/**
 * Silences made ready in memory: asked for each alert, rebuilt when the version of the silences changes. Each set of matchers
 * stands in the index by itself: `owners` and `compiled` have one entry for each.
 */
export interface SilenceIndex {
  readonly silences: readonly Silence[];
  /** Also what has just ended, for those who tell why. */
  readonly byId: ReadonlyMap<string, Silence>;
  readonly owners: readonly Silence[];
  readonly compiled: readonly (readonly CompiledMatcher[])[];
  readonly index: MatcherIndex;
}

/**
 * Makes silences ready. State is decided when asked, so pending ones belong in; expired ones may be left out by the
 * caller.
 */
export function compileSilences(silences: readonly Silence[], justEnded: readonly Silence[] = []): SilenceIndex {
  const sets = silences.flatMap((silence) => matcherSetsOf(silence).map((matchers) => ({ silence, matchers })));
  const compiled = sets.map(({ matchers }) => matchers.map(compileWhenAsked));
  const byId = new Map([...justEnded, ...silences].map((silence) => [silence.id, silence]));
  return { silences, byId, owners: sets.map(({ silence }) => silence), compiled, index: indexMatchers(compiled) };
}

/** Later ends first; equal ends by id, so that every copy of the program names the same one. */
const byEndDescending = (a: Silence, b: Silence): number => {
  if (a.endsAt !== b.endsAt) return a.endsAt > b.endsAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
};

/** Which alert asks, and since when it fires. */
export type SilencedAlert = Pick<AlertRecord, 'source' | 'fingerprint' | 'changedAt'>;

/**
 * A silence of one alert holds back only that alert, and only as it fired when the silence was made: so it is over at the
 * resolve by itself, however late the silence is ended in the store.
 */
function concerns({ untilResolved, createdAt }: Silence, alert: SilencedAlert | null): boolean {
  if (untilResolved === undefined) return true;
  if (alert === null) return false;
  const { source, fingerprint, changedAt } = alert;
  return source === untilResolved.source && fingerprint === untilResolved.fingerprint && changedAt <= createdAt;
}

/**
 * All silences that are active at `now` and match, each once; the first is the one that lasts longest. Without an alert
 * (labels that somebody asks about) the silences of single alerts are left out.
 */
export function activeSilencesFor(
  index: SilenceIndex,
  labels: Labels,
  now: Instant,
  alert: SilencedAlert | null = null,
): readonly Silence[] {
  const found = new Set<Silence>();
  for (const position of findCandidates(index.index, labels)) {
    const silence = index.owners[position];
    const matchers = index.compiled[position];
    // No conditions hold for everything; such a silence is refused when it is made, and would hide every alert.
    if (silence === undefined || matchers === undefined || matchers.length === 0) continue;
    // Most do not match, and nearly all are active.
    if (!matchesAll(matchers, labels) || silenceStateAt(silence, now) !== 'active') continue;
    if (concerns(silence, alert)) found.add(silence);
  }
  return [...found].sort(byEndDescending);
}
