import type { Matcher } from '#shared/alert/matcher.ts';
import type { Policy, RouteNode } from '#shared/config/policy.ts';
import { aPolicy } from '#test/support/decision-builders.ts';

export const matcher = (name: string, operator: Matcher['operator'], value: string): Matcher => ({
  name,
  operator,
  value,
});

export const node = (path: string, changes: Partial<RouteNode> = {}): RouteNode => ({
  path,
  matchers: [],
  continue: false,
  severity: { kind: 'fixed', value: 'SEV3' },
  service: null,
  escalationPolicy: null,
  owner: null,
  incidentKey: ['group'],
  slackChannel: null,
  receiver: 'root',
  groupBy: [],
  groupWaitSeconds: 30,
  groupIntervalSeconds: 300,
  repeatIntervalSeconds: 14_400,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
  ...changes,
});

export const group = { source: 'main', receiver: 'hook', groupKey: '{}:{alertname="Disk"}' };
export const groupIncident = 'group:main:hook:{}:{alertname="Disk"}';

/** Two teams, one service, two channels, and the given tree. */
export const policyWith = (route: RouteNode): Policy =>
  aPolicy({
    route,
    services: {
      checkout: {
        name: 'checkout',
        owner: 'payments',
        tier: 1,
        runbook: null,
        dashboard: null,
        statusComponent: null,
      },
    },
    slackChannels: { payments: 'C-PAYMENTS', war: 'C-WAR' },
  });
