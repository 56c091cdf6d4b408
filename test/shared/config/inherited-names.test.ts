import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#shared/config/parse-policy.ts';

/** Every JavaScript object has these; no policy file defines them. */
const inherited = ['constructor', 'toString', '__proto__'];

const top = `
sources: { main: {} }
slackChannels: { ops: C0OPS00001 }
people: { alice: { slack: U0ALICE001 } }
teams: { ops: { onCall: alice, slackChannel: ops } }
fallback: { email: fallback@example.org }
`;

const problemsOf = (rest: string): readonly string[] => {
  const read = parsePolicy(top + rest, { environment: 'test', fileName: 'p.yaml' });
  return read.ok ? [] : read.problems.map(({ message }) => message);
};

describe.each(inherited)('the undefined name %s', (name) => {
  it.each([
    ['team', `route: { severity: SEV2, owner: ${name} }`],
    ['team', `services: { web: { owner: ${name} } }\nroute: { severity: SEV2, owner: ops, service: web }`],
    ['escalation policy', `route: { severity: SEV2, owner: ops, escalationPolicy: ${name} }`],
    ['escalation policy', `route: { severity: SEV2, owner: ops, escalationPolicy: [{ use: ${name} }] }`],
    ['escalation policy', `severities: { SEV1: { escalationPolicy: ${name} } }\nroute: { severity: SEV1, owner: ops }`],
    [
      'time interval',
      `escalationPolicies: { p: { steps: [{ after: 0s, targets: [{ person: alice }] }] } }\nroute: { severity: SEV2, owner: ops, escalationPolicy: [{ use: p, during: ${name} }] }`,
    ],
    ['time interval', `route: { severity: SEV2, owner: ops, mute_time_intervals: [${name}] }`],
    [
      'team',
      `escalationPolicies: { p: { steps: [{ after: 0s, targets: [{ team: ${name} }] }] } }\nroute: { severity: SEV2, owner: ops, escalationPolicy: p }`,
    ],
  ])('is refused as an unknown %s, and stops no check', (what, rest) => {
    expect(problemsOf(rest)).toContain(`unknown ${what} "${name}"`);
  });
});
