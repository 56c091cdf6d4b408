import type { Labels } from '../alert/labels.ts';
import { equalMatchers, type Matcher } from '../alert/matcher.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { type MatcherSet, matcherSetsOf, type Silence, type SilenceState } from '../silence/silence.ts';
import { silenceStateAt } from '../silence/silence-state.ts';

export interface MatcherView {
  readonly isEqual: boolean;
  readonly isRegex: boolean;
  readonly name: string;
  readonly value: string;
}

/** A silence as API v2 shows it (PROTOCOLS 3.2). */
export interface GettableSilence {
  readonly id: string;
  readonly status: { readonly state: SilenceState };
  readonly updatedAt: Instant;
  readonly comment: string;
  readonly createdBy: string;
  readonly endsAt: Instant;
  readonly matchers: readonly MatcherView[];
  readonly startsAt: Instant;
  /** Absent when empty. */
  readonly annotations?: Labels;
  /** Ours: further sets, of which API v2 knows nothing. Absent when there are none. */
  readonly matcherSets?: readonly (readonly MatcherView[])[];
}

/** Alertmanager keeps an expired silence for its retention, 120 h by default, and lists it so long. */
export const expiredListedSeconds = 120 * 3_600;

const viewMatcher = ({ name, operator, value }: Matcher): MatcherView => ({
  isEqual: operator === '=' || operator === '=~',
  isRegex: operator === '=~' || operator === '!~',
  name,
  value,
});

export const viewSilence = (silence: Silence, now: Instant): GettableSilence => ({
  id: silence.id,
  status: { state: silenceStateAt(silence, now) },
  updatedAt: silence.updatedAt,
  comment: silence.comment,
  createdBy: silence.createdBy,
  endsAt: silence.endsAt,
  matchers: silence.matchers.map(viewMatcher),
  startsAt: silence.startsAt,
  ...(silence.annotations === undefined ? {} : { annotations: silence.annotations }),
  ...(silence.matcherSets === undefined ? {} : { matcherSets: silence.matcherSets.map((set) => set.map(viewMatcher)) }),
});

export interface SilenceFilter {
  readonly active: boolean;
  readonly pending: boolean;
  readonly expired: boolean;
  /** Each must stand in the silence word for word: structure, not meaning (PROTOCOLS 2.3). */
  readonly matchers: readonly Matcher[];
}

const order: Readonly<Record<SilenceState, number>> = { active: 0, pending: 1, expired: 2 };

/** Active by what ends first, pending by what begins first, expired by what ended last. */
function compareSilences(a: Silence, b: Silence, now: Instant): number {
  const [state, other] = [silenceStateAt(a, now), silenceStateAt(b, now)];
  if (state !== other) return order[state] - order[other];
  const by = (one: string, two: string) => (one < two ? -1 : one > two ? 1 : 0);
  if (state === 'pending') return by(a.startsAt, b.startsAt);
  return state === 'active' ? by(a.endsAt, b.endsAt) : by(b.endsAt, a.endsAt);
}

const holdsAll = (set: MatcherSet, wanted: readonly Matcher[]): boolean =>
  wanted.every((matcher) => set.some((each) => equalMatchers(each, matcher)));

/** What GET /silences lists. */
export const listSilencesAt = (
  silences: readonly Silence[],
  filter: SilenceFilter,
  now: Instant,
): readonly GettableSilence[] =>
  silences
    .filter((silence) => filter[silenceStateAt(silence, now)] && addSeconds(silence.endsAt, expiredListedSeconds) > now)
    .filter((silence) => matcherSetsOf(silence).some((set) => holdsAll(set, filter.matchers)))
    .sort((a, b) => compareSilences(a, b, now))
    .map((silence) => viewSilence(silence, now));
