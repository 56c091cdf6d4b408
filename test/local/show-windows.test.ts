import { describe, expect, it } from 'vitest';
import { showWindows } from '#local/show-windows.ts';
import type { MaintenanceWindow } from '#shared/silence/maintenance-window.ts';

const window = (fields: Partial<MaintenanceWindow>): MaintenanceWindow => ({
  name: 'patching',
  matchers: [{ name: 'team', operator: '=', value: 'database' }],
  comment: 'patching',
  timeZone: 'Europe/Berlin',
  start: '02:30',
  durationSeconds: 4 * 3600,
  recurrence: { kind: 'weekly', weekdays: [7] },
  from: null,
  until: null,
  ...fields,
});

describe('the printed maintenance windows', () => {
  it('are the next five of each, local and UTC, with what clocks do to them', () => {
    expect(showWindows([window({})], '2026-03-22T03:00:00.000Z')).toEqual([
      'patching: 4h, silences {team="database"}',
      '  Sun 2026-03-22 02:30 to 06:30 Europe/Berlin, Sun 2026-03-22 01:30 to 05:30 UTC (runs now)',
      '  Sun 2026-03-29 03:00 to 07:00 Europe/Berlin, Sun 2026-03-29 01:00 to 05:00 UTC (clocks skip 02:30 on that day)',
      '  Sun 2026-04-05 02:30 to 06:30 Europe/Berlin, Sun 2026-04-05 00:30 to 04:30 UTC',
      '  Sun 2026-04-12 02:30 to 06:30 Europe/Berlin, Sun 2026-04-12 00:30 to 04:30 UTC',
      '  Sun 2026-04-19 02:30 to 06:30 Europe/Berlin, Sun 2026-04-19 00:30 to 04:30 UTC',
    ]);
  });

  it('name the day on which one ends, where that is another', () => {
    const late = window({ timeZone: 'UTC', start: '22:00', recurrence: { kind: 'once', date: '2026-12-05' } });
    expect(showWindows([late], '2026-11-21T12:00:00.000Z')).toEqual([
      'patching: 4h, silences {team="database"}',
      '  Sat 2026-12-05 22:00 to 2026-12-06 02:00 UTC',
    ]);
  });

  it('say when one does not come again, and when there are none', () => {
    expect(showWindows([window({ until: '2026-01-01' })], '2026-11-21T12:00:00.000Z')[1]).toBe('  does not come again');
    expect(showWindows([], '2026-11-21T12:00:00.000Z')).toEqual(['no maintenance windows']);
  });
});
