import { formatMatcher } from '../../alert/matcher.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { MatcherSet, Silence } from '../../silence/silence.ts';
import { silenceStateAt } from '../../silence/silence-state.ts';

const written = (matchers: MatcherSet): readonly string[] => matchers.map(formatMatcher);

/** A silence as the operator API shows it; what it does not have is left out. */
export const viewAt =
  (now: Instant) =>
  ({ schema: _, matchers, matcherSets, ...silence }: Silence) => ({
    ...silence,
    state: silenceStateAt(silence, now),
    matchers: written(matchers),
    ...(matcherSets === undefined ? {} : { matcherSets: matcherSets.map(written) }),
  });

export type SilenceView = ReturnType<ReturnType<typeof viewAt>>;
