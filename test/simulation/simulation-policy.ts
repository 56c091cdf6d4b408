import { readFileSync } from 'node:fs';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';

let read: Policy | null = null;

/** What is in policy.yaml. */
export function simulationPolicy(): Policy {
  if (read) return read;
  const text = readFileSync(new URL('policy.yaml', import.meta.url), 'utf8');
  const reading = parsePolicy(text, { environment: 'simulation', fileName: 'test/simulation/policy.yaml' });
  if (!reading.ok) throw new Error(reading.problems.map((problem) => problem.message).join('\n'));
  // The reference knows no flapping: each change of an alert counts at once (test/functions/flapping.test.ts covers it).
  read = { ...reading.policy, flapping: { ...reading.policy.flapping, transitions: 0 } };
  return read;
}
