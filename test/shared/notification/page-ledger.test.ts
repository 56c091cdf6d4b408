import { describe, expect, it } from 'vitest';
import type { Incident } from '#shared/incident/incident.ts';
import type { PageRow } from '#shared/notification/page.ts';
import {
  balance,
  cancel,
  decideClaim,
  handOver,
  isOverdue,
  markUnknown,
  owePages,
  releaseClaim,
  toFallback,
} from '#shared/notification/page-ledger.ts';
import { outcomeCommit } from '#shared/notification/page-outcome.ts';
import {
  acknowledges,
  alicePage,
  at,
  carryOut,
  joins,
  noon,
  resolves,
  tick,
  webPage,
} from '#test/support/decision-builders.ts';

const opened = carryOut(null, joins('SEV1', ['a']), noon);
const triggered = opened.incident;
const acknowledged = carryOut(triggered, acknowledges, at(60)).incident;
const expired = carryOut(acknowledged, tick(acknowledged), at(3660)).incident;
const acknowledgedAgain = carryOut(expired, acknowledges, at(3700)).incident;
const lowered = carryOut(triggered, { type: 'ChangeSeverity', severity: 'SEV4' }, at(60)).incident;
const resolved = carryOut(triggered, resolves(['a']), at(60)).incident;
const closed = carryOut(resolved, { type: 'CloseIncident' }, at(61)).incident;

const rows = owePages(opened.commit, triggered);
const row = rows[0];
if (!row) throw new Error('no page is owed');
const claim = (from: PageRow, now = at(1)): PageRow => {
  const decision = decideClaim(from, triggered, now);
  if (decision.outcome !== 'accepted') throw new Error(decision.reason);
  return decision.next;
};
const claimed = claim(row);
const unknown = markUnknown(claimed, at(9));
const handedOver = handOver(claimed, 'C1/1.2', at(2));
const cancelled = cancel(row, 'acknowledged', at(2));
const fallback = toFallback(row, 'deadline passed', at(60));

describe('the pages that a commit owes', () => {
  it('are one row for each page of its steps, pending, with the sentence that says why', () => {
    const common = {
      schema: 1,
      version: 1,
      incidentId: 'incident-00000000001',
      generation: 1,
      step: 1,
      round: 1,
      state: 'pending',
      severity: 'SEV1',
      incidentNumber: 42,
      owedAt: noon,
      deadlineAt: at(60),
      claimedAt: null,
      leaseUntil: null,
      attempts: 0,
      endedAt: null,
      endReason: null,
      vendorRef: null,
      why:
        `Step 1 of 3 of escalation policy "sev1", round 1 of generation 1: due 0 s after ${noon}. ` +
        'SEV1 pages always; route root, service checkout, owner payments; policy file abcdef012345.',
      policyHash: 'abcdef012345',
      correlationId: 'correlation',
    };
    expect(rows).toEqual([
      { ...common, target: 'person:alice', pageTarget: alicePage, lane: 'slack' },
      { ...common, target: 'pagerduty:web', pageTarget: webPage, lane: 'pagerduty' },
    ]);
  });

  it('are none for a commit without a step', () => {
    const { commit, incident } = carryOut(triggered, acknowledges, at(60));
    expect(owePages(commit, incident)).toEqual([]);
  });
});

describe('a claim', () => {
  it('takes a pending page for 30 s', () => {
    expect(decideClaim(row, triggered, at(1))).toEqual({
      outcome: 'accepted',
      next: { ...row, version: 2, state: 'claimed', claimedAt: at(1), leaseUntil: at(31), attempts: 1 },
      wasUnknown: false,
    });
  });

  const rejectedFor = (reason: string) => ({ outcome: 'rejected', reason });
  const cancelFor = (reason: string) => ({ ...rejectedFor(`cancel: ${reason}`), cancel: reason });

  it.each<[string, PageRow, Incident, number, object]>([
    [
      'before its time',
      { ...row, notBeforeAt: at(300) },
      triggered,
      299,
      { ...rejectedFor('not due yet'), notBeforeAt: at(300) },
    ],
    [
      'before its time, being acknowledged',
      { ...row, notBeforeAt: at(300) },
      acknowledged,
      90,
      cancelFor('acknowledged'),
    ],
    [
      'once the severity never pages, being a later contact',
      { ...row, notBeforeAt: at(300) },
      lowered,
      300,
      cancelFor('severity never pages'),
    ],
    ['while another holds it', claimed, triggered, 30, rejectedFor('lease held')],
    ['while another holds it, acknowledged or not', claimed, acknowledged, 30, rejectedFor('lease held')],
    ['while what became of it cannot be seen yet', unknown, triggered, 13, rejectedFor('lease held')],
    ['after it was handed over', handedOver, triggered, 90, rejectedFor('ended')],
    ['after it was cancelled', cancelled, triggered, 90, rejectedFor('ended')],
    ['after the fallback was paged', fallback, triggered, 90, rejectedFor('ended')],
    ['after the acknowledgement', row, acknowledged, 90, cancelFor('acknowledged')],
    ['after the acknowledgement, also when unknown', unknown, acknowledged, 90, cancelFor('acknowledged')],
    ['after the resolve', row, resolved, 90, cancelFor('resolved')],
    ['after closing', row, closed, 90, cancelFor('resolved')],
    ['when a new generation has begun', row, expired, 4000, cancelFor('superseded')],
    ['when a new generation is acknowledged', row, acknowledgedAgain, 4000, cancelFor('superseded')],
  ])('is refused %s', (_, page, incident, seconds, expected) => {
    expect(decideClaim(page, incident, at(seconds))).toEqual(expected);
  });

  it.each<[string, PageRow, number]>([
    ['the lease of a sender that died is over', claimed, 31],
    ['an unknown outcome has had its pause', unknown, 14],
  ])('is taken again when %s, and must be looked up', (_, page, seconds) => {
    expect(decideClaim(page, triggered, at(seconds))).toEqual({
      outcome: 'accepted',
      next: {
        ...page,
        version: page.version + 1,
        state: 'claimed',
        claimedAt: at(seconds),
        leaseUntil: at(seconds + 30),
        attempts: 2,
      },
      wasUnknown: true,
    });
  });

  it('needs no lookup after it was given back unsent', () => {
    const released = releaseClaim(claimed);
    expect(released).toEqual({ ...claimed, version: 3, state: 'pending', leaseUntil: null });
    expect(decideClaim(released, triggered, at(2))).toMatchObject({ outcome: 'accepted', wasUnknown: false });
  });
});

describe('the end of a page', () => {
  it('is handed over, cancelled or fallback, each with its reason', () => {
    const end = { leaseUntil: null };
    expect(handedOver).toEqual({
      ...claimed,
      ...end,
      version: 3,
      state: 'handed over',
      vendorRef: 'C1/1.2',
      endedAt: at(2),
    });
    expect(cancelled).toEqual({
      ...row,
      ...end,
      version: 2,
      state: 'cancelled',
      endReason: 'acknowledged',
      endedAt: at(2),
    });
    expect(fallback).toEqual({
      ...row,
      ...end,
      version: 2,
      state: 'fallback',
      endReason: 'deadline passed',
      endedAt: at(60),
    });
  });

  it('is final', () => {
    for (const ended of [handedOver, cancelled, fallback]) {
      for (const change of [
        () => handOver(ended, null, at(90)),
        () => cancel(ended, 'resolved', at(90)),
        () => toFallback(ended, 'dead-lettered', at(90)),
        () => markUnknown(ended, at(90)),
        () => releaseClaim(ended),
      ]) {
        expect(change).toThrow(/has ended|sent without a claim/);
      }
    }
  });

  it('is never handed over without a claim', () => {
    expect(() => handOver(row, 'C1/1.2', at(1))).toThrow('was sent without a claim');
  });

  it.each<[string, PageRow, object]>([
    ['handed over', handedOver, { type: 'PageHandedOver', generation: 1, claimedAt: at(1) }],
    ['cancelled', cancelled, { type: 'PageCancelled', generation: 1, reason: 'acknowledged' }],
    ['given to the fallback', fallback, { type: 'FallbackPaged', reason: 'deadline passed' }],
  ])('is told on the timeline beside the versions of the incident: %s', (_, ended, event) => {
    expect(outcomeCommit(ended, 7, 'lane')).toEqual({
      schema: 1,
      incidentId: 'incident-00000000001',
      incidentNumber: 42,
      version: 7,
      part: 'page-1-1-1-person:alice',
      generation: 1,
      severity: 'SEV1',
      at: ended.endedAt,
      events: [{ ...event, step: 1, round: 1, target: 'person:alice' }],
      policyHash: 'abcdef012345',
      correlationId: 'lane',
      commandId: null,
    });
  });

  it('is not told before it has come', () => {
    expect(() => outcomeCommit(claimed, 7, 'lane')).toThrow('has not ended');
  });
});

describe('a page past its deadline', () => {
  it.each<[string, PageRow, number, boolean]>([
    ['pending, a moment before', row, 59.999, false],
    ['pending, at the deadline', row, 60, true],
    ['claimed, inside the lease', claim(row, at(45)), 74.999, false],
    ['claimed, the lease over', claim(row, at(45)), 75, true],
    ['unknown, inside its pause', markUnknown(claim(row, at(50)), at(58)), 62, false],
    ['handed over', handedOver, 90, false],
    ['cancelled', cancelled, 90, false],
    ['fallback already', fallback, 90, false],
  ])('is overdue only in nobody’s hands: %s', (_, page, seconds, expected) => {
    expect(isOverdue(page, at(seconds))).toBe(expected);
  });
});

it('balances: owed = handed over + cancelled + fallback + pending', () => {
  expect(balance([row, claimed, unknown, handedOver, cancelled, cancelled, fallback])).toEqual({
    owed: 7,
    handedOver: 1,
    cancelled: 2,
    fallback: 1,
    pending: 3,
  });
});
