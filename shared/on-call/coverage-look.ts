import type { Policy } from '../config/policy.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { type Outcome, unchanged } from '../kernel/outcome.ts';
import { shiftsBetween } from './on-call.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule.ts';

/**
 * The sweep's look at a schedule: is somebody on call in the time to come? The policy file is checked over 90 days when it
 * changes; what the date and overrides bring is seen here, two weeks ahead, which leaves a week of work to fill it.
 */
export const coverageLook = { aheadSeconds: 14 * 86_400, everySeconds: 86_400 } as const;

/** While there is a gap: whoever fills it sees the alert end soon, and it is told again far inside the time of a quiet source. */
const gapLookSeconds = 3_600;

/** A time in which nobody is on call. Half-open. */
export interface Gap {
  readonly startsAt: Instant;
  /** Null: beyond the look ahead. */
  readonly endsAt: Instant | null;
}

export interface CoverageRecord {
  readonly schema: 1;
  /** Optimistic lock. */
  readonly version: number;
  readonly schedule: string;
  readonly lookedAt: Instant;
  /** Of the policy file that was looked at: another one is looked at at once. */
  readonly policyHash: string;
  /** The first; null: none. */
  readonly gap: Gap | null;
  /** Our own alert about it: 'ending' until its end was told. */
  readonly alert: 'none' | 'firing' | 'ending';
  /** When that was told; null: not yet. */
  readonly toldAt: Instant | null;
}

export type CoverageDecision = Outcome<{ readonly after: CoverageRecord }, 'not due' | 'nothing changed', never>;

export interface CoverageInput {
  readonly name: string;
  /** Null: gone, or no escalation policy uses it, so that nobody relies on it. */
  readonly schedule: Schedule | null;
  readonly overrides: readonly Override[];
  readonly policy: Pick<Policy, 'hash'>;
  readonly now: Instant;
}

/** What the sweep makes of the coverage of one schedule. What is to be told is stored first: `toldAt` null says so. */
export function decideCoverage(before: CoverageRecord | null, input: CoverageInput): CoverageDecision {
  const { name, schedule, overrides, policy, now } = input;
  if (schedule === null && (before === null || before.alert === 'none')) return unchanged('nothing changed');
  if (before !== null && !isDue(before, input)) return unchanged('not due');
  const gap = schedule === null ? null : firstGap(schedule, overrides, now);
  const fired = before !== null && before.alert !== 'none';
  const alert = gap !== null ? 'firing' : fired ? 'ending' : 'none';
  const version = (before?.version ?? 0) + 1;
  const toldAt = alert === 'none' ? now : null;
  return {
    outcome: 'accepted',
    after: { schema: 1, version, schedule: name, lookedAt: now, policyHash: policy.hash, gap, alert, toldAt },
  };
}

function isDue(before: CoverageRecord, { schedule, policy, now }: CoverageInput): boolean {
  const { toldAt, policyHash, alert, lookedAt } = before;
  if (toldAt === null || schedule === null || policyHash !== policy.hash) return true;
  return now >= addSeconds(lookedAt, alert === 'none' ? coverageLook.everySeconds : gapLookSeconds);
}

/** It was told. */
export const toldCoverage = (record: CoverageRecord, now: Instant): CoverageRecord => ({
  ...record,
  version: record.version + 1,
  alert: record.alert === 'ending' ? 'none' : record.alert,
  toldAt: now,
});

function firstGap(schedule: Schedule, overrides: readonly Override[], now: Instant): Gap | null {
  const until = addSeconds(now, coverageLook.aheadSeconds);
  const gap = shiftsBetween(schedule, overrides, now, until).find(({ onCall }) => onCall === null);
  return gap === undefined ? null : { startsAt: gap.startsAt, endsAt: gap.endsAt === until ? null : gap.endsAt };
}
