import { describe, expect, it } from 'vitest';
import { isThreadWorthy, slackThreadMessage } from '#shared/notification/slack-thread-message.ts';
import type { IncidentEvent } from '#shared/timeline/events.ts';
import { aCommit, aPinnedPolicy, openedAt } from '#test/support/incident-builders.ts';

const alice = { kind: 'person', id: 'U1', name: 'alice' } as const;
const page = { step: 1, round: 1, target: 'person:alice', generation: 1 } as const;

const told: readonly IncidentEvent[] = [
  {
    type: 'IncidentEscalated',
    step: 1,
    round: 1,
    cause: 'timer',
    by: alice,
    pages: [],
    informedChannels: [],
    skipped: [],
    why: '',
  },
  { type: 'IncidentAcknowledged', by: alice, expiresAt: null },
  { type: 'AcknowledgementExpired' },
  { type: 'AcknowledgementExpiring', expiresAt: openedAt, acknowledgedBy: alice },
  { type: 'DeadlineMissed', deadline: 'acknowledge', withinSeconds: 900, pages: false },
  { type: 'UpdateDue', everySeconds: 1800, acknowledgedBy: alice },
  { type: 'PolicyMoved', from: 'a', to: 'b', by: alice, pinned: aPinnedPolicy, changes: [] },
  { type: 'SeverityChanged', from: 'SEV3', to: 'SEV1', by: alice, pinned: aPinnedPolicy },
  { type: 'IncidentReopened', cause: 'hold ended', flapping: false },
  { type: 'IncidentResolved', by: alice, reason: 'by a person', stillFiring: 0, heldUntil: null },
  { type: 'IncidentClosed', by: alice },
  { type: 'AlertsSuppressed', count: 1, fingerprints: [], silenceIds: ['s1'] },
  { type: 'AlertsResolved', count: 1, fingerprints: [], wentQuiet: true },
  { type: 'NoteAdded', by: alice, text: 'hello' },
  { type: 'StatusPublished', by: alice, status: 'identified', text: 'hello' },
  { type: 'PostmortemDrafted', by: alice },
  { type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step: 1, round: 1 },
];
const untold: readonly IncidentEvent[] = [
  { type: 'AlertsJoined', count: 1, fresh: 1, sample: [] },
  { type: 'AlertsResolved', count: 1, fingerprints: [], wentQuiet: false },
  { type: 'TimerSet', dueAt: null, part: 1 },
  { type: 'GenerationStarted', generation: 2, cause: 're-opened' },
  { type: 'PageHandedOver', ...page, claimedAt: openedAt },
  { type: 'PageCancelled', ...page, reason: 'resolved' },
];
const at = '<!date^1795222800^{date_short_pretty} {time}|2026-11-21 01:00 UTC>';
const note = (version: number, text: string) => aCommit({ version, events: [{ type: 'NoteAdded', by: alice, text }] });
const textOf = (message: ReturnType<typeof slackThreadMessage>) => message?.text.split('\n');

describe('the thread of an incident', () => {
  it.each(told.map((event) => [event.type, event] as const))('tells %s', (_type, event) => {
    expect(isThreadWorthy(event)).toBe(true);
  });

  it.each(untold.map((event) => [event.type, event] as const))('leaves %s to the edited message', (_type, event) => {
    expect(isThreadWorthy(event)).toBe(false);
  });

  it('is not bothered by a commit without anything worth telling', () => {
    expect(slackThreadMessage([aCommit({ events: untold }), aCommit({ version: 2 })])).toBeNull();
    expect(slackThreadMessage([])).toBeNull();
  });

  it('tells commits that waited together, and is found by the last of them', () => {
    const text = `${at} alice noted: one &lt;!here&gt;\n${at} alice noted: two`;
    expect(slackThreadMessage([note(3, 'one <!here>'), note(4, 'two')])).toEqual({
      text,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
      metadata: {
        event_type: 'tocsin_incident',
        event_payload: { incident_id: 'incident-00000000001', key: 'commit:4:' },
      },
    });
  });

  it('names who is reminded, and mentions nobody: a reminder wakes nobody up', () => {
    const due: IncidentEvent = { type: 'UpdateDue', everySeconds: 1800, acknowledgedBy: alice };
    const message = slackThreadMessage([aCommit({ events: [due] })]);
    expect(message?.text).toBe(`${at} No note and no public update for 30m: alice, how does it stand?`);
    expect(JSON.stringify(message)).not.toContain('<@');
  });

  it('counts what does not fit', () => {
    const lines = textOf(slackThreadMessage(Array.from({ length: 10 }, (_, index) => note(index, 'x'.repeat(2_000)))));
    expect([lines?.length, lines?.at(-1)]).toEqual([5, '…and 6 more']);
  });
});
