import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRecord, IncomingAlert } from '#shared/alert/alert.ts';
import { applyChange } from '#shared/alert/apply-change.ts';
import { type AlertChange, type ClassifyContext, classifyAlert, isStoredChange } from '#shared/alert/classify.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { incoming, noon, peerA, peerB, record, resolvedRecord } from './alert-builders.ts';

const resolved = (endsAt: string) => incoming({ status: 'resolved', endsAt });
const at = (receivedAt: string, externalURL = peerA): ClassifyContext => ({ receivedAt, externalURL, now: receivedAt });

type Row = readonly [string, IncomingAlert, AlertRecord | null, ClassifyContext, AlertChange];

describe('what an incoming copy of an alert means', () => {
  const rows: readonly Row[] = [
    ['is a new alert when nothing is stored', incoming(), null, at(noon), { kind: 'fired', why: 'it began to fire' }],
    [
      'is kept when a resolve comes before we ever saw it fire',
      resolved(noon),
      null,
      at(noon),
      { kind: 'resolved before trigger', why: 'it was resolved before it was ever seen firing' },
    ],
    [
      'is unchanged while it fires already',
      incoming({ startsAt: '2026-11-20T12:09:00.000Z', generatorURL: 'http://replica-2.example/graph' }),
      record(),
      at('2026-11-20T13:00:00.000Z', peerB),
      { kind: 'unchanged', why: 'it fires already' },
    ],
    [
      'is unchanged when only annotations changed and were stored less than 5 minutes ago',
      incoming({ annotations: { summary: 'fuller' } }),
      record(),
      at('2026-11-20T12:04:59.999Z'),
      { kind: 'unchanged', why: 'it fires already; new annotations are stored every 300 s' },
    ],
    [
      'updates annotations that were stored 5 minutes ago',
      incoming({ annotations: { summary: 'fuller' } }),
      record(),
      at('2026-11-20T12:05:00.000Z'),
      { kind: 'annotations', why: 'only its annotations changed' },
    ],
    [
      'resolves a firing alert',
      resolved('2026-11-20T12:04:00.000Z'),
      record(),
      at('2026-11-20T12:05:00.000Z', peerB),
      { kind: 'resolved', why: 'its source resolved it' },
    ],
    [
      'resolves by the same peer even for an end before the stored start',
      resolved('2026-11-20T11:58:00.000Z'),
      record(),
      at('2026-11-20T12:05:00.000Z', peerA),
      { kind: 'resolved', why: 'its source resolved it' },
    ],
    [
      'is a late copy when the other peer resolves an end before the stored start',
      resolved('2026-11-20T11:58:59.999Z'),
      record(),
      at('2026-11-20T12:05:00.000Z', peerB),
      {
        kind: 'late copy',
        why: 'a late copy from another Alertmanager of an end at 2026-11-20T11:58:59.999Z, before the present start at 2026-11-20T11:59:00.000Z',
      },
    ],
    [
      'is unchanged when a resolved alert is resolved again, with other annotations too',
      incoming({ status: 'resolved', endsAt: noon, annotations: {} }),
      resolvedRecord(),
      at('2026-11-20T14:00:00.000Z'),
      { kind: 'unchanged', why: 'it is resolved already' },
    ],
  ];
  it.each(rows)('%s', (_, alert, stored, context, change) => {
    expect(classifyAlert(alert, stored, context)).toEqual(change);
  });
});

describe('a firing copy of a resolved alert', () => {
  const lateCopy: AlertChange = {
    kind: 'late copy',
    why: 'a late copy from another Alertmanager of what ended at 2026-11-20T12:04:30.000Z',
  };
  const refired: AlertChange = { kind: 'refired', why: 'it fires again' };
  const rows: readonly Row[] = [
    [
      'is late from the other peer within 60 s',
      incoming(),
      resolvedRecord(),
      at('2026-11-20T12:06:00.000Z', peerB),
      lateCopy,
    ],
    [
      'is late when it waited in the queue while the resolve was stored',
      incoming(),
      resolvedRecord(),
      { receivedAt: '2026-11-20T12:00:10.000Z', externalURL: peerB, now: '2026-11-20T12:30:00.000Z' },
      lateCopy,
    ],
    [
      'is a refire from the other peer after 60 s',
      incoming(),
      resolvedRecord(),
      at('2026-11-20T12:06:00.001Z', peerB),
      refired,
    ],
    ['is a refire from the same peer', incoming(), resolvedRecord(), at('2026-11-20T12:05:10.000Z', peerA), refired],
    [
      'is a refire when it began after the end, though before we stored that end',
      incoming({ startsAt: '2026-11-20T12:04:45.000Z' }),
      resolvedRecord(),
      at('2026-11-20T12:05:10.000Z', peerB),
      refired,
    ],
    [
      'is judged by our own clock when the end is not stored',
      incoming({ startsAt: '2026-11-20T12:04:45.000Z' }),
      resolvedRecord({ endsAt: null }),
      at('2026-11-20T12:05:10.000Z', peerB),
      { kind: 'late copy', why: 'a late copy from another Alertmanager of what ended at 2026-11-20T12:05:00.000Z' },
    ],
    [
      'is a refire when we ended the alert ourselves, because its source went quiet',
      incoming(),
      resolvedRecord({ endReason: 'source went quiet' }),
      at('2026-11-20T12:05:10.000Z', peerB),
      refired,
    ],
  ];
  it.each(rows)('%s', (_, alert, stored, context, change) => {
    expect(classifyAlert(alert, stored, context)).toEqual(change);
  });
});

describe('a copy that came to the door before the news that is stored', () => {
  const heardAt = '2026-11-20T12:05:00.000Z';
  const oldNews = (receivedAt: string): AlertChange => ({
    kind: 'late copy',
    why: `a copy received at ${receivedAt}, before news received at ${heardAt}`,
  });
  const rows: readonly Row[] = [
    [
      'does not fire again, from the same peer either',
      incoming(),
      resolvedRecord({ heardAt }),
      at('2026-11-20T12:04:49.999Z', peerA),
      oldNews('2026-11-20T12:04:49.999Z'),
    ],
    [
      'does not end what has begun since',
      resolved('2026-11-20T12:04:00.000Z'),
      record({ heardAt }),
      at('2026-11-20T12:04:30.000Z', peerA),
      oldNews('2026-11-20T12:04:30.000Z'),
    ],
    [
      'is believed when it came less than 10 s before: the clocks of two doors may differ by that',
      incoming(),
      resolvedRecord({ heardAt }),
      at('2026-11-20T12:04:50.000Z', peerA),
      { kind: 'refired', why: 'it fires again' },
    ],
    [
      'is unchanged when it says what is stored',
      incoming(),
      record({ heardAt }),
      at(noon, peerA),
      { kind: 'unchanged', why: 'it fires already' },
    ],
  ];
  it.each(rows)('%s', (_, alert, stored, context, change) => {
    expect(classifyAlert(alert, stored, context)).toEqual(change);
  });
});

describe('a message that comes twice', () => {
  const instants = fc.integer({ min: 0, max: 600 }).map((seconds) => addSeconds(noon, seconds));
  const alerts = fc.record({
    status: fc.constantFrom('firing' as const, 'resolved' as const),
    startsAt: instants,
    endsAt: instants,
    summary: fc.constantFrom('a', 'b'),
  });
  const storedRecords = fc.option(
    fc
      .record({ firing: fc.boolean(), startsAt: instants, endsAt: instants, quiet: fc.boolean() })
      .map(({ firing, startsAt, endsAt, quiet }) =>
        firing
          ? record({ startsAt })
          : resolvedRecord({
              startsAt,
              endsAt,
              resolvedAt: endsAt,
              endReason: quiet ? 'source went quiet' : 'resolved',
            }),
      ),
  );

  it('changes nothing the second time, and keeps what fires firing', () => {
    fc.assert(
      fc.property(storedRecords, alerts, instants, fc.constantFrom(peerA, peerB), (stored, shape, now, externalURL) => {
        const alert = incoming({
          status: shape.status,
          startsAt: shape.startsAt,
          endsAt: shape.status === 'resolved' ? shape.endsAt : null,
          annotations: { summary: shape.summary },
        });
        const context = { receivedAt: now, externalURL, now };
        const first = classifyAlert(alert, stored, context);
        if (!isStoredChange(first)) return;
        const next = applyChange(alert, stored, first, {
          source: 'prod',
          groupId: 'group-1',
          externalURL,
          receivedAt: now,
          now,
        });
        expect(next.status).toBe(alert.status);
        expect(next.version).toBe((stored?.version ?? 0) + 1);
        expect(classifyAlert(alert, next, context).kind).toBe('unchanged');
      }),
      { numRuns: 1000 },
    );
  });
});
