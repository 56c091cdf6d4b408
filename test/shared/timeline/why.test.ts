import { expect, it } from 'vitest';
import type { Person } from '#shared/config/policy.ts';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Instant } from '#shared/kernel/instant.ts';
import type { PageRow } from '#shared/notification/page.ts';
import { cancel, decideClaim, handOver, markUnknown, owePages, toFallback } from '#shared/notification/page-ledger.ts';
import { outcomeCommit } from '#shared/notification/page-outcome.ts';
import type { Commit } from '#shared/timeline/events.ts';
import { explainPages } from '#shared/timeline/why.ts';
import {
  acknowledges,
  aPolicy,
  at,
  type Circumstances,
  carryOut,
  joins,
  noon,
  resolves,
  resolvesByHand,
  silences,
  tick,
} from '#test/support/decision-builders.ts';
import { anOverride, onCallPolicy, person, schedule, stepAfter, withSteps } from '#test/support/on-call-builders.ts';

/** An incident with its timeline and its page ledger, as they are stored. */
class Story {
  readonly commits: Commit[] = [];
  readonly pages: PageRow[] = [];
  incident: Incident | null = null;
  circumstances: Circumstances;

  constructor(circumstances: Circumstances = {}) {
    this.circumstances = circumstances;
  }

  after(command: IncidentCommand | 'tick', now: Instant): this {
    const asked = command !== 'tick' ? command : this.incident && tick(this.incident);
    if (!asked) throw new Error('a story begins with alerts');
    const { incident, commit } = carryOut(this.incident, asked, now, this.circumstances);
    this.incident = incident;
    this.commits.push(commit);
    this.pages.push(...owePages(commit, incident));
    return this;
  }

  page(index: number, change: (row: PageRow) => PageRow): this {
    const row = this.pages[index];
    if (!row) throw new Error(`no page ${index}`);
    this.pages[index] = change(row);
    return this;
  }

  claim(index: number, now: Instant): this {
    return this.page(index, (row) => {
      const decision = this.incident && decideClaim(row, this.incident, now);
      if (decision?.outcome !== 'accepted') throw new Error('not claimed');
      return decision.next;
    });
  }

  explain() {
    return explainPages(this.commits, this.pages).map((line) => `${line.at.slice(11, 19)} ${line.text}`);
  }
}

const firstStep =
  'Escalation step 1: pages alice, PagerDuty service web; informs channel C-PAYMENTS. ' +
  `Step 1 of 3 of escalation policy "sev1", round 1 of generation 1: due 0 s after ${noon}. ` +
  'SEV1 pages always; route root, service checkout, owner payments; policy file abcdef012345.';
const opening = [
  '12:00:00 Triggered as SEV1: HighErrorRate: Too many errors (source main, route root).',
  `12:00:00 ${firstStep}`,
];

it('names for each page the rule, the policy file and the inputs, and what became of it', () => {
  const story = new Story()
    .after(joins('SEV1', ['a']), noon)
    .claim(0, at(1))
    .page(0, (row) => handOver(row, 'C/1', at(2)))
    .after('tick', at(300))
    .claim(2, at(301))
    .page(2, (row) => markUnknown(row, at(309)));
  expect(story.explain()).toEqual([
    ...opening,
    '12:00:02 Page to alice (step 1, round 1): handed over at 2026-03-02T12:00:02.000Z.',
    '12:00:00 Page to PagerDuty service web (step 1, round 1): waits to be sent; the fallback is paged at 2026-03-02T12:01:00.000Z.',
    '12:05:00 Escalation step 2: pages bob. ' +
      `Step 2 of 3 of escalation policy "sev1", round 1 of generation 1: due 300 s after ${noon}. ` +
      'SEV1 pages always; route root, service checkout, owner payments; policy file abcdef012345.',
    '12:05:00 Page to bob (step 2, round 1): sent at 2026-03-02T12:05:01.000Z without an answer; it is looked up before it is sent again.',
  ]);
});

it('says when a page was claimed before the acknowledgement and arrived after it', () => {
  const story = new Story()
    .after(joins('SEV1', ['a']), noon)
    .claim(0, at(1))
    .claim(1, at(1))
    .page(1, (row) => handOver(row, 'key', at(2)))
    .after(acknowledges, at(3))
    .page(0, (row) => handOver(row, 'C/1', at(8)));
  expect(story.explain().filter((line) => line.includes('handed over'))).toEqual([
    '12:00:08 Page to alice (step 1, round 1): handed over at 2026-03-02T12:00:08.000Z. ' +
      'Claimed before the acknowledgement (at 2026-03-02T12:00:01.000Z), so it arrived after it.',
    '12:00:02 Page to PagerDuty service web (step 1, round 1): handed over at 2026-03-02T12:00:02.000Z.',
  ]);
});

it('explains each non-page: acknowledged, cancelled, given to the fallback', () => {
  const story = new Story()
    .after(joins('SEV1', ['a']), noon)
    .claim(0, at(1))
    .after(acknowledges, at(2))
    .page(0, (row) => toFallback(row, 'deadline passed', at(60)))
    .page(1, (row) => cancel(row, 'acknowledged', at(3)))
    .after(joins('SEV1', ['b']), at(30));
  expect(story.explain()).toEqual([
    ...opening,
    '12:01:00 Page to alice (step 1, round 1): the fallback was paged in its place at 2026-03-02T12:01:00.000Z (deadline passed).',
    '12:00:03 Page to PagerDuty service web (step 1, round 1): not sent, because the incident was acknowledged.',
    '12:00:02 Acknowledged by Dora until 2026-03-02T13:00:02.000Z. From here on nobody is paged for this generation.',
    '12:00:30 1 alert began to fire. No page, because the incident is acknowledged and the severity did not rise.',
  ]);
});

it('explains each non-page: silenced, held, flapping, lowered, joined', () => {
  const story = new Story()
    .after(joins('SEV1', ['a', 'b', 'c']), noon)
    .after(joins('SEV1', ['d']), at(5))
    .after(silences(['d']), at(10))
    .after({ type: 'ChangeSeverity', severity: 'SEV2' }, at(15))
    .after(resolvesByHand, at(20))
    .after(resolves(['a']), at(25))
    .after(joins('SEV2', ['a'], false), at(30))
    .after(joins('SEV2', ['e']), at(40));
  expect(story.explain().slice(4)).toEqual([
    '12:00:05 1 alert began to fire. No page of their own, because the incident pages by its escalation steps.',
    '12:00:10 1 alert silenced by silence-1. A silenced alert pages nobody.',
    '12:00:15 Severity lowered from SEV1 to SEV2 by Dora. A lowering pages nobody.',
    '12:00:20 Resolved by Dora. 3 alerts still fire and are held; the incident re-opens at 2026-03-02T12:30:20.000Z if they still do. ' +
      'From here on nobody is paged, unless it is re-opened.',
    '12:00:30 1 alert began to fire, 1 of them again. No page, because the incident is resolved and its firing alerts are held.',
    '12:00:40 Re-opened, because an alert fired again. It was paged a short time ago, so the next page waits.',
    '12:00:40 Triggered again, because it was re-opened. People are paged anew.',
  ]);
});

it('explains deadlines, reminders, renewals and moves: which of them page, and that the others do not', () => {
  const { severities } = aPolicy();
  const row = { ...severities.SEV1, acknowledgeWithinSeconds: 60, resolveWithinSeconds: 3500 };
  const remind = aPolicy({ severities: { ...severities, SEV1: row } });
  const page = aPolicy({ hash: 'beef', severities: { ...severities, SEV1: { ...row, missedDeadline: 'page' } } });
  const story = new Story({ policy: remind }).after(joins('SEV1', ['a']), noon);
  story.after('tick', at(60)).after(acknowledges, at(70));
  story.after('tick', at(3070)).after(acknowledges, at(3100));
  story.circumstances = { policy: page };
  story.after({ type: 'MoveToPolicy', seenHash: null }, at(3200)).after('tick', at(3500));
  expect(story.explain().slice(4)).toEqual([
    '12:01:00 Nobody acknowledged within 1m, the time that its severity gives. A reminder: it pages nobody.',
    '12:01:10 Acknowledged by Dora until 2026-03-02T13:01:10.000Z. From here on nobody is paged for this generation.',
    "12:51:10 Dora's acknowledgement expires at 2026-03-02T13:01:10.000Z: whoever works on it acknowledges again, or people are paged anew. " +
      'Nobody is paged for it as long as it lasts.',
    '12:51:40 Acknowledgement renewed by Dora until 2026-03-02T13:51:40.000Z. Still nobody is paged for this generation.',
    '12:53:20 Moved from policy file abcdef012345 to beef by Dora: for a missed deadline page instead of remind. ' +
      'The move pages nobody; what comes next goes by the new policy file.',
    '12:58:20 Not resolved within 58m20s, the time that its severity gives. The acknowledgement ends.',
    '12:58:20 Triggered again, because it was not resolved within the time of its severity. People are paged anew.',
    expect.stringMatching(
      /^12:58:20 Escalation step 1: pages alice.* Step 1 of 3 of escalation policy "sev1", round 1 of generation 2/,
    ),
    expect.stringContaining('Page to alice'),
    expect.stringContaining('Page to PagerDuty service web'),
  ]);
});

it('tells the pages of one generation from those of another, and needs no outcome commits', () => {
  const story = new Story().after(joins('SEV2', ['a']), noon).after(joins('SEV1', ['b']), at(30));
  story.page(0, (row) => cancel(row, 'superseded', at(31))).claim(1, at(32));
  const ended = story.pages[0];
  if (ended) story.commits.push(outcomeCommit(ended, 2, 'correlation'));
  expect(story.explain().filter((line) => line.includes('Page to alice'))).toEqual([
    '12:00:31 Page to alice (step 1, round 1): not sent, because the incident was triggered again.',
    '12:00:30 Page to alice (step 1, round 1): being sent since 2026-03-02T12:00:32.000Z.',
  ]);
});

it('names who was on call by which rule, who was spared and why, and which contact comes later', () => {
  const steps = [stepAfter(0, schedule('deserted')), stepAfter(900, schedule('platform'), person('carol'))];
  const quiet = { severities: ['SEV2'], outsideWorkingHours: false, during: ['lunch'] } as const;
  const lunch = { times: [{ startMinute: 660, endMinute: 780 }], weekdays: null, daysOfMonth: null };
  const timeIntervals = { lunch: [{ ...lunch, months: null, years: null, timeZone: 'UTC' }] };
  const contact: Person['contact'] = {
    SEV2: [
      { kind: 'slack mention', channel: 'payments', afterSeconds: 0 },
      { kind: 'sns', contact: 'bob-phone', afterSeconds: 300 },
    ],
  };
  const policy = withSteps(
    onCallPolicy({ carol: { quiet }, bob: { contact, slackUserId: 'U-BOB' } }, { timeIntervals }),
    steps,
  );
  const story = new Story({ policy, overrides: [anOverride()] }).after(joins('SEV2', ['a']), noon);
  const because = 'override by carol in schedule platform, instead of alice';
  const rule = 'SEV2 pages always; route root, service checkout, owner payments; policy file abcdef012345.';
  expect(story.explain().slice(1)).toEqual([
    `12:00:00 Escalation step 1: skips on-call of deserted (schedule deserted has nobody on call at ${noon}). ` +
      `Step 1 of 2 of escalation policy "sev2", round 1 of generation 1: due 0 s after ${noon}. ${rule}`,
    '12:00:00 The fallback was paged in place of on-call of deserted: step 1 found nobody to page.',
    `12:00:00 Escalation step 2: pages bob in channel C-PAYMENTS (${because}), ` +
      `bob by contact bob-phone at ${at(300)} (${because}); skips carol (quiet during lunch until ${at(3_600)}). ` +
      `Step 2 of 2 of escalation policy "sev2", round 1 of generation 1: at once, because step 1 found nobody to page. ${rule}`,
    `12:00:00 Page to bob in channel C-PAYMENTS (step 2, round 1): waits to be sent; the fallback is paged at ${at(120)}.`,
    `12:00:00 Page to bob by contact bob-phone (step 2, round 1): waits until ${at(300)}, as a later contact method; ` +
      `the fallback is paged at ${at(420)}.`,
  ]);
});
