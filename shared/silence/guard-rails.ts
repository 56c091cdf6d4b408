import { compileWhenAsked } from '../alert/compile-matcher.ts';
import { formatMatchers } from '../alert/matcher.ts';
import { shorten } from '../alert/safe-text.ts';
import { formatDuration } from '../config/duration.ts';
import { type Severity, severities } from '../incident/severity.ts';
import { type Instant, latest, secondsBetween } from '../kernel/instant.ts';
import { type MatcherSet, matcherSetsOf, type Silence } from './silence.ts';
import type { SilenceReach } from './silence-reach.ts';

/**
 * When a silence deserves a second look. These only warn: at night a person may mean exactly that, and a refusal would send
 * them to a broader tool. What is refused stands in validate-silence.ts.
 */
export const guardRails = {
  /**
   * Longest silence of what pages so now, by severity: the time after which somebody else is on call who did not decide it. A
   * complete outage is not to be silenced beyond half a shift, a major impairment beyond the next day's hand-over; what waits
   * for working hours may wait a week, and what pages nobody a month.
   */
  longestSeconds: { SEV1: 4 * 3_600, SEV2: 86_400, SEV3: 7 * 86_400, SEV4: 30 * 86_400 } satisfies Record<
    Severity,
    number
  >,
  /** More alerts than one person looks through in a preview. */
  manyAlerts: 50,
  /** A share of everything that fires that is hardly one problem, once so many fire that a share means something. */
  share: 0.5,
  shareFrom: 10,
} as const;

/** Values with nothing in common: what accepts them all accepts almost anything. */
const unlikeValues = ['a', 'critical', '7', 'web-1.example.org:9100', 'Ünder_Score', '/var/lib/x y'];

const warned = 200;

/** One sentence each, the gravest first; empty for a silence as silences should be. */
export function warningsOf(
  silence: Pick<Silence, 'matchers' | 'matcherSets' | 'startsAt' | 'endsAt' | 'untilResolved'>,
  reach: SilenceReach | null,
  now: Instant,
): readonly string[] {
  // It ends with its alert, and can hide no other.
  if (silence.untilResolved !== undefined) return [];
  return [
    ...(reach === null ? [] : tooBroad(reach)),
    ...matcherSetsOf(silence).flatMap(tooLoose),
    ...tooLong(silence, reach, now),
  ];
}

function tooBroad({ hidden, looked, bySeverity, complete }: SilenceReach): readonly string[] {
  const many = hidden > guardRails.manyAlerts;
  const most = looked >= guardRails.shareFrom && hidden > looked * guardRails.share;
  if (!many && !most) return [];
  const counts = severities.flatMap((severity) => {
    const count = bySeverity[severity] ?? 0;
    return count === 0 ? [] : [`${count} of ${severity}`];
  });
  const among = complete ? `of the ${looked} alerts that fire now` : `of the first ${looked} alerts that fire now`;
  return [`It is broad: it hides ${hidden} ${among} (${counts.join(', ')}).`];
}

/** A set without one condition that names something, such as `{instance=~".+"}` or `{env!="test"}`. */
function tooLoose(matchers: MatcherSet): readonly string[] {
  const names = matchers.map(compileWhenAsked).some(({ accepts }) => !unlikeValues.every(accepts));
  if (names) return [];
  const text = shorten(formatMatchers(matchers), warned);
  return [`${text} names no value: it also hides almost every alert that is still to come.`];
}

function tooLong(
  { startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>,
  reach: SilenceReach | null,
  now: Instant,
): readonly string[] {
  const seconds = secondsBetween(latest(startsAt, now), endsAt);
  const severity = severities.find((each) => (reach?.bySeverity[each] ?? 0) > 0) ?? 'SEV4';
  const longest = guardRails.longestSeconds[severity];
  if (seconds <= longest) return [];
  const what = (reach?.hidden ?? 0) > 0 ? `it hides ${severity} now, for which` : 'for any silence';
  return [
    `It is long (${formatDuration(Math.round(seconds))}): ${what} ${formatDuration(longest)} is the most advised.`,
  ];
}
