import { describe, expect, it } from 'vitest';
import { parsePosted } from '#shared/alert/parse-posted.ts';

const receivedAt = '2026-11-21T12:00:00.000Z';
const read = (body: unknown) => {
  const reading = parsePosted(body, receivedAt);
  if (reading.outcome === 'refused') return `${reading.status} ${reading.message}`;
  return reading.alerts.map(({ labels, annotations, startsAt, generatorURL }) => {
    return { labels, annotations, startsAt, generatorURL };
  });
};
const asPosted = { labels: { alertname: 'Disk' }, annotations: {}, startsAt: receivedAt, generatorURL: '' };

/** Each was answered 200 by Alertmanager 0.25: what it takes must not be lost here, least of all with its neighbours. */
describe('what Alertmanager takes is taken', () => {
  it.each<readonly [string, object, object]>([
    ['a label that is null is an empty one', { labels: { alertname: 'Disk', team: null } }, {}],
    ['an annotation that is null is an empty one', { annotations: { summary: null } }, {}],
    ['annotations that are null', { annotations: null }, {}],
    ['a time without seconds', { startsAt: '2026-11-21T10:00Z' }, { startsAt: '2026-11-21T10:00:00.000Z' }],
    ['a time without zone', { startsAt: '2026-11-21T10:00:00' }, { startsAt: '2026-11-21T10:00:00.000Z' }],
    ['a day', { startsAt: '2026-11-21' }, { startsAt: '2026-11-21T00:00:00.000Z' }],
    ['an address with a blank', { generatorURL: 'http://x/a b' }, { generatorURL: 'http://x/a b' }],
    ['an address that is only a scheme', { generatorURL: 'x:' }, { generatorURL: 'x:' }],
    ['the address of an OPTIONS request', { generatorURL: '*' }, { generatorURL: '*' }],
  ])('%s', (_, fields, expected) => {
    expect(read([{ labels: { alertname: 'Disk' }, ...fields }])).toEqual([{ ...asPosted, ...expected }]);
  });

  it('keys in any case, as Go reads JSON', () => {
    expect(read([{ Labels: { alertname: 'Disk' }, STARTSAT: '2026-11-21T10:00:00Z', generatorurl: '/x' }])).toEqual([
      { ...asPosted, startsAt: '2026-11-21T10:00:00.000Z', generatorURL: '/x' },
    ]);
  });
});

describe('what Alertmanager refuses as a whole is refused in its words', () => {
  it.each<readonly [string, unknown, string]>([
    ['labels that are missing', [{}], '422 0.labels in body is required'],
    [
      'a value that is no text',
      [{ labels: { a: 1 } }],
      '400 parsing alerts body from "" failed, because of alert 0 the value of "a" in labels is no text',
    ],
    [
      'an address that is none',
      [{ labels: { a: 'b' }, generatorURL: 'x' }],
      '422 0.generatorURL in body must be of type uri: "x"',
    ],
    ['an object', {}, '400 parsing alerts body from "" failed, because it is no array of alerts'],
  ])('%s', (_, body, refusal) => {
    expect(read(body)).toBe(refusal);
  });
});
