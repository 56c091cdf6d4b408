import { addSeconds, type Instant, latest, secondsBetween } from '../kernel/instant.ts';
import type { AlertGroupMessage, GroupRecord } from './alert.ts';

/** Two messages closer than this are taken as the two copies of an HA pair, and prove an absence only once. */
export const absenceConfirmedAfterSeconds = 60;

/**
 * Firing members that a group item holds. With every one of them absent an item takes about 58 bytes a member, so that
 * 6,000 stay below DynamoDB's 400 KB an item; the design limit is 5,000. Members beyond end by their resolve only.
 */
export const maxGroupMembers = 6000;

/**
 * The share of a lease from which on a message extends it. A source repeats when about half is left; at exactly half, one
 * repeat in two would come too early after the late copy of a peer had moved the lease, and the group would go quiet.
 */
const leaseShortBelow = 3 / 4;

export interface ObserveContext {
  readonly groupId: string;
  readonly now: Instant;
  /** Of the source: how long a group may say nothing. */
  readonly quietAfterSeconds: number;
  /** Fingerprints whose copy in this message was classified as late: it says nothing about the present. */
  readonly lateCopies?: ReadonlySet<string>;
}

export interface GroupObservation {
  readonly next: GroupRecord;
  /** False when a repeat inside the lease changes nothing: then nothing is stored. */
  readonly write: boolean;
  /** Members that this group lets go now; an alert that no other group holds ends. Sorted. */
  readonly endedMembers: readonly string[];
  /** Members that this group did not hold before. Sorted. */
  readonly joinedMembers: readonly string[];
}

/** Missing members of a complete message: those to wait for, and those missing for the second time. */
interface Absence {
  readonly absentSince: Readonly<Record<string, Instant>>;
  readonly ended: ReadonlySet<string>;
}

function judgeAbsence(group: GroupRecord, message: AlertGroupMessage): Absence {
  const mentioned = new Set(message.alerts.map((alert) => alert.fingerprint));
  const missing = group.members.filter((member) => !mentioned.has(member));
  // What is delivered again, behind newer messages, says nothing about the present either.
  if (message.truncatedAlerts > 0 || message.receivedAt < group.seenAt) {
    const waiting = missing.flatMap((member) => {
      const since = group.absentSince[member];
      return since === undefined ? [] : [[member, since] as const];
    });
    return { absentSince: Object.fromEntries(waiting), ended: new Set() };
  }
  const absentSince: Record<string, Instant> = {};
  const ended = new Set<string>();
  for (const member of missing) {
    const since = group.absentSince[member] ?? message.receivedAt;
    if (secondsBetween(since, message.receivedAt) >= absenceConfirmedAfterSeconds) ended.add(member);
    else absentSince[member] = since;
  }
  return { absentSince, ended };
}

const firstSight = (message: AlertGroupMessage, context: ObserveContext): GroupRecord => ({
  schema: 1,
  version: 0,
  groupId: context.groupId,
  source: message.source,
  receiver: message.receiver,
  groupKey: message.groupKey,
  members: [],
  absentSince: {},
  seenAt: message.receivedAt,
  leaseUntil: addSeconds(context.now, context.quietAfterSeconds),
});

/** Known members come first, so that the bound never pushes one out for a newcomer. */
function nextMembers(
  group: GroupRecord,
  message: AlertGroupMessage,
  ended: ReadonlySet<string>,
  late: ReadonlySet<string>,
) {
  const spoken = message.alerts.filter((alert) => !late.has(alert.fingerprint));
  const resolved = new Set(spoken.filter((alert) => alert.status === 'resolved').map((alert) => alert.fingerprint));
  const known = new Set(group.members);
  const stay = group.members.filter((member) => !resolved.has(member) && !ended.has(member));
  const join = spoken
    .filter((alert) => alert.status === 'firing' && !known.has(alert.fingerprint))
    .map((alert) => alert.fingerprint)
    .sort()
    .slice(0, Math.max(0, maxGroupMembers - stay.length));
  return { members: [...stay, ...join].sort(), joined: join };
}

/**
 * What a message says about who fires in its group. A member that two complete messages miss, the second at least 60 s
 * after the first, is let go; the message that begins the count and the one that ends it are told apart by when they were
 * received, not by when the queue gave them. The lease is extended only when less than three quarters of it remain, so that
 * a repeat inside it writes nothing. The same message twice changes nothing the second time: so store the alerts that it
 * joins and ends before the group, or with it.
 */
export function observeGroup(
  group: GroupRecord | null,
  message: AlertGroupMessage,
  context: ObserveContext,
): GroupObservation {
  const before = group ?? firstSight(message, context);
  const { absentSince, ended } = judgeAbsence(before, message);
  const { members, joined } = nextMembers(before, message, ended, context.lateCopies ?? new Set());
  const membersChanged = joined.length > 0 || members.length !== before.members.length;
  const absenceChanged = !equalAbsence(absentSince, before.absentSince);
  const remaining = secondsBetween(context.now, before.leaseUntil);
  const leaseIsShort = members.length > 0 && remaining < context.quietAfterSeconds * leaseShortBelow;
  const write = membersChanged || absenceChanged || leaseIsShort;
  if (!write) return { next: before, write, endedMembers: [], joinedMembers: [] };
  const next: GroupRecord = {
    ...before,
    version: before.version + 1,
    members,
    absentSince,
    seenAt: latest(before.seenAt, message.receivedAt),
    leaseUntil: latest(before.leaseUntil, addSeconds(context.now, context.quietAfterSeconds)),
  };
  return { next, write, endedMembers: [...ended].sort(), joinedMembers: joined };
}

function equalAbsence(a: Readonly<Record<string, Instant>>, b: Readonly<Record<string, Instant>>): boolean {
  const members = Object.keys(a);
  return members.length === Object.keys(b).length && members.every((member) => a[member] === b[member]);
}

/** The sweep believes that a group went quiet: is its lease really over? Then all members are let go. */
export function quietGroup(
  group: GroupRecord,
  now: Instant,
):
  | { readonly quiet: false }
  | { readonly quiet: true; readonly next: GroupRecord; readonly endedMembers: readonly string[] } {
  if (now < group.leaseUntil || group.members.length === 0) return { quiet: false };
  return {
    quiet: true,
    next: { ...group, version: group.version + 1, members: [], absentSince: {} },
    endedMembers: group.members,
  };
}
