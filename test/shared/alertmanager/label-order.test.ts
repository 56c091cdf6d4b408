import { describe, expect, it } from 'vitest';
import type { Labels } from '#shared/alert/labels.ts';
import { compareAlertLabels, compareLabels } from '#shared/alertmanager/label-order.ts';

describe('Alertmanager’s order of label sets', () => {
  const sets: readonly Labels[] = [
    {},
    { a: '1' },
    { a: '2' },
    { b: '\uffee' },
    { b: '\u{10000}' },
    { a: '1', c: '1' },
    { a: '1', b: '9' },
    { a: '1', b: '9', c: '1' },
  ];
  it('is fewer labels first, then names and values by their bytes', () => {
    expect([...sets].reverse().sort(compareLabels)).toEqual([
      {},
      // The set without the first name comes before.
      { b: '\uffee' },
      { b: '\u{10000}' },
      { a: '1' },
      { a: '2' },
      { a: '1', c: '1' },
      { a: '1', b: '9' },
      { a: '1', b: '9', c: '1' },
    ]);
    expect(compareLabels({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(0);
  });

  it('of the alerts in a group is by job and instance before all else; without comes last', () => {
    const alerts: readonly Labels[] = [
      { job: 'a', instance: '1', z: 'z' },
      { job: 'a', instance: '2' },
      { job: 'a' },
      { job: 'b' },
      { instance: '1' },
      { alertname: 'x' },
    ];
    expect([...alerts].reverse().sort(compareAlertLabels)).toEqual(alerts);
  });
});
