import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import type { RouteDocument } from '#shared/config/schema/route.ts';

const twoDigits = (team: number): string => String(team).padStart(2, '0');

export const serviceOf = (team: number): string => `service-${twoDigits(team)}`;
export const channelOf = (team: number): string => `C0BENCH${twoDigits(team)}`;
export const userOf = (team: number): string => `U0BENCH${twoDigits(team)}`;

/** What a measurement needs beside the teams. */
export interface PolicyAdditions {
  readonly routes?: readonly RouteDocument[];
  /** As the policy file has them. */
  readonly escalationPolicies?: Readonly<Record<string, unknown>>;
}

/**
 * A policy file with so many teams, each with a person, a Slack channel and a PagerDuty key of its own, and the default
 * steps: at once on-call and PagerDuty. Vendors' limits are per channel and key, so with enough teams what is measured is
 * Tocsin and not Slack's message a second.
 */
function policyText(teams: number, { routes = [], escalationPolicies = {} }: PolicyAdditions = {}): string {
  const numbers = Array.from({ length: teams }, (_, index) => index);
  const named = (entry: (team: number) => readonly [string, unknown]) => Object.fromEntries(numbers.map(entry));
  const person = (team: number) => `person-${twoDigits(team)}`;
  const policy = {
    sources: { local: {} },
    route: {
      severity: { label: 'severity', map: { critical: 'SEV1', error: 'SEV2' }, otherwise: 'SEV3' },
      service: { label: 'service' },
      owner: 'team-00',
      ...(routes.length > 0 && { routes }),
    },
    services: named((team) => [serviceOf(team), { owner: `team-${twoDigits(team)}` }]),
    teams: named((team) => [
      `team-${twoDigits(team)}`,
      {
        onCall: person(team),
        secondary: person((team + 1) % teams),
        manager: person((team + 2) % teams),
        slackChannel: `channel-${twoDigits(team)}`,
        pagerduty: `key-${twoDigits(team)}`,
      },
    ]),
    people: named((team) => [person(team), { slack: userOf(team) }]),
    ...(Object.keys(escalationPolicies).length > 0 && { escalationPolicies }),
    slackChannels: named((team) => [`channel-${twoDigits(team)}`, channelOf(team)]),
    pagerduty: named((team) => [`key-${twoDigits(team)}`, { routingKeySecret: `key-${twoDigits(team)}` }]),
    fallback: { email: 'fallback@example.com' },
  };
  // JSON is YAML.
  return JSON.stringify(policy, null, 2);
}

/** Writes it for the local run; answers its path. */
export function writeBenchPolicy(folder: string, teams: number, additions: PolicyAdditions = {}): string {
  const file = join(folder, 'bench.yaml');
  writeFileSync(file, policyText(teams, additions));
  return file;
}

export function compileBenchPolicy(teams: number, routes: readonly RouteDocument[] = []): Policy {
  const reading = parsePolicy(policyText(teams, { routes }), { environment: 'bench', fileName: 'bench.yaml' });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
}
