import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snsEventMessage } from '#shared/notification/sns-event-message.ts';
import type { IncidentEvent } from '#shared/timeline/events.ts';
import { anyIncident, anyText } from '#test/support/hostile-texts.ts';
import { aCommit, anIncident } from '#test/support/incident-builders.ts';

const alice = { kind: 'person', id: 'U1', name: 'alice' } as const;
const incident = anIncident({
  version: 7,
  title: 'HighErrorRate checkout',
  status: 'acknowledged',
  severity: 'SEV2',
  generation: 2,
  service: 'checkout',
  owner: 'payments',
  acknowledgedAt: '2026-11-21T01:04:00.000Z',
  acknowledgedBy: alice,
  firing: 2,
  alertsTotal: 3,
  sample: [
    {
      source: 'main',
      fingerprint: '0123456789abcdef',
      labels: { alertname: 'HighErrorRate', service: 'checkout' },
      annotations: {},
      generatorURL: '',
      startsAt: '2026-11-21T01:00:00.000Z',
    },
  ],
});
const commit = aCommit({
  version: 7,
  generation: 2,
  severity: 'SEV2',
  at: '2026-11-21T01:04:00.000Z',
  correlationId: '01JD0Z0000EXAMPLE',
  events: [
    { type: 'IncidentAcknowledged', by: alice, expiresAt: null },
    { type: 'TimerSet', dueAt: null, part: 2 },
  ],
});

describe('the message for subscribers', () => {
  it('is the example of docs/events.md', () => {
    const [, message = '', attributes = ''] =
      /```json message\n([\s\S]*?)```[\s\S]*```json attributes\n([\s\S]*?)```/.exec(
        readFileSync('docs/events.md', 'utf8'),
      ) ?? [];
    const published = snsEventMessage(commit, incident);
    expect({ message: JSON.parse(published.message), attributes: published.attributes }).toEqual({
      message: JSON.parse(message),
      attributes: JSON.parse(attributes),
    });
  });

  it('names every kind of event in docs/events.md', () => {
    const documented = readFileSync('docs/events.md', 'utf8');
    const kinds: Readonly<Record<IncidentEvent['type'], true>> = {
      IncidentTriggered: true,
      AlertsJoined: true,
      AlertsResolved: true,
      AlertsSuppressed: true,
      FlappingBegan: true,
      FlappingEnded: true,
      IncidentEscalated: true,
      TimerSet: true,
      IncidentAcknowledged: true,
      AcknowledgementExpired: true,
      AcknowledgementExpiring: true,
      DeadlineMissed: true,
      UpdateDue: true,
      PolicyMoved: true,
      SeverityChanged: true,
      GenerationStarted: true,
      IncidentReopened: true,
      IncidentResolved: true,
      IncidentClosed: true,
      NoteAdded: true,
      StatusPublished: true,
      PostmortemDrafted: true,
      FallbackPaged: true,
      PageHandedOver: true,
      PageCancelled: true,
    };
    expect(Object.keys(kinds).filter((kind) => !documented.includes(`\`${kind}\``))).toEqual([]);
  });

  it('gives a page outcome an id of its own, and no attribute without a value', () => {
    const outcome = aCommit({
      version: 7,
      part: 'page-1',
      events: [
        { type: 'PageCancelled', step: 1, round: 1, target: 'person:alice', generation: 1, reason: 'acknowledged' },
      ],
    });
    const published = snsEventMessage(outcome, anIncident());
    expect(JSON.parse(published.message).id).toBe('incident-00000000001-7-page-1');
    expect(published.attributes).toEqual({
      eventTypes: '["PageCancelled"]',
      severity: 'SEV1',
      status: 'triggered',
      source: 'main',
    });
  });

  it('leaves out events of a commit that is too large', () => {
    const events = Array.from(
      { length: 120 },
      (): IncidentEvent => ({ type: 'NoteAdded', by: alice, text: '漢'.repeat(2_000) }),
    );
    const { message } = snsEventMessage(aCommit({ events }), anIncident());
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(200_000);
    expect(JSON.parse(message)).toMatchObject({ events: { length: 50 }, eventsOmitted: 70 });
  });

  it('fits into SNS with whatever alerts and people write, and counts what it left out', () => {
    const anyNotes = fc.array(
      anyText.map((text): IncidentEvent => ({ type: 'NoteAdded', by: { ...alice, name: text }, text })),
      { minLength: 1, maxLength: 150 },
    );
    fc.assert(
      fc.property(anyIncident, anyNotes, (state, events) => {
        const { message } = snsEventMessage(aCommit({ events }), state);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(200_000);
        const parsed = JSON.parse(message);
        expect(parsed.events.length + parsed.eventsOmitted).toBe(events.length);
      }),
      { numRuns: 100 },
    );
  });
});
