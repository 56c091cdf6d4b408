import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/serve-api.ts';
import type { AlertRecord } from '#shared/alert/alert.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { alertWrite } from '#shared/store/alert-store.ts';
import { loadSilences } from '#shared/store/silence-store.ts';
import type { Table } from '#shared/store/table.ts';
import { record } from '#test/shared/alert/alert-builders.ts';
import { at, noon } from '#test/support/decision-builders.ts';
import { bodyOf, documentOf, incidentIdOf, makeDoorDeps, openIncident, request } from '#test/support/door-kit.ts';

async function doorWith(alerts: readonly AlertRecord[], wrapTable: (table: Table) => Table = (table) => table) {
  const deps = makeDoorDeps({ wrapTable });
  for (const alert of alerts) await deps.memory.write([alertWrite(null, alert, deps.policy)]);
  const handle = makeHandler(deps);
  const ask = (path: string, body: unknown, as: 'vera' | 'human') =>
    handle(request('POST', path, { as, body: JSON.stringify(body) }));
  return {
    deps,
    preview: (body: unknown, as: 'vera' | 'human' = 'vera') => ask('/v1/silences/preview', body, as),
    save: (body: unknown) => ask('/v1/silences', body, 'human'),
  };
}

const disk = (fingerprint: string, changes: Partial<AlertRecord> = {}): AlertRecord =>
  record({
    source: 'main',
    fingerprint,
    labels: { alertname: 'Disk', instance: fingerprint, severity: 'critical' },
    incidentIds: [incidentIdOf(42)],
    ...changes,
  });

describe('the preview of a silence', () => {
  it('lists what it hides now, by severity, and which incidents would resolve, and stores nothing', async () => {
    const silenced = { kind: 'silence', silenceId: 's', until: at(60) } as const;
    const { deps, preview } = await doorWith([
      disk('f1'),
      disk('f2', { suppressedBy: silenced, incidentIds: [] }),
      disk('f3', { labels: { alertname: 'Memory' }, incidentIds: [incidentIdOf(42)] }),
      disk('f4', { status: 'resolved', incidentIds: [] }),
    ]);
    const { title, severity } = await openIncident(deps, 42);
    const answer = documentOf(await preview({ matchers: ['alertname=Disk'], duration: '1h' }));
    expect(answer).toMatchObject({
      status: 200,
      matchers: ['alertname="Disk"'],
      startsAt: noon,
      endsAt: at(3600),
      warnings: [],
      hides: {
        looked: 3,
        complete: true,
        hidden: 2,
        alreadySuppressed: 1,
        incidents: [{ number: 42, title, severity, firing: 1, hidden: 1, resolves: true }],
      },
    });
    expect(answer.hides.sample.map((each: { fingerprint: string }) => each.fingerprint).sort()).toEqual(['f1', 'f2']);
    expect(Object.values(answer.hides.bySeverity)).toEqual([2]);
    expect([await loadSilences(deps.memory), deps.queues.sent]).toEqual([[], []]);
  });

  it('shows at most ten alerts and warns of a silence that is broad, loose and long', async () => {
    const { preview } = await doorWith(Array.from({ length: 12 }, (_, i) => disk(`f${i}`)));
    const { hides, warnings } = bodyOf(await preview({ matchers: ['instance=~".+"'], duration: '60d' }));
    expect([hides.hidden, hides.sample.length]).toEqual([12, 10]);
    expect(warnings).toEqual([
      expect.stringMatching(/^It is broad: it hides 12 of the 12 alerts that fire now \(12 of SEV\d\)\.$/),
      '{instance=~".+"} names no value: it also hides almost every alert that is still to come.',
      expect.stringMatching(/^It is long \(60d\): it hides SEV\d now, for which \w+ is the most advised\.$/),
    ]);
  });

  it('says of a silence that could not be made what making it would say', async () => {
    const { preview, save } = await doorWith([]);
    for (const body of [{ matchers: ['a=~"("'], duration: '1h' }, { matchers: ['a=""'], duration: '1h' }, {}]) {
      const [previewed, saved] = [await preview(body), await save({ comment: 'x', ...body })];
      expect([previewed.statusCode, bodyOf(previewed).detail]).toEqual([400, bodyOf(saved).detail]);
    }
  });
});

describe('a silence that is made', () => {
  it('is made as asked, and the answer warns', async () => {
    const { deps, save } = await doorWith([]);
    const answer = documentOf(await save({ matchers: ['env!="test"'], duration: '40d', comment: 'x' }));
    expect(answer).toMatchObject({ status: 201, outcome: 'accepted' });
    expect(answer.warnings).toEqual([
      '{env!="test"} names no value: it also hides almost every alert that is still to come.',
      'It is long (40d): for any silence 30d is the most advised.',
    ]);
    expect(await loadSilences(deps.memory)).toHaveLength(1);
  });

  it('is made also when nobody can look at what it hides', async () => {
    const broken = (table: Table): Table => ({
      ...table,
      write: table.write.bind(table),
      get: table.get.bind(table),
      query: table.query.bind(table),
      queryIndex: async () => {
        throw new AdapterError('table', 'unavailable', 'no connection');
      },
    });
    const { deps, save } = await doorWith([], broken);
    const answer = documentOf(await save({ matchers: ['alertname=Disk'], duration: '1h', comment: 'x' }));
    expect(answer).toMatchObject({ status: 201, warnings: [] });
    expect(await loadSilences(deps.memory)).toHaveLength(1);
  });
});
