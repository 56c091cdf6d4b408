import type { AlertId } from '../alert/alert.ts';
import type { Labels } from '../alert/labels.ts';
import type { Matcher } from '../alert/matcher.ts';
import { compareTexts } from '../kernel/compare-texts.ts';
import type { Instant } from '../kernel/instant.ts';

export type SilenceState = 'pending' | 'active' | 'expired';

/** ANDed conditions. */
export type MatcherSet = readonly Matcher[];

/** Made by Tocsin itself: an occurrence of a recurring window of the policy file. Absent: a person or a tool made it. */
export interface SilenceOrigin {
  readonly kind: 'maintenance';
  readonly window: string;
  /** Hash of what the window said (shared/silence/window-silences.ts); it ends when the window no longer says it. */
  readonly definition?: string;
  /** When it was ended because of that. Absent: never, or a person ended it. */
  readonly withdrawnAt?: Instant;
}

/** A silence as stored. Its state is derived from an instant by `silenceStateAt`, never stored. */
export interface Silence {
  readonly schema: 1;
  readonly version: number;
  /** A UUID that sorts by time; silences of earlier code have another shape. */
  readonly id: string;
  /** The first set. At least one matcher, and not all may match the empty string (PROTOCOLS 2.3). */
  readonly matchers: MatcherSet;
  /** Further sets under the same rule: the silence matches what any of its sets matches. Absent: none. */
  readonly matcherSets?: readonly MatcherSet[];
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly createdBy: string;
  readonly comment: string;
  /** Absent: none. */
  readonly annotations?: Labels;
  readonly origin?: SilenceOrigin;
  /**
   * Only this alert, and only until it resolves: what begins to fire after `createdAt` is not held back. Its matchers are the
   * alert's labels, for people and for clients that know matchers only.
   */
  readonly untilResolved?: AlertId;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Who ended it before its time. Absent: nobody did, or earlier code. */
  readonly endedBy?: string;
  /** Who was told that this `endsAt` is near. Absent: not yet, or nobody is to be told. */
  readonly expiryTold?: { readonly at: Instant; readonly to: string };
}

/** All sets, the first one first. */
export const matcherSetsOf = ({
  matchers,
  matcherSets = [],
}: Pick<Silence, 'matchers' | 'matcherSets'>): readonly MatcherSet[] => [matchers, ...matcherSets];

/** The newest first, whatever the shape of their ids. */
export const newestFirst = (a: Pick<Silence, 'createdAt' | 'id'>, b: Pick<Silence, 'createdAt' | 'id'>): number =>
  compareTexts(b.createdAt, a.createdAt) || compareTexts(b.id, a.id);
