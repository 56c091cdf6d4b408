import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertGroupMessage, GroupRecord } from '#shared/alert/alert.ts';
import { maxGroupMembers, observeGroup, quietGroup } from '#shared/alert/group.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { incoming, message, noon } from './alert-builders.ts';

const hour = 3600;
const context = (now: string, changes: { lateCopies?: ReadonlySet<string> } = {}) => ({
  groupId: 'group-1',
  now,
  quietAfterSeconds: 8 * hour,
  ...changes,
});
const firing = (fingerprint: string) => incoming({ fingerprint });
const ended = (fingerprint: string) => incoming({ fingerprint, status: 'resolved', endsAt: noon });
const at = (seconds: number) => addSeconds(noon, seconds);

const group = (changes: Partial<GroupRecord> = {}): GroupRecord => ({
  schema: 1,
  version: 3,
  groupId: 'group-1',
  source: 'prod',
  receiver: 'hook',
  groupKey: '{}:{alertname="Disk"}',
  members: ['a', 'b'],
  absentSince: {},
  seenAt: noon,
  leaseUntil: at(8 * hour),
  ...changes,
});
/** A message received and decided at the same second. */
const observe = (before: GroupRecord | null, seconds: number, changes: Partial<AlertGroupMessage>) =>
  observeGroup(before, message({ receivedAt: at(seconds), ...changes }), context(at(seconds)));
const nothing = (next: GroupRecord) => ({ next, write: false, endedMembers: [], joinedMembers: [] });

describe('a group knows who fires in it', () => {
  it('from the first message on', () => {
    expect(observe(null, 0, { alerts: [firing('b'), ended('x'), firing('a')] })).toEqual({
      next: group({ version: 1 }),
      write: true,
      endedMembers: [],
      joinedMembers: ['a', 'b'],
    });
  });

  it('and is not stored before anything fires', () => {
    expect(observe(null, 0, { alerts: [ended('x')] }).write).toBe(false);
  });

  it('adds who begins and removes who is resolved', () => {
    expect(observe(group(), 60, { alerts: [ended('a'), firing('b'), firing('c')] })).toEqual({
      next: group({ version: 4, members: ['b', 'c'], seenAt: at(60), leaseUntil: at(60 + 8 * hour) }),
      write: true,
      endedMembers: [],
      joinedMembers: ['c'],
    });
  });

  it('believes no late copy: neither a beginning nor an end', () => {
    const late = message({ receivedAt: at(60), alerts: [ended('a'), firing('b'), firing('z')] });
    expect(observeGroup(group(), late, context(at(60), { lateCopies: new Set(['a', 'z']) }))).toEqual(nothing(group()));
  });

  it('keeps its known members when more come than an item holds', () => {
    const many = Array.from({ length: maxGroupMembers + 5 }, (_, i) => firing(`f${String(i).padStart(5, '0')}`));
    const before = group({ members: ['zz'] });
    const { next, joinedMembers } = observe(before, 60, { alerts: [...many, firing('zz')] });
    expect([next.members.length, next.members.at(-1), joinedMembers.length]).toEqual([
      maxGroupMembers,
      'zz',
      maxGroupMembers - 1,
    ]);
  });
});

describe('a member that the source no longer names', () => {
  const onlyA = { alerts: [firing('a')] };
  const waiting = group({ absentSince: { b: at(300) }, version: 4, seenAt: at(300), leaseUntil: at(300 + 8 * hour) });

  it('is waited for after the first complete message without it', () => {
    expect(observe(group(), 300, onlyA)).toEqual({ next: waiting, write: true, endedMembers: [], joinedMembers: [] });
  });

  it('is let go by a second one at least 60 s later', () => {
    expect(observe(waiting, 360, onlyA)).toEqual({
      next: group({ version: 5, members: ['a'], seenAt: at(360), leaseUntil: at(360 + 8 * hour) }),
      write: true,
      endedMembers: ['b'],
      joinedMembers: [],
    });
  });

  it('is not let go by the other copy of an HA pair, less than 60 s later', () => {
    expect(observe(waiting, 359.999, onlyA)).toEqual(nothing(waiting));
  });

  it('is judged by when messages were received, not by when the queue gave them', () => {
    const backlog = message({ ...onlyA, receivedAt: at(310) });
    expect(observeGroup(waiting, backlog, context(at(2 * hour)))).toEqual(nothing(waiting));
    const second = message({ ...onlyA, receivedAt: at(600) });
    expect(observeGroup(waiting, second, context(at(301))).endedMembers).toEqual(['b']);
  });

  it('is waited for no more when it comes back', () => {
    const { next, endedMembers } = observe(waiting, 600, { alerts: [firing('a'), firing('b')] });
    expect([next.absentSince, next.members, endedMembers]).toEqual([{}, ['a', 'b'], []]);
  });

  it('is neither waited for nor let go by a truncated message', () => {
    expect(observe(group(), 300, { ...onlyA, truncatedAlerts: 1 })).toEqual(nothing(group()));
    expect(observe(waiting, 900, { ...onlyA, truncatedAlerts: 1 })).toEqual(nothing(waiting));
  });

  it('is neither waited for nor let go by a message that is older than the last one taken in', () => {
    const joined = group({ seenAt: at(300) });
    expect(observe(joined, 200, onlyA)).toEqual(nothing(joined));
    expect(observe(waiting, 200, onlyA)).toEqual(nothing(waiting));
  });

  it('is forgotten by a truncated message that names it', () => {
    expect(observe(waiting, 900, { alerts: [firing('b')], truncatedAlerts: 9 }).next.absentSince).toEqual({});
  });
});

describe('a lease is extended only when less than three quarters of it remain', () => {
  const repeat = { alerts: [firing('a'), firing('b')] };
  it.each([
    [1, false],
    [2 * hour, false],
    [2 * hour + 1, true],
  ])('%d s after it began a repeat writes: %j', (seconds, write) => {
    expect(observe(group(), seconds, repeat)).toEqual(
      write
        ? {
            next: group({ version: 4, seenAt: at(seconds), leaseUntil: at(seconds + 8 * hour) }),
            write,
            endedMembers: [],
            joinedMembers: [],
          }
        : nothing(group()),
    );
  });

  it('so that each repeat extends it, though the late copy of a peer moved it a little before', () => {
    const movedByCopy = group({ leaseUntil: at(8 * hour + 60) });

    expect(observe(movedByCopy, 4 * hour + 30, repeat).next.leaseUntil).toBe(at(12 * hour + 30));
  });

  it('but not for a group in which nothing fires', () => {
    expect(observe(group({ members: [] }), 7 * hour, { alerts: [] }).write).toBe(false);
  });
});

describe('a group that the sweep takes for quiet', () => {
  it('lets all its members go when its lease is over', () => {
    expect(quietGroup(group({ absentSince: { b: noon } }), at(8 * hour))).toEqual({
      quiet: true,
      next: group({ version: 4, members: [] }),
      endedMembers: ['a', 'b'],
    });
  });

  it('is not quiet when a message extended the lease, or when nothing fires in it', () => {
    expect([quietGroup(group(), at(8 * hour - 0.001)), quietGroup(group({ members: [] }), at(9 * hour))]).toEqual([
      { quiet: false },
      { quiet: false },
    ]);
  });
});

describe('a message that comes twice', () => {
  const members = fc.subarray(['a', 'b', 'c', 'd']);
  const steps = fc.array(
    fc.record({
      firing: members,
      resolved: members,
      truncatedAlerts: fc.nat(1),
      seconds: fc.integer({ min: 1, max: 90 }),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(steps, (list) => {
        let now = 0;
        let before: GroupRecord | null = null;
        for (const step of list) {
          now += step.seconds;
          const resolved = step.resolved.filter((one) => !step.firing.includes(one));
          const content = {
            alerts: [...step.firing.map(firing), ...resolved.map(ended)],
            truncatedAlerts: step.truncatedAlerts,
          };
          const first = observe(before, now, content);
          const stored: GroupRecord | null = first.write ? first.next : before;
          expect({ ...observe(stored, now, content), next: null }).toEqual({
            next: null,
            write: false,
            endedMembers: [],
            joinedMembers: [],
          });
          expect(step.firing.every((one) => first.next.members.includes(one))).toBe(true);
          expect(Object.keys(first.next.absentSince).every((one) => first.next.members.includes(one))).toBe(true);
          before = stored;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a group item stays below 400 KB', () => {
  it('with 5,000 members, each of them absent', () => {
    const fingerprints = Array.from({ length: 5000 }, (_, i) => i.toString(16).padStart(16, '0'));
    const before = observe(null, 0, { alerts: fingerprints.map(firing), groupKey: 'k'.repeat(2048) }).next;
    const { next } = observe(before, 300, { alerts: [] });
    expect(Object.keys(next.absentSince).length).toBe(5000);
    // JSON with its quotes is longer than what DynamoDB counts.
    expect(Buffer.byteLength(JSON.stringify(next))).toBeLessThan(400 * 1024);
  });
});
