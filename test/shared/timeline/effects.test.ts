import { describe, expect, it } from 'vitest';
import { type Effect, effectsOf, effectsOfCommit } from '#shared/timeline/effects.ts';
import type { Commit, IncidentEvent } from '#shared/timeline/events.ts';
import {
  acknowledges,
  at,
  carryOut,
  dora,
  isOpened,
  joins,
  noon,
  play,
  resolves,
  tick,
} from '#test/support/decision-builders.ts';

const incidentId = 'incident-00000000001';
const update = (lane: 'slack' | 'pagerduty' | 'status'): Effect => ({ kind: 'update', lane, incidentId });
const published: Effect = { kind: 'publish event', incidentId };
const timer = (generation: number, part: number): Effect => ({
  kind: 'start timer',
  name: `${incidentId}-${generation}-${part}`,
  input: { incidentId, generation, part, ticks: 0 },
});
const page = (lane: 'slack' | 'pagerduty' | 'sns', target: string, step = 1, generation = 1, round = 1): Effect => ({
  kind: 'page',
  lane,
  page: { incidentId, generation, step, round, target },
});
const opened = carryOut(null, joins('SEV1', ['a']), noon);
/** A commit beside the incident's versions. */
const outcome = (event: IncidentEvent): Commit => ({ ...opened.commit, part: 'page-1-1-1-x', events: [event] });

describe('the effects of a commit', () => {
  it('that opens: its pages first, then the timer, then what can wait, each once', () => {
    expect(effectsOfCommit(opened.commit)).toEqual([
      page('slack', 'person:alice'),
      page('pagerduty', 'pagerduty:web'),
      timer(1, 1),
      update('slack'),
      published,
    ]);
  });

  it('that acknowledges: PagerDuty is told too, and the timer of the expiry starts', () => {
    const { commit } = carryOut(opened.incident, acknowledges, at(60));
    expect(effectsOfCommit(commit)).toEqual([timer(1, 2), update('slack'), update('pagerduty'), published]);
  });

  it('that resolves and lets nothing be due: no timer', () => {
    const { commit } = carryOut(opened.incident, resolves(['a']), at(60));
    expect(effectsOfCommit(commit)).toEqual([update('slack'), update('pagerduty'), published]);
  });

  it('that begins a generation: its pages and its timer have the new number', () => {
    const acknowledged = play([joins('SEV1', ['a']), noon], [acknowledges, at(60)]);
    const { commit } = carryOut(acknowledged, tick(acknowledged), at(3660));
    expect(effectsOfCommit(commit)).toEqual([
      page('slack', 'person:alice', 1, 2),
      page('pagerduty', 'pagerduty:web', 1, 2),
      timer(2, 3),
      update('slack'),
      update('pagerduty'),
      published,
    ]);
  });

  it('that pages the fallback: it is told why', () => {
    const repeated = { type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step: 3, round: 2 } as const;
    const gone = { ...repeated, reason: 'target is gone', target: 'bob' } as const;
    const deserted = { ...repeated, reason: 'nobody on call', target: 'on-call of platform', round: 1 } as const;
    expect(effectsOfCommit({ ...opened.commit, events: [repeated, gone, deserted] })).toEqual([
      {
        kind: 'page fallback',
        subject: 'INC-42 SEV1: nobody acknowledged',
        text: 'INC-42 (SEV1): The fallback was paged, because nobody acknowledged. Policy file abcdef012345.',
      },
      {
        kind: 'page fallback',
        subject: 'INC-42 SEV1: a page did not arrive',
        text: 'INC-42 (SEV1): The fallback was paged in place of bob: step 3 cannot reach them. Policy file abcdef012345.',
      },
      {
        kind: 'page fallback',
        subject: 'INC-42 SEV1: a step found nobody to page',
        text: 'INC-42 (SEV1): The fallback was paged in place of on-call of platform: step 3 found nobody to page. Policy file abcdef012345.',
      },
      update('slack'),
      published,
    ]);
  });

  it('are equal when the commit comes twice', () => {
    expect(effectsOfCommit(opened.commit)).toEqual(effectsOfCommit(opened.commit));
  });
});

describe('the effects of one event', () => {
  it('publish a public text to the status lane', () => {
    const event: IncidentEvent = { type: 'StatusPublished', by: dora, status: 'monitoring', text: 'Fixed.' };
    expect(effectsOf(event, opened.commit)).toEqual([update('slack'), update('status'), published]);
  });

  it('start a timer, show it and publish nothing, when only the timer is set', () => {
    expect(effectsOf({ type: 'TimerSet', dueAt: at(300), part: 7 }, opened.commit)).toEqual([
      update('slack'),
      timer(1, 7),
    ]);
    expect(effectsOf({ type: 'TimerSet', dueAt: null, part: 7 }, opened.commit)).toEqual([update('slack')]);
    const reminder = { type: 'TimerSet', dueAt: null, part: 7, reminderAt: at(300) } as const;
    expect(effectsOf(reminder, opened.commit)).toEqual([update('slack'), timer(1, 7)]);
  });

  it.each<IncidentEvent>([
    { type: 'DeadlineMissed', deadline: 'acknowledge', withinSeconds: 900, pages: true },
    { type: 'DeadlineMissed', deadline: 'resolve', withinSeconds: 900, pages: true },
    { type: 'AcknowledgementExpiring', expiresAt: at(300), acknowledgedBy: dora },
    { type: 'UpdateDue', everySeconds: 1800, acknowledgedBy: dora },
    { type: 'PolicyMoved', from: 'a', to: 'b', by: dora, pinned: opened.incident.pinned, changes: [] },
  ])('of $type are an update in Slack and word to subscribers: no page, nothing for PagerDuty', (event) => {
    expect(effectsOf(event, opened.commit)).toEqual([update('slack'), published]);
  });

  it.each([
    ['handed over', { type: 'PageHandedOver', claimedAt: noon }],
    ['cancelled', { type: 'PageCancelled', reason: 'acknowledged' }],
    ['given to the fallback', { type: 'FallbackPaged', reason: 'deadline passed' }],
  ] as const)('tell PagerDuty of a page to it that was %s, because an acknowledgement may be due', (_, end) => {
    const event = (target: string) => ({ ...end, step: 1, round: 1, generation: 1, target }) as IncidentEvent;
    expect(effectsOf(event('pagerduty:web'), outcome(event('pagerduty:web')))).toContainEqual(update('pagerduty'));
    expect(effectsOf(event('person:alice'), outcome(event('person:alice')))).not.toContainEqual(update('pagerduty'));
    expect(effectsOf(event('person:alice'), outcome(event('person:alice')))).toContainEqual(update('slack'));
  });

  it('name an execution as Step Functions takes it', () => {
    const { commit } = carryOut(isOpened('SEV1'), acknowledges, at(60));
    const [first] = effectsOfCommit(commit);
    expect(first?.kind === 'start timer' ? first.name : null).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
  });
});
