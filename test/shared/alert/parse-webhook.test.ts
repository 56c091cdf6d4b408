import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertLimits, leftOutAnnotation } from '#shared/alert/bound-alert.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import { parseWebhook, type WebhookReading } from '#shared/alert/parse-webhook.ts';

const arrival = { source: 'prod', id: 'message-1', receivedAt: '2026-11-20T17:31:05.000Z' };

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/alertmanager/${name}`, import.meta.url), 'utf8'));

const alert = (changes: Record<string, unknown> = {}) => ({
  status: 'firing',
  labels: { alertname: 'Disk', instance: 'a' },
  annotations: { summary: 'full' },
  startsAt: '2026-11-20T17:30:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example/graph',
  ...changes,
});
const webhook = (alerts: unknown, changes: Record<string, unknown> = {}) => ({
  version: '4',
  groupKey: '{}:{alertname="Disk"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'hook',
  groupLabels: { alertname: 'Disk' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager-0.example:9093',
  alerts,
  ...changes,
});
const parsedAlert = {
  fingerprint: fingerprintOf({ alertname: 'Disk', instance: 'a' }),
  status: 'firing',
  labels: { alertname: 'Disk', instance: 'a' },
  annotations: { summary: 'full' },
  generatorURL: 'http://prometheus.example/graph',
  startsAt: '2026-11-20T17:30:00.123Z',
  endsAt: null,
};
const parsedMessage = {
  id: 'message-1',
  source: 'prod',
  receiver: 'hook',
  groupKey: '{}:{alertname="Disk"}',
  groupLabels: { alertname: 'Disk' },
  externalURL: 'http://alertmanager-0.example:9093',
  truncatedAlerts: 0,
  alerts: [parsedAlert],
  receivedAt: arrival.receivedAt,
  notificationReason: null,
};

function accept(body: unknown): Extract<WebhookReading, { ok: true }> {
  const reading = parseWebhook(body, arrival);
  if (!reading.ok) throw new Error(reading.problem);
  return reading;
}
const alertsOf = (...alerts: unknown[]) => accept(webhook(alerts)).message.alerts;

describe('a webhook of version 4 is read', () => {
  it('as Alertmanager 0.25 sends a firing group', () => {
    const { message, quarantined } = accept(fixture('alertmanager-0.25-firing.json'));
    expect(quarantined).toEqual([]);
    expect(message).toEqual({
      ...parsedMessage,
      groupKey: '{}:{alertname="HighErrorRate", service="checkout"}',
      groupLabels: { alertname: 'HighErrorRate', service: 'checkout' },
      externalURL: 'http://alertmanager.example:9093',
      alerts: [
        {
          fingerprint: '7f725864c029c6c2',
          status: 'firing',
          labels: {
            alertname: 'HighErrorRate',
            env: 'prod',
            instance: 'web-1:9090',
            service: 'checkout',
            severity: 'critical',
          },
          annotations: {
            description: 'checkout is failing',
            runbook_url: 'https://runbooks.example/checkout',
            summary: '5xx above 5% for 10m',
          },
          startsAt: '2026-11-20T17:30:59.838Z',
          endsAt: null,
          generatorURL: 'http://prometheus.example:9090/graph?g0.expr=up',
        },
        {
          fingerprint: 'c3710fd6cec4d854',
          status: 'firing',
          labels: {
            alertname: 'HighErrorRate',
            env: 'prod',
            instance: 'web-2:9090',
            service: 'checkout',
            severity: 'warning',
          },
          annotations: { summary: '5xx above 2% for 10m' },
          startsAt: '2026-11-20T17:30:59.838Z',
          endsAt: null,
          generatorURL: '',
        },
      ],
    });
  });

  it('as Alertmanager 0.25 sends a resolved group', () => {
    const { message } = accept(fixture('alertmanager-0.25-resolved.json'));
    expect(message.alerts.map(({ fingerprint, status, endsAt }) => ({ fingerprint, status, endsAt }))).toEqual([
      { fingerprint: '7f725864c029c6c2', status: 'resolved', endsAt: '2026-11-20T17:31:03.890Z' },
      { fingerprint: 'c3710fd6cec4d854', status: 'resolved', endsAt: '2026-11-20T17:31:03.890Z' },
    ]);
  });

  it('with fields that it does not know', () => {
    const body = webhook([alert({ future: 1 })], { routeLabels: { a: 'b' }, notification_reason: 'new alerts added' });
    expect(accept(body)).toEqual({
      ok: true,
      message: { ...parsedMessage, notificationReason: 'new alerts added' },
      quarantined: [],
    });
  });

  it("with the receiver's name unescaped", () => {
    expect(accept(webhook([], { receiver: 'a\\.b\\+\\\\c.d' })).message.receiver).toBe('a.b+\\c.d');
  });

  it('without the fields that only inform', () => {
    expect(accept({ version: '4', alerts: [alert()] }).message).toEqual({
      ...parsedMessage,
      receiver: '',
      groupKey: '{}:{}',
      groupLabels: {},
      externalURL: '',
    });
    expect(accept({ version: '4', groupLabels: { b: '2', a: '1', c: 3 }, alerts: [] }).message.groupKey).toBe(
      '{}:{a="1", b="2"}',
    );
  });
});

describe('what is no webhook of version 4 is refused with what is wrong', () => {
  it.each([
    [null, 'the body is not a JSON object'],
    [[], 'the body is not a JSON object'],
    ['text', 'the body is not a JSON object'],
    [{ alerts: [] }, 'the body has no "version": this door takes Alertmanager webhooks of version "4"'],
    [{ version: '5', alerts: [] }, 'the body has version "5": this door takes Alertmanager webhooks of version "4"'],
    [{ version: 4, alerts: [] }, 'the body has version 4: this door takes Alertmanager webhooks of version "4"'],
    [{ version: '4' }, 'the body has no array "alerts"'],
    [{ version: '4', alerts: {} }, 'the body has no array "alerts"'],
  ])('%j', (body, problem) => {
    expect(parseWebhook(body, arrival)).toEqual({ ok: false, problem });
  });
});

describe('one malformed alert does not stop its neighbours', () => {
  it.each([
    [null, 'it is not an object'],
    [alert({ labels: undefined }), 'its labels are not an object'],
    [alert({ labels: ['a'] }), 'its labels are not an object'],
    [alert({ labels: { alertname: 'A', n: 12 } }), 'the value of its label "n" is not a text'],
    [alert({ labels: { '': 'x' } }), 'one of its labels has no name'],
    [alert({ labels: { alertname: '' } }), 'it has no labels'],
    [alert({ status: 'broken' }), 'its status is neither "firing" nor "resolved"'],
    [alert({ startsAt: undefined }), 'its startsAt is not an RFC 3339 instant'],
    [alert({ startsAt: 'yesterday' }), 'its startsAt is not an RFC 3339 instant'],
    [alert({ startsAt: '0001-01-01T00:00:00Z' }), 'its startsAt is not an RFC 3339 instant'],
    [alert({ startsAt: '0000-01-01T00:00:00+12:00' }), 'its startsAt is not an RFC 3339 instant'],
    [alert({ startsAt: '9999-12-31T23:59:59-12:00' }), 'its startsAt is not an RFC 3339 instant'],
  ])('%j: %s', (malformed, reason) => {
    const body = webhook([alert({ labels: { alertname: 'Before' } }), malformed, alert()]);
    const { message, quarantined } = accept(body);
    expect(message.alerts.map((one) => one.labels)).toEqual([
      { alertname: 'Before' },
      { alertname: 'Disk', instance: 'a' },
    ]);
    expect(quarantined).toEqual([
      { index: 1, reason: `alert 2 was set aside: ${reason}`, raw: JSON.stringify(malformed) },
    ]);
  });

  it('and counts as truncated, because its absence proves nothing', () => {
    expect(accept(webhook([alert(), 'x', 'y'], { truncatedAlerts: 3 })).message.truncatedAlerts).toBe(5);
  });

  it('keeps only the beginning of a huge one, safe to show', () => {
    const [kept] = accept(webhook([{ labels: { a: `\u202e${'x'.repeat(100_000)}`, b: 1 } }])).quarantined;
    expect(kept?.raw.length).toBeLessThanOrEqual(2048);
    expect(kept?.raw).toMatch(/^\{"labels":\{"a":"x+… \[shortened\]$/);
  });
});

describe('what is nested too deeply to be shown', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  const tooDeep = '(nested too deeply to be shown)';

  it('is set aside as an alert, while its neighbours go on', () => {
    const { message, quarantined } = accept(webhook([deep, alert()]));
    expect(message.alerts).toEqual([parsedAlert]);
    expect(quarantined).toEqual([{ index: 0, reason: 'alert 1 was set aside: it is not an object', raw: tooDeep }]);
  });

  it('is named as an annotation, and the alert goes on', () => {
    const { message, quarantined } = accept(webhook([alert({ annotations: { summary: 'full', deep } })]));
    expect(message.alerts).toEqual([{ ...parsedAlert, annotations: { summary: 'full', deep: tooDeep } }]);
    expect(quarantined).toEqual([]);
  });

  it('is refused as a version', () => {
    expect(parseWebhook(webhook([], { version: deep }), arrival)).toEqual({
      ok: false,
      problem: `the body has version ${tooDeep}: this door takes Alertmanager webhooks of version "4"`,
    });
  });
});

describe('a count of truncated alerts that cannot be read is taken as some', () => {
  it.each([
    [undefined, 0],
    [null, 0],
    [7, 7],
    [-1, 1],
    ['2', 1],
    [1.5, 1],
  ])('%j reads as %j', (truncatedAlerts, read) => {
    expect(accept(webhook([], { truncatedAlerts })).message.truncatedAlerts).toBe(read);
  });
});

describe('the end of an alert', () => {
  it('is never set while it fires, and is the receipt when a resolved one names none', () => {
    const ends = (status: string, endsAt: unknown) => alertsOf(alert({ status, endsAt }))[0]?.endsAt;
    expect([
      ends('firing', '2026-11-20T18:00:00Z'),
      ends('resolved', '2026-11-20T18:00:00.5+01:00'),
      ends('resolved', '0001-01-01T00:00:00Z'),
      ends('resolved', 'soon'),
      ends('resolved', undefined),
    ]).toEqual([null, '2026-11-20T17:00:00.500Z', arrival.receivedAt, arrival.receivedAt, arrival.receivedAt]);
  });
});

describe('identity comes from the raw labels', () => {
  it('whatever fingerprint the sender gives', () => {
    expect(alertsOf(alert({ fingerprint: 'ffffffffffffffff' }))).toEqual([parsedAlert]);
  });

  it('with empty values dropped', () => {
    const [read] = alertsOf(alert({ labels: { alertname: 'Empty', team: 'b', dropme: '' } }));
    expect([read?.fingerprint, read?.labels]).toEqual(['bc8afb4fd66d0be6', { alertname: 'Empty', team: 'b' }]);
  });

  it('before they are shortened or made safe', () => {
    const labels = { alertname: 'A\u0000', long: 'x'.repeat(5000) };
    const [read] = alertsOf(alert({ labels }));
    expect(read?.fingerprint).toBe(fingerprintOf(labels));
    expect(read?.labels).toEqual({ alertname: 'A\ufffd', long: `${'x'.repeat(2033)}… [shortened]` });
  });

  it('and a label name of nothing visible still has a name', () => {
    expect(alertsOf(alert({ labels: { '\u202e': 'x' } }))[0]?.labels).toEqual({ '\ufffd': 'x' });
  });

  it('and one alert comes once: the firing copy stays', () => {
    const resolved = alert({ status: 'resolved', endsAt: '2026-11-20T17:31:00Z' });
    expect([alertsOf(alert(), resolved), alertsOf(resolved, alert())]).toEqual([[parsedAlert], [parsedAlert]]);
  });

  it('also for labels named like members of every object', () => {
    const labels = JSON.parse('{"__proto__":"x","constructor":"y"}');
    const [read] = alertsOf(alert({ labels }));
    expect(Object.entries(read?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('of a group key that is too long stays apart from another with the same beginning', () => {
    const keyOf = (groupKey: string) => accept(webhook([], { groupKey })).message.groupKey;
    const long = '{}:'.padEnd(3000, 'x');
    expect(keyOf(long)).not.toBe(keyOf(`${long}y`));
    expect(keyOf(long)).toBe(keyOf(long));
    expect(Buffer.byteLength(keyOf(long))).toBeLessThanOrEqual(alertLimits.identityBytes);
  });
});

describe('a stored alert stays within its bounds', () => {
  it('shows annotations that are no texts as JSON, and none for what is no object', () => {
    expect(
      [alert({ annotations: { n: 1, o: { a: [true] }, empty: '' } }), alert({ annotations: 'x' })].map(
        (one) => alertsOf(one)[0]?.annotations,
      ),
    ).toEqual([{ n: '1', o: '{"a":[true]}' }, {}]);
  });

  it('keeps the shortest of too many labels and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`label_${i}`, 'x'.repeat(200 - i)]));
    const [read] = alertsOf(alert({ labels: { ...many, severity: 'critical' }, annotations: { summary: 'full' } }));
    expect(Object.keys(read?.labels ?? {}).length).toBe(64);
    expect(read?.labels).toMatchObject({ severity: 'critical', label_99: 'x'.repeat(101) });
    expect(read?.annotations).toEqual({
      summary: 'full',
      [leftOutAnnotation]: '37 labels and 0 annotations were left out: an alert keeps 64 of each, the shortest',
    });
  });

  it('below 64 KB, with label names below 1 KB, whatever is sent', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
    const length = fc.constantFrom(1, 100, 700, 3000, 9000);
    const entries = fc.dictionary(
      fc.tuple(name, length).map(([text, times]) => text.repeat(times)),
      fc.tuple(name, length).map(([text, times]) => text.repeat(times)),
      { minKeys: 1, maxKeys: 90 },
    );
    fc.assert(
      fc.property(entries, entries, (labels, annotations) => {
        const [read] = alertsOf(alert({ labels, annotations, generatorURL: 'u'.repeat(10_000) }));
        const { labels: keptLabels = {}, annotations: keptAnnotations = {} } = read ?? {};
        const bytes = [keptLabels, keptAnnotations]
          .flatMap((kept) => Object.entries(kept).flat())
          .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        expect(bytes).toBeLessThan(60 * 1024);
        expect(Object.keys(keptLabels).every((label) => Buffer.byteLength(label) <= 1024)).toBe(true);
        expect(Object.keys(keptLabels).length).toBeGreaterThan(0);
        expect(read?.fingerprint).toBe(fingerprintOf(labels));
        expect(read?.generatorURL.length).toBeLessThanOrEqual(2048);
      }),
      { numRuns: 25 },
    );
  });
});
