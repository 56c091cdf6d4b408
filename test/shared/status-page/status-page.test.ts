import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { applyStatusUpdate } from '#shared/status-page/apply-status-update.ts';
import { renderStatusPage } from '#shared/status-page/render-status-page.ts';
import { newStatusPage, type StatusPageState, type StatusUpdate } from '#shared/status-page/status-page.ts';
import { anyText, hostileTexts } from '#test/support/hostile-texts.ts';

const now = '2026-11-21T01:00:00.000Z';
const service = (name: string, statusComponent: string | null) => ({
  name,
  owner: 'team',
  tier: null,
  runbook: null,
  dashboard: null,
  statusComponent,
});
const policy = {
  statusComponents: {
    checkout: { id: 'cmp-checkout', name: 'Checkout', description: 'Paying' },
    search: { id: 'cmp-search', name: 'Search', description: '' },
  },
  services: {
    checkout: service('checkout', 'checkout'),
    payments: service('payments', 'checkout'),
    search: service('search', 'search'),
    internal: service('internal', null),
  },
};
const page = { name: 'Example status', url: 'https://status.example' };
const empty = newStatusPage(page, policy, now);

const update = (override: Partial<StatusUpdate> = {}): StatusUpdate => ({
  id: 'incident1-3',
  incidentId: 'incident1',
  incidentNumber: 42,
  severity: 'SEV1',
  service: 'checkout',
  status: 'investigating',
  text: 'Payments fail. We are looking into it.',
  at: addSeconds(now, 60),
  ...override,
});
const apply = (...updates: readonly StatusUpdate[]): StatusPageState =>
  updates.reduce((state, each) => applyStatusUpdate(state, each, policy), empty);
const statuses = (state: StatusPageState) => state.components.map(({ status }) => status);
const resolved = update({ id: 'incident1-9', status: 'resolved', text: 'It works again.', at: addSeconds(now, 600) });

describe('the status page', () => {
  it('begins with everything working', () => {
    expect(empty).toEqual({
      schema: 1,
      page: { id: 'tocsin', name: 'Example status', url: 'https://status.example', updatedAt: now },
      components: [
        {
          id: 'cmp-checkout',
          name: 'Checkout',
          description: 'Paying',
          status: 'operational',
          createdAt: now,
          updatedAt: now,
        },
        { id: 'cmp-search', name: 'Search', description: '', status: 'operational', createdAt: now, updatedAt: now },
      ],
      incidents: [],
    });
  });

  it('tells what a person published, and what it makes of the component', () => {
    const at = addSeconds(now, 60);
    const state = apply(update());
    expect(state.incidents).toEqual([
      {
        id: 'incident1',
        name: 'Incident INC-42',
        status: 'investigating',
        severity: 'SEV1',
        componentIds: ['cmp-checkout'],
        createdAt: at,
        updatedAt: at,
        monitoringAt: null,
        resolvedAt: null,
        updates: [
          {
            id: 'incident1-3',
            status: 'investigating',
            body: 'Payments fail. We are looking into it.',
            severity: 'SEV1',
            at,
          },
        ],
      },
    ]);
    expect(statuses(state)).toEqual(['major_outage', 'operational']);
  });

  it.each([
    ['SEV1', 'major_outage', 'critical', 'Major Service Outage'],
    ['SEV2', 'partial_outage', 'major', 'Partial System Outage'],
    ['SEV3', 'degraded_performance', 'minor', 'Minor Service Outage'],
    ['SEV4', 'operational', 'none', 'All Systems Operational'],
  ] as const)('turns %s into %s and %s', (severity, component, indicator, description) => {
    const state = apply(update({ severity }));
    expect(statuses(state)).toEqual([component, 'operational']);
    expect(JSON.parse(renderStatusPage(state).json['api/v2/status.json'] ?? '')).toMatchObject({
      status: { indicator, description },
    });
  });

  it('sets the component back when the incident is resolved, unless another still breaks it', () => {
    const other = update({ id: 'incident2-1', incidentId: 'incident2', service: 'payments', severity: 'SEV3' });
    expect(statuses(apply(update(), resolved))).toEqual(['operational', 'operational']);
    expect(statuses(apply(update(), other, resolved))).toEqual(['degraded_performance', 'operational']);
  });

  it('keeps the component broken while it is only watched', () => {
    expect(statuses(apply(update(), update({ id: 'incident1-5', status: 'monitoring' })))).toEqual([
      'major_outage',
      'operational',
    ]);
  });

  it('tells of an incident whose service nobody lists, and breaks nothing', () => {
    const state = apply(update({ service: 'internal' }));
    expect([state.incidents[0]?.componentIds, statuses(state)]).toEqual([[], ['operational', 'operational']]);
  });

  it('follows the policy file when components change', () => {
    const next = { ...policy, statusComponents: { search: { id: 'cmp-search', name: 'Find', description: '' } } };
    const state = applyStatusUpdate(apply(update()), update({ id: 'incident1-4' }), next);
    expect(state.components.map(({ id, name, createdAt }) => [id, name, createdAt])).toEqual([
      ['cmp-search', 'Find', now],
    ]);
  });

  it('is the same whatever the order and however often an update comes', () => {
    const updates = [
      update(),
      update({ id: 'incident1-4', status: 'identified', at: addSeconds(now, 120) }),
      update({ id: 'incident1-6', status: 'monitoring', severity: 'SEV2', at: addSeconds(now, 180) }),
      update({ id: 'incident2-1', incidentId: 'incident2', service: 'search', severity: 'SEV3' }),
      resolved,
    ];
    // When a component changed depends on what was known then; everything else does not.
    const told = (state: StatusPageState) => ({
      ...state,
      components: state.components.map((component) => ({ ...component, updatedAt: null })),
    });
    fc.assert(
      fc.property(fc.shuffledSubarray([...updates, ...updates], { minLength: 10 }), (order) => {
        expect(told(apply(...order))).toEqual(told(apply(...updates)));
      }),
    );
  });

  it('forgets the oldest resolved incidents, never one that is open', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      update({
        id: `incident${index}-1`,
        incidentId: `incident${index}`,
        incidentNumber: index,
        status: index === 0 ? 'identified' : 'resolved',
        at: addSeconds(now, index),
      }),
    );
    const kept = apply(...many).incidents.map(({ id }) => id);
    expect([kept.length, kept[0], kept.at(-2), kept.at(-1)]).toEqual([51, 'incident59', 'incident10', 'incident0']);
  });

  it('stays small enough to be stored as one item', () => {
    const long = Array.from({ length: 60 }, (_, index) =>
      update({ id: `${index}`, incidentId: `incident${index}`, status: 'resolved', text: '漢'.repeat(9_000) }),
    );
    expect(Buffer.byteLength(JSON.stringify(apply(...long)))).toBeLessThan(320_000);
  });
});

describe('the rendered status page', () => {
  it("has Statuspage's fields, updates newest first", () => {
    const files = renderStatusPage(apply(update(), resolved)).json;
    const json = (path: string) => JSON.parse(files[path] ?? 'null');
    expect(Object.keys(files)).toEqual([
      'api/v2/status.json',
      'api/v2/summary.json',
      'api/v2/components.json',
      'api/v2/incidents.json',
      'api/v2/incidents/unresolved.json',
    ]);
    const pageJson = {
      id: 'tocsin',
      name: 'Example status',
      url: 'https://status.example',
      time_zone: 'Etc/UTC',
      updated_at: addSeconds(now, 600),
    };
    const component = {
      id: 'cmp-checkout',
      name: 'Checkout',
      status: 'operational',
      created_at: now,
      updated_at: addSeconds(now, 600),
      position: 1,
      description: 'Paying',
      showcase: false,
      start_date: null,
      group_id: null,
      page_id: 'tocsin',
      group: false,
      only_show_if_degraded: false,
    };
    expect(json('api/v2/summary.json')).toMatchObject({
      page: pageJson,
      status: { indicator: 'none', description: 'All Systems Operational' },
      incidents: [],
      scheduled_maintenances: [],
    });
    expect(json('api/v2/incidents/unresolved.json')).toEqual({ page: pageJson, incidents: [] });
    expect(json('api/v2/incidents.json')).toEqual({
      page: pageJson,
      incidents: [
        {
          id: 'incident1',
          name: 'Incident INC-42',
          status: 'resolved',
          impact: 'critical',
          shortlink: 'https://status.example/#incident1',
          page_id: 'tocsin',
          created_at: addSeconds(now, 60),
          started_at: addSeconds(now, 60),
          updated_at: addSeconds(now, 600),
          monitoring_at: null,
          resolved_at: addSeconds(now, 600),
          components: [component],
          incident_updates: [
            {
              id: 'incident1-9',
              incident_id: 'incident1',
              status: 'resolved',
              body: 'It works again.',
              created_at: addSeconds(now, 600),
              updated_at: addSeconds(now, 600),
              display_at: addSeconds(now, 600),
              affected_components: [
                { code: 'cmp-checkout', name: 'Checkout', old_status: 'major_outage', new_status: 'operational' },
              ],
            },
            {
              id: 'incident1-3',
              incident_id: 'incident1',
              status: 'investigating',
              body: 'Payments fail. We are looking into it.',
              created_at: addSeconds(now, 60),
              updated_at: addSeconds(now, 60),
              display_at: addSeconds(now, 60),
              affected_components: [
                { code: 'cmp-checkout', name: 'Checkout', old_status: 'operational', new_status: 'major_outage' },
              ],
            },
          ],
        },
      ],
    });
  });

  it('lists open incidents as unresolved', () => {
    const files = renderStatusPage(apply(update())).json;
    expect(JSON.parse(files['api/v2/incidents/unresolved.json'] ?? '').incidents).toHaveLength(1);
    expect(JSON.parse(files['api/v2/summary.json'] ?? '').incidents).toHaveLength(1);
  });

  /** Tags and attributes of the page; texts of people can only stand between them. */
  const tagsOf = (html: string) => html.match(/<[^>]*>/g) ?? [];

  it('lets no text become markup, whatever people publish', () => {
    const plain = tagsOf(renderStatusPage(apply(update({ text: 'x' }), { ...resolved, text: 'x' })).html);
    fc.assert(
      fc.property(anyText, (text) => {
        const { html } = renderStatusPage(apply(update({ text }), { ...resolved, text }));
        expect(tagsOf(html).filter((tag) => tag !== '<br>')).toEqual(plain);
      }),
    );
  });

  it('loads nothing, runs nothing, and can be read without colours', () => {
    const { html } = renderStatusPage(apply(update({ text: hostileTexts.join('\n') })));
    const tags = tagsOf(html);
    expect(tags.filter((tag) => /^<(script|img|iframe|link|object|form|base)\b|\son\w+=|\ssrc=/i.test(tag))).toEqual(
      [],
    );
    expect(tags.filter((tag) => tag.startsWith('<a '))).toEqual([
      '<a href="https://status.example/api/v2/summary.json">',
    ]);
    expect(html).toContain("default-src 'none'");
    expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    for (const words of [
      '<h1>Example status</h1>',
      'Major outage',
      'Operational',
      '<h2 id="open">Open incidents</h2>',
    ]) {
      expect(html).toContain(words);
    }
  });
});
