import { assert } from '../kernel/assert.ts';
import { addSeconds, earliest, type Instant } from '../kernel/instant.ts';
import type { AlertEndReason, AlertRecord } from './alert.ts';
import type { FlappingRule } from './flapping-rule.ts';

/** What an alert remembers of its own toggling. Absent on one that never fired again. */
export interface FlapRecord {
  /** Its latest beginnings, oldest first: at most as many as make it flap. */
  readonly beganAt: readonly Instant[];
  /** Set while it flaps. */
  readonly flaps?: Flaps;
}

/** An alert that flaps stays a firing member of its incident, whatever its source says, until it is calm. */
export interface Flaps {
  readonly since: Instant;
  /** Changes of status since then. */
  readonly transitions: number;
  /** Calm from this instant on, unless it changes before. */
  readonly calmAt: Instant;
  /** Its source says that it ended; absent: that it fires. What counts when it is calm. */
  readonly heldEnd?: HeldEnd;
}

export interface HeldEnd {
  readonly at: Instant;
  readonly endsAt: Instant | null;
  readonly reason: AlertEndReason;
}

/** What is so of an alert that flaps. */
export const flapsOf = (record: AlertRecord | null): Flaps | null => record?.flap?.flaps ?? null;

/** The alert as its source last told of it: what the next copy is compared with. An end that is held is an end here. */
export function truthOf(record: AlertRecord): AlertRecord {
  const heldEnd = flapsOf(record)?.heldEnd;
  if (heldEnd === undefined) return record;
  const { at, endsAt, reason } = heldEnd;
  return { ...record, status: 'resolved', resolvedAt: at, endsAt, endReason: reason };
}

/** The other way round: what is stored of an alert whose truth changed in nothing that counts. */
export function heldAs(before: AlertRecord, truth: AlertRecord): AlertRecord {
  if (flapsOf(before)?.heldEnd === undefined) return truth;
  const { status, resolvedAt, endReason } = before;
  return { ...truth, status, resolvedAt, endsAt: before.endsAt ?? null, endReason };
}

/**
 * Counts one more beginning. The first one of all is known by its start, so that an alert that fires once and ends once
 * carries nothing.
 */
export function countBeginning(
  before: AlertRecord | null,
  after: AlertRecord,
  rule: FlappingRule,
  now: Instant,
): AlertRecord {
  if (rule.transitions === 0 || before === null) return after;
  const known = before.flap?.beganAt ?? [earliest(before.startsAt, now)];
  return { ...after, flap: { beganAt: [...known, now].slice(-rule.transitions) } };
}

/** Flaps from now on when it began often enough within the window. The ends between the beginnings are changes too. */
export function beginFlapping(record: AlertRecord, rule: FlappingRule, now: Instant): AlertRecord {
  if (record.flap === undefined) return record;
  const windowStart = addSeconds(now, -rule.windowSeconds);
  const beganAt = record.flap.beganAt.filter((at) => at > windowStart);
  const [since] = beganAt;
  if (rule.transitions === 0 || beganAt.length < rule.transitions || since === undefined) {
    return { ...record, flap: { beganAt } };
  }
  const transitions = 2 * beganAt.length - 1;
  return { ...record, flap: { beganAt, flaps: { since, transitions, calmAt: calmFrom(now, rule) } } };
}

/** What an alert that does not flap, or no longer does, keeps of its beginnings. */
export function keepBeginnings(before: AlertRecord | null, after: AlertRecord): AlertRecord {
  const { flap: _, ...rest } = after;
  return before?.flap === undefined ? rest : { ...rest, flap: { beganAt: before.flap.beganAt } };
}

/** Without a trace of its toggling: it is calm, and would need as many beginnings again. */
export function forgetFlapping(record: AlertRecord): AlertRecord {
  const { flap: _, ...calm } = record;
  return calm;
}

/**
 * A change of status while it flaps: `after` is what would be stored of a steady alert. It stays where it was, as a firing
 * member, and the end is kept for later. A rule that was switched off no longer makes it wait longer.
 */
export function holdChange(before: AlertRecord, after: AlertRecord, rule: FlappingRule, now: Instant): AlertRecord {
  const known = flapsOf(before);
  assert(known, 'only what flaps is held');
  const { heldEnd: _, ...flaps } = known;
  const { judgedIn } = { ...before, ...after };
  return {
    ...after,
    status: 'firing',
    resolvedAt: null,
    endsAt: null,
    endReason: null,
    incidentIds: before.incidentIds,
    ...(before.lastIncidentIds === undefined ? {} : { lastIncidentIds: before.lastIncidentIds }),
    ...(judgedIn === undefined ? {} : { judgedIn }),
    ...(before.mutedUntil === undefined ? {} : { mutedUntil: before.mutedUntil }),
    suppressedBy: null,
    routePath: before.routePath,
    unrouted: before.unrouted,
    flap: {
      beganAt: before.flap?.beganAt ?? [],
      flaps: {
        ...flaps,
        transitions: flaps.transitions + 1,
        calmAt: rule.transitions === 0 ? flaps.calmAt : calmFrom(now, rule),
        ...(after.status === 'firing' ? {} : { heldEnd: heldEndOf(after, now) }),
      },
    },
  };
}

const heldEndOf = ({ endsAt, endReason }: AlertRecord, now: Instant): HeldEnd => ({
  at: now,
  endsAt: endsAt ?? null,
  reason: endReason ?? 'resolved',
});

/** The end that was held, now for good. */
export const endHeld = (record: AlertRecord, { endsAt, reason }: HeldEnd, now: Instant): AlertRecord => ({
  ...forgetFlapping(record),
  status: 'resolved',
  resolvedAt: now,
  endsAt,
  endReason: reason,
  changedAt: now,
  groups: [],
  incidentIds: [],
  suppressedBy: null,
});

const calmFrom = (now: Instant, { calmAfterSeconds }: FlappingRule): Instant => addSeconds(now, calmAfterSeconds);
