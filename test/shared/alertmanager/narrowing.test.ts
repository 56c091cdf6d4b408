import { describe, expect, it } from 'vitest';
import type { Labels } from '#shared/alert/labels.ts';
import { countAlert, type Narrowing, noAlertsYet, suggestFilters } from '#shared/alertmanager/narrowing.ts';

const free = { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] } as const;
const silenced = { ...free, state: 'suppressed', silencedBy: ['s'] } as const;

const counted = (count: number, labelsOf: (index: number) => Labels, heldBelow = 0): Narrowing => {
  let narrowing = noAlertsYet();
  for (let index = 0; index < count; index += 1) {
    narrowing = countAlert(narrowing, labelsOf(index), index < heldBelow ? silenced : free);
  }
  return narrowing;
};

describe('what would make a long list shorter', () => {
  it('are filters that leave as many as fit, the widest first', () => {
    const alerts = counted(100, (index) => ({
      all: 'same',
      half: String(index % 2),
      third: String(index % 3),
      tenth: String(index % 10),
      instance: `i${index}`,
    }));
    expect(suggestFilters(alerts, 50)).toEqual([
      'filter=half="0" (50 alerts)',
      'filter=third="0" (34 alerts)',
      'filter=tenth="0" (10 alerts)',
    ]);
    expect(suggestFilters(alerts, 20)).toEqual(['filter=tenth="0" (10 alerts)']);
    expect(suggestFilters(alerts, 5)).toEqual([]);
  });

  it('are states before labels, where so many alerts are held back', () => {
    const alerts = counted(100, (index) => ({ half: String(index % 2) }), 60);
    expect(suggestFilters(alerts, 50)[0]).toBe('silenced=false (40 alerts)');
    expect(suggestFilters(alerts, 39)).toEqual([]);
  });

  it('hold no value that nobody can type', () => {
    expect(
      suggestFilters(
        counted(4, (index) => ({ long: 'x'.repeat(300) + (index % 2) })),
        3,
      ),
    ).toEqual([]);
  });

  it('count in bounded memory', () => {
    const alerts = counted(2_000, (index) => ({ [`label${index}`]: 'x', instance: `i${index}` }));
    expect(alerts.byLabel.size).toBeLessThanOrEqual(200);
    expect(alerts.byLabel.get('instance')).toBeNull();
  });
});
