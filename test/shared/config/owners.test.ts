import { describe, expect, it } from 'vitest';
import { complaintsAbout, examplePolicy } from './example-policy.ts';

/** The example with a second team that owns the service `search`, which the label `service` chooses. */
const withTeam = (team: string, matchers = `['team=~"a|b"']`) =>
  examplePolicy
    .replace('statusComponents:', `  ops: ${team}\nstatusComponents:`)
    .replace('sources:', '  search: { owner: ops }\nsources:')
    .replace(
      `matchers: ['team=~"a|b"']\n      escalationPolicy: calm`,
      `matchers: ${matchers}\n      service: { label: service }`,
    );

describe('the owners that a service label can yield', () => {
  it('accepts a second team that has everybody', () => {
    const team = '{ onCall: bob, secondary: alice, manager: alice, slackChannel: incidents }';
    expect(complaintsAbout(withTeam(team))).toEqual([]);
  });

  it('refuses a SEV1 of a service whose team pages nobody', () => {
    expect(complaintsAbout(withTeam('{ slackChannel: incidents }'))).toEqual([
      'p.yaml:17:3: team ops has no onCall, and escalation policy default-sev1 pages that role. Fix: Add onCall: to the team, or use an escalation policy that does without.',
      'p.yaml:38:7: SEV1 incidents of team ops page nobody (route root/1, escalation policy default-sev1). Fix: Give team ops an onCall person or schedule, or a pagerduty service, or name another escalation policy.',
    ]);
  });

  it('leaves out the services that the matchers of the route exclude', () => {
    const team = '{ slackChannel: incidents }';
    expect(complaintsAbout(withTeam(team, `['service!="search"']`))).toEqual([]);
    expect(complaintsAbout(withTeam(team, `['service="checkout"']`))).toEqual([]);
    expect(complaintsAbout(withTeam(team, `['service="search"']`))).toHaveLength(2);
  });
});
