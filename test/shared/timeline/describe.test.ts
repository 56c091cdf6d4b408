import { describe, expect, it } from 'vitest';
import { describeEvent } from '#shared/timeline/describe.ts';
import { describeTarget } from '#shared/timeline/describe-target.ts';
import type { IncidentEvent } from '#shared/timeline/events.ts';
import {
  alert,
  alicePage,
  at,
  carryOut,
  dora,
  joins,
  noon,
  owed,
  pinnedFor,
  source,
  webPage,
} from '#test/support/decision-builders.ts';

const { commit } = carryOut(null, joins('SEV1', ['a']), noon);
const page = { step: 2, round: 1, target: 'person:alice', generation: 1 } as const;
const escalation = {
  type: 'IncidentEscalated',
  step: 2,
  round: 1,
  cause: 'timer',
  by: source,
  pages: [],
  informedChannels: [],
  skipped: [],
  why: '',
} as const;
const pinned = pinnedFor('SEV1');

const sentences: readonly (readonly [IncidentEvent, string])[] = [
  [
    {
      type: 'IncidentTriggered',
      number: 42,
      incidentKey: 'key',
      title: 'Disk full',
      severity: 'SEV1',
      source: 'main',
      service: null,
      owner: null,
      routePath: 'root/db',
      slackChannelId: null,
      pinned,
    },
    'Triggered as SEV1: Disk full (source main, route root/db).',
  ],
  [{ type: 'AlertsJoined', count: 1, fresh: 1, sample: [alert('a')] }, '1 alert began to fire.'],
  [{ type: 'AlertsJoined', count: 3, fresh: 1, sample: [] }, '3 alerts began to fire, 2 of them again.'],
  [{ type: 'AlertsResolved', count: 2, fingerprints: ['a', 'b'], wentQuiet: false }, '2 alerts resolved.'],
  [
    { type: 'AlertsResolved', count: 1, fingerprints: ['a'], wentQuiet: true },
    '1 alert ended because the source went quiet about it.',
  ],
  [
    { type: 'FlappingBegan', since: noon, transitions: 7, alerts: [{ source: 'main', fingerprint: 'a' }] },
    `1 alert flaps since ${noon}: 7 changes of status. The incident is held open until it is calm.`,
  ],
  [
    { type: 'FlappingEnded', cause: 'calm', transitions: 9, alerts: [{ source: 'main', fingerprint: 'a' }] },
    '1 alert is calm after 9 changes of status.',
  ],
  [
    { type: 'FlappingEnded', cause: 'suppressed', transitions: 9, alerts: [] },
    '0 alerts no longer count as flapping after 9 changes of status, being suppressed.',
  ],
  [
    { type: 'AlertsSuppressed', count: 2, fingerprints: ['a', 'b'], silenceIds: ['s1', 's2'] },
    '2 alerts silenced by s1, s2.',
  ],
  [
    {
      ...escalation,
      pages: [owed(alicePage, noon, 2), owed(webPage, noon, 2)],
      informedChannels: ['C1'],
      skipped: [{ target: null, named: 'manager of payments', reason: 'nobody in this role' }],
    },
    'Escalation step 2: pages alice, PagerDuty service web; informs channel C1; skips manager of payments (nobody in this role).',
  ],
  [
    {
      ...escalation,
      pages: [
        { ...owed(alicePage, noon, 2), because: 'layer nights of schedule platform' },
        {
          ...owed({ kind: 'person', person: 'alice', lane: 'sns', contact: 'alice-phone' }, noon, 2),
          notBeforeAt: at(300),
          because: 'layer nights of schedule platform',
        },
      ],
      skipped: [
        {
          target: alicePage,
          named: 'bob',
          reason: 'quiet hours',
          detail: `quiet outside working hours until ${at(600)}`,
        },
      ],
    },
    'Escalation step 2: pages alice (layer nights of schedule platform), ' +
      `alice by contact alice-phone at ${at(300)} (layer nights of schedule platform); ` +
      `skips bob (quiet outside working hours until ${at(600)}).`,
  ],
  [
    { ...escalation, round: 3, cause: 'manual', by: dora },
    'Escalation step 2, round 3 (asked for by Dora): has nobody to tell.',
  ],
  [{ type: 'TimerSet', dueAt: at(300), part: 1 }, `The next thing is due at ${at(300)}.`],
  [{ type: 'TimerSet', dueAt: null, part: 1 }, 'Nothing more is due.'],
  [
    { type: 'TimerSet', dueAt: at(900), part: 1, reminderAt: at(600) },
    `A deadline or reminder is due at ${at(600)}, the next thing after it at ${at(900)}.`,
  ],
  [{ type: 'TimerSet', dueAt: null, part: 1, reminderAt: at(600) }, `A deadline or reminder is due at ${at(600)}.`],
  [
    { type: 'IncidentAcknowledged', by: dora, expiresAt: at(600), renews: true },
    `Acknowledgement renewed by Dora until ${at(600)}.`,
  ],
  [
    { type: 'AcknowledgementExpiring', expiresAt: at(600), acknowledgedBy: dora },
    `Dora's acknowledgement expires at ${at(600)}: whoever works on it acknowledges again, or people are paged anew.`,
  ],
  [
    { type: 'DeadlineMissed', deadline: 'acknowledge', withinSeconds: 900, pages: false },
    'Nobody acknowledged within 15m, the time that its severity gives.',
  ],
  [
    { type: 'DeadlineMissed', deadline: 'acknowledge', withinSeconds: 900, pages: true },
    'Nobody acknowledged within 15m, the time that its severity gives. The next step is brought forward.',
  ],
  [
    { type: 'DeadlineMissed', deadline: 'resolve', withinSeconds: 14_400, pages: true },
    'Not resolved within 4h, the time that its severity gives. The acknowledgement ends.',
  ],
  [
    { type: 'UpdateDue', everySeconds: 1800, acknowledgedBy: dora },
    'No note and no public update for 30m: Dora, how does it stand?',
  ],
  [
    {
      type: 'PolicyMoved',
      from: 'abc',
      to: 'def',
      by: dora,
      pinned,
      changes: ['step 2 after 10m instead of 5m', 'pages never'],
    },
    'Moved from policy file abc to def by Dora: step 2 after 10m instead of 5m; pages never.',
  ],
  [
    { type: 'PolicyMoved', from: 'abc', to: 'def', by: dora, pinned, changes: [] },
    'Moved from policy file abc to def by Dora: nothing in it changes for this incident.',
  ],
  [
    { type: 'GenerationStarted', generation: 2, cause: 'resolve deadline passed' },
    'Triggered again, because it was not resolved within the time of its severity.',
  ],
  [{ type: 'IncidentAcknowledged', by: dora, expiresAt: null }, 'Acknowledged by Dora.'],
  [{ type: 'IncidentAcknowledged', by: dora, expiresAt: at(60) }, `Acknowledged by Dora until ${at(60)}.`],
  [{ type: 'AcknowledgementExpired' }, 'The acknowledgement expired.'],
  [
    { type: 'SeverityChanged', from: 'SEV2', to: 'SEV1', by: dora, pinned },
    'Severity raised from SEV2 to SEV1 by Dora.',
  ],
  [
    { type: 'SeverityChanged', from: 'SEV2', to: 'SEV3', by: dora, pinned },
    'Severity lowered from SEV2 to SEV3 by Dora.',
  ],
  [
    { type: 'GenerationStarted', generation: 2, cause: 'escalated by a person' },
    'Triggered again, because a person escalated it after the acknowledgement.',
  ],
  [
    { type: 'IncidentReopened', cause: 'alert fired again', flapping: true },
    'Re-opened, because an alert fired again. It was paged a short time ago, so the next page waits.',
  ],
  [
    { type: 'IncidentReopened', cause: 'hold ended', flapping: false },
    'Re-opened, because alerts still fire after the hold.',
  ],
  [
    { type: 'IncidentResolved', by: source, reason: 'alerts resolved', stillFiring: 0, heldUntil: null },
    'Resolved: alerts resolved.',
  ],
  [
    { type: 'IncidentResolved', by: dora, reason: 'by a person', stillFiring: 1, heldUntil: at(60) },
    `Resolved by Dora. 1 alert still fires and is held; the incident re-opens at ${at(60)} if it still does.`,
  ],
  [
    { type: 'IncidentResolved', by: dora, reason: 'by PagerDuty', stillFiring: 2, heldUntil: at(60) },
    `Resolved by Dora in PagerDuty. 2 alerts still fire and are held; the incident re-opens at ${at(60)} if they still do.`,
  ],
  [{ type: 'IncidentClosed', by: dora }, 'Closed by Dora.'],
  [{ type: 'NoteAdded', by: dora, text: 'Rolled back.' }, 'Dora noted: Rolled back.'],
  [
    { type: 'StatusPublished', by: dora, status: 'monitoring', text: 'Fixed.' },
    'Dora told the public (monitoring): Fixed.',
  ],
  [{ type: 'PostmortemDrafted', by: dora }, 'Postmortem drafted by Dora.'],
  [
    { type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step: 3, round: 2 },
    'The fallback was paged, because nobody acknowledged.',
  ],
  [
    { type: 'FallbackPaged', reason: 'deadline passed', target: 'person:alice', step: 2, round: 1 },
    'The fallback was paged in place of alice: the page of step 2 was not handed over by its deadline.',
  ],
  [
    { type: 'FallbackPaged', reason: 'dead-lettered', target: 'sns:ops', step: 2, round: 1 },
    'The fallback was paged in place of contact ops: the page of step 2 could not be delivered.',
  ],
  [{ type: 'PageHandedOver', ...page, claimedAt: noon }, `The page to alice was handed over at ${noon}.`],
  [
    { type: 'PageCancelled', ...page, reason: 'acknowledged' },
    'The page to alice was not sent: the incident was acknowledged before.',
  ],
];

describe('an event in words', () => {
  it.each(sentences)('%o', (event, sentence) => {
    expect(describeEvent(event, commit)).toBe(sentence);
  });

  it('throws on an unknown event', () => {
    const unknown = { type: 'IncidentVanished' } as unknown as IncidentEvent;
    expect(() => describeEvent(unknown, commit)).toThrow('unhandled case');
  });
});

it('names the target of a page by its key or as it is', () => {
  expect(
    ['person:alice', 'mention:C1', 'pagerduty:web', 'sns:ops', 'on-call: payments', alicePage].map(describeTarget),
  ).toEqual(['alice', 'everybody in channel C1', 'PagerDuty service web', 'contact ops', 'on-call: payments', 'alice']);
});
