import { parsePolicy } from '#shared/config/parse-policy.ts';
import { formatProblem } from '#shared/config/problem.ts';

/** A small policy file without a fault; the examples change one line of it. Line numbers are part of the tests. */
export const examplePolicy = `slackChannels:
  incidents: C0INCIDENTS
pagerduty:
  web: { routingKeySecret: web }
snsContacts:
  phone: { phone: "+15550100123" }
people:
  alice: { slack: U0ALICE }
  bob: { slack: U0BOB, sns: phone }
teams:
  web:
    onCall: alice
    secondary: bob
    manager: bob
    slackChannel: incidents
    pagerduty: web
statusComponents:
  shop: { name: Shop }
services:
  checkout: { owner: web, statusComponent: shop }
sources:
  main: {}
escalationPolicies:
  calm:
    steps:
      - { after: 0s, targets: [{ owner: channel }] }
      - { after: 1h, targets: [{ person: bob }, { sns: phone }] }
route:
  severity: { label: severity, map: { critical: SEV1 }, otherwise: SEV3 }
  owner: web
  routes:
    - name: shop
      matchers: ['team="shop"']
      routes:
        - matchers: ['tier="1"']
    - matchers: ['team=~"a|b"']
      escalationPolicy: calm
fallback: { email: fallback@example.com }
`;

/** One fault put into the example, and all that must be said about it. */
export interface ExampleChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly complaints: readonly string[];
}

const file = { environment: 'test', fileName: 'p.yaml' };

export const readExample = (text: string) => parsePolicy(text, file);

/** The example with one piece replaced; a piece that is not there, or there twice, is a broken test. */
export function changeExample(from: string, to: string): string {
  const pieces = examplePolicy.split(from);
  if (pieces.length !== 2) throw new Error(`"${from}" stands ${pieces.length - 1} times in the example`);
  return pieces.join(to);
}

/** All that is said about a text, errors and warnings, as the command prints them. */
export function complaintsAbout(text: string): string[] {
  const reading = readExample(text);
  return reading.ok
    ? reading.warnings.map((warning) => `warning: ${formatProblem(warning)}`)
    : reading.problems.map(formatProblem);
}
