import type { Labels } from '../alert/labels.ts';
import { formatMatchers } from '../alert/matcher.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { HeartbeatRule } from './heartbeat-rule.ts';

/** 'waiting': it has not arrived since the policy file first named it, and has still time to. */
export type HeartbeatState = 'waiting' | 'alive' | 'late' | 'missing';

/** What is stored of one heartbeat: ingest writes when it was last seen, the sweep writes everything else. */
export interface HeartbeatRecord {
  readonly schema: 1;
  /** Optimistic lock of the sweep; being seen leaves it alone. */
  readonly version: number;
  readonly name: string;
  readonly source: string;
  /** Of the rule, as text; '': any request of the source counts. Another text is another heartbeat of that name. */
  readonly matchers: string;
  /** When the policy file first named it: one that never arrives is late from here on. */
  readonly namedAt: Instant;
  /** Up to half of `everySeconds` older than the truth. Absent: never. */
  readonly lastSeenAt?: Instant;
  /** As the sweep last found it. */
  readonly state: HeartbeatState;
  /** When it last arrived again after being late or missing. */
  readonly recoveredAt: Instant | null;
  /** Labels of the alerts of ours that fire about it: an edit of the policy file changes them, and these must end. */
  readonly firing: readonly Labels[];
  /** Labels of those that ended, until that was told. */
  readonly ending: readonly Labels[];
  /** When the two were told; null: not yet. */
  readonly toldAt: Instant | null;
  /** The policy file no longer names it. */
  readonly removedAt: Instant | null;
}

export const matchersOf = ({ matchers }: HeartbeatRule): string =>
  matchers.length === 0 ? '' : formatMatchers(matchers);

interface Seen {
  readonly namedAt: Instant;
  readonly lastSeenAt?: Instant;
}

const countedFrom = ({ namedAt, lastSeenAt }: Seen): Instant => lastSeenAt ?? namedAt;

/** Late from this instant on, unless it arrives. */
export const lateAt = (rule: HeartbeatRule, seen: Seen): Instant => addSeconds(countedFrom(seen), rule.everySeconds);

/** Missing from this instant on. */
export const missingAt = (rule: HeartbeatRule, seen: Seen): Instant =>
  addSeconds(lateAt(rule, seen), rule.graceSeconds);

export function heartbeatStateAt(rule: HeartbeatRule, seen: Seen, now: Instant): HeartbeatState {
  if (now >= missingAt(rule, seen)) return 'missing';
  if (now >= lateAt(rule, seen)) return 'late';
  return seen.lastSeenAt === undefined ? 'waiting' : 'alive';
}

/** Whether an arrival is worth a write: one per half of the time between two, and each that ends a silence. */
export const movesLastSeen = (rule: HeartbeatRule, lastSeenAt: Instant | undefined, seenAt: Instant): boolean =>
  lastSeenAt === undefined || seenAt >= addSeconds(lastSeenAt, rule.everySeconds / 2);
