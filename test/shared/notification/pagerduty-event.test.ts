import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidentLinks } from '#shared/notification/incident-links.ts';
import { pagerDutyFollowUp, pagerDutyTrigger } from '#shared/notification/pagerduty-event.ts';
import type { PagerDutyEvent } from '#shared/runtime/ports.ts';
import { anyIncident } from '#test/support/hostile-texts.ts';
import { anIncident, openedAt } from '#test/support/incident-builders.ts';

const routingKey = 'made-up-routing-key-0123456789ab';
const linksOf = (incident: Parameters<typeof incidentLinks>[0]) =>
  incidentLinks(incident, { services: {} }, 'https://tocsin.example');

describe('a PagerDuty event', () => {
  it('tells who opens it what they need', () => {
    const incident = anIncident({
      generation: 3,
      severity: 'SEV2',
      service: 'checkout',
      owner: 'payments',
      firing: 2,
      alertsTotal: 5,
      sample: [
        {
          source: 'main',
          fingerprint: '0123456789abcdef',
          labels: { alertname: 'HighErrorRate', instance: 'web-1' },
          annotations: { summary: '5xx', runbook_url: 'https://runbooks.example/a' },
          generatorURL: 'http://prometheus.example/graph',
          startsAt: openedAt,
        },
      ],
    });
    const event: PagerDutyEvent = pagerDutyTrigger(incident, routingKey, linksOf(incident));
    expect(event).toEqual({
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: 'incident-00000000001:3',
      payload: {
        summary: '[SEV2] INC-42 HighErrorRate',
        source: 'web-1',
        severity: 'error',
        timestamp: openedAt,
        component: 'checkout',
        group: 'payments',
        class: 'HighErrorRate',
        custom_details: {
          incident: 'INC-42',
          severity: 'SEV2',
          generation: 3,
          source: 'main',
          firing: 2,
          alerts_total: 5,
          route: 'root',
          escalation_policy: 'default',
          policy_file: 'abcdef012345',
          labels: { alertname: 'HighErrorRate', instance: 'web-1' },
          samples: [
            {
              starts_at: openedAt,
              labels: {},
              annotations: { runbook_url: 'https://runbooks.example/a', summary: '5xx' },
            },
          ],
        },
      },
      links: [
        { href: 'https://tocsin.example/v1/incidents/42', text: 'Incident in Tocsin' },
        { href: 'https://runbooks.example/a', text: 'Runbook' },
        { href: 'http://prometheus.example/graph', text: 'Query at the source' },
      ],
      client: 'Tocsin',
      client_url: 'https://tocsin.example/v1/incidents/42',
    });
  });

  it.each([
    ['SEV1', 'critical'],
    ['SEV2', 'error'],
    ['SEV3', 'warning'],
    ['SEV4', 'info'],
  ] as const)('says %s as %s', (severity, word) => {
    const incident = anIncident({ severity });
    expect(pagerDutyTrigger(incident, routingKey, linksOf(incident)).payload.severity).toBe(word);
  });

  it('follows up by the key alone', () => {
    expect(pagerDutyFollowUp('resolve', routingKey, 'incident1:1')).toEqual({
      routing_key: routingKey,
      event_action: 'resolve',
      dedup_key: 'incident1:1',
    });
  });

  it('tells fewer samples rather than grow too large', () => {
    const sample = Array.from({ length: 10 }, (_, index) => ({
      source: 'main',
      fingerprint: '0123456789abcdef',
      labels: Object.fromEntries(
        Array.from({ length: 20 }, (_, label) => [`l${label}`, `${index}${'漢'.repeat(400)}`]),
      ),
      annotations: {},
      generatorURL: '',
      startsAt: openedAt,
    }));
    const event = pagerDutyTrigger(anIncident({ sample }), routingKey, linksOf(anIncident()));
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(60_000);
    expect(event.payload.custom_details.samples).toHaveLength(2);
  });

  it('stays within the limits of PagerDuty, whatever the alerts hold', () => {
    fc.assert(
      fc.property(anyIncident, (incident) => {
        const event = pagerDutyTrigger(incident, routingKey, linksOf(incident));
        expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(60_000);
        expect(event.payload.summary.length).toBeLessThanOrEqual(1_024);
        expect(event.dedup_key.length).toBeLessThanOrEqual(255);
        for (const field of [event.payload.summary, event.payload.source, event.payload.component]) {
          expect(field).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
        }
        for (const { href } of event.links) expect(href).toMatch(/^https?:\/\//);
      }),
      { numRuns: 200 },
    );
  });
});
