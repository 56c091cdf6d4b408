import { describe, expect, it } from 'vitest';
import type { RouteNode } from '#shared/config/policy.ts';
import { judgeAlert } from '#shared/route/judge-alert.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { compileSilences } from '#shared/silence/silence-index.ts';
import { group, groupIncident, matcher, node, policyWith } from './route-builders.ts';

const now = '2026-11-20T13:00:00.000Z';
const silence: Silence = {
  schema: 1,
  version: 1,
  id: 'silence-1',
  matchers: [matcher('team', '=', 'payments')],
  startsAt: '2026-11-20T12:00:00.000Z',
  endsAt: '2026-11-20T14:00:00.000Z',
  createdBy: 'ada "the" admin',
  comment: '',
  createdAt: '2026-11-20T12:00:00.000Z',
  updatedAt: '2026-11-20T12:00:00.000Z',
};
const tree: RouteNode = node('root', {
  severity: { kind: 'label', label: 'severity', map: { critical: 'SEV1' }, otherwise: 'SEV4' },
  routes: [
    node('root/payments', {
      matchers: [matcher('team', '=', 'payments')],
      continue: true,
      routes: [node('root/payments/db', { matchers: [matcher('kind', '=~', 'db.*')] })],
    }),
    node('root/audit', {
      matchers: [matcher('team', '=~', '.+')],
      incidentKey: ['team'],
      severity: { kind: 'fixed', value: 'SEV4' },
    }),
  ],
});
const judge = (labels: Record<string, string>, silences: readonly Silence[] = []) =>
  judgeAlert(labels, { policy: policyWith(tree), silences: compileSilences(silences), group, now });

describe('every judgement of an alert names its rule', () => {
  it('the silence that lasts longest, and when it ends', () => {
    const longest = { ...silence, id: 'silence-2', endsAt: '2026-11-20T15:00:00.000Z' };
    const third = { ...silence, id: 'silence-3' };
    expect(judge({ team: 'payments' }, [silence])).toEqual({
      kind: 'suppressed',
      suppression: {
        kind: 'silence',
        silenceId: 'silence-1',
        by: silence.createdBy,
        until: '2026-11-20T14:00:00.000Z',
      },
      why: 'silence silence-1 by "ada \\"the\\" admin" matches {team="payments"} until 2026-11-20T14:00:00.000Z',
    });
    expect([
      judge({ team: 'payments' }, [silence, longest]),
      judge({ team: 'payments' }, [silence, third, longest]),
    ]).toEqual(
      ['1 more active silence matches', '2 more active silences match'].map((more) => ({
        kind: 'suppressed',
        suppression: {
          kind: 'silence',
          silenceId: 'silence-2',
          by: silence.createdBy,
          until: '2026-11-20T15:00:00.000Z',
        },
        why: `silence silence-2 by "ada \\"the\\" admin" matches {team="payments"} until 2026-11-20T15:00:00.000Z, and ${more}`,
      })),
    );
  });

  it('each route that took it, with all conditions on the way there', () => {
    const base = { service: null, owner: null, slackChannelId: null, unrouted: false };
    expect(judge({ team: 'payments', kind: 'db-1' }, [{ ...silence, endsAt: now }])).toEqual({
      kind: 'routed',
      routes: [
        {
          ...base,
          routePath: 'root/payments/db',
          severity: 'SEV3',
          escalationPolicy: 'office',
          incidentKey: groupIncident,
        },
        {
          ...base,
          routePath: 'root/audit',
          severity: 'SEV4',
          escalationPolicy: 'quiet',
          incidentKey: 'labels:root/audit:team=payments',
        },
      ],
      why:
        'route root/payments/db: matched {team="payments",kind=~"db.*"}; SEV3 by the route. ' +
        'route root/audit: matched {team=~".+"}; SEV4 by the route',
    });
  });

  it('the catch-all, with the label that gave the severity', () => {
    expect(judge({ severity: 'critical' }).why).toBe(
      'route root: no branch matched, so the catch-all took it; SEV1 from label severity="critical"',
    );
  });
});
