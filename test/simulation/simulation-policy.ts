import { readFileSync } from 'node:fs';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';

const file = 'config/local.yaml';
let read: Policy | null = null;

/** The policy of the local run; but its Alertmanager repeats every 20 min, so that a group can go quiet within a run. */
export function simulationPolicy(): Policy {
  if (read) return read;
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const reading = parsePolicy(text.replace('  local:\n', '  local:\n    quietAfter: 40m\n'), {
    environment: 'simulation',
    fileName: file,
  });
  if (!reading.ok) throw new Error(reading.problems.map((problem) => problem.message).join('\n'));
  if (reading.policy.sources.local?.quietAfterSeconds !== 2400) throw new Error(`${file} has no source local`);
  // The reference knows no flapping: each change of an alert counts at once (test/functions/flapping.test.ts covers it).
  read = { ...reading.policy, flapping: { ...reading.policy.flapping, transitions: 0 } };
  return read;
}
