import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './repository.ts';
import type { Scope } from './scope.ts';

/** The steps of SEV1 as seconds instead of minutes; who is on call stays as in config/local.yaml. */
const quickSteps = `
escalationPolicies:
  default-sev1:
    steps:
      - after: 0s
        targets: [{ owner: onCall }, { owner: pagerduty }]
      - after: 3s
        targets: [{ owner: secondary }]
      - after: 10s
        targets: [{ owner: manager }]
    repeatEvery: never
`;

/** A policy file for CONFIG: that of the local run with quick steps. A repeat takes at least a minute, so there is none. */
export function writeQuickPolicy(scope: Scope, rootRoute = ''): string {
  const file = join(scope.tempDir('policy'), 'local.yaml');
  const local = readFileSync(join(repository, 'config/local.yaml'), 'utf8');
  writeFileSync(file, local.replace(/^route:$/m, `route:${rootRoute}`) + quickSteps);
  return file;
}

/** Names and ids of config/local.yaml. */
export const channels = { incidents: 'C0INCIDENTS', alice: 'D0ALICE', bob: 'D0BOB', carol: 'D0CAROL' } as const;
export const people = { alice: { id: 'U0ALICE', name: 'alice' } } as const;
