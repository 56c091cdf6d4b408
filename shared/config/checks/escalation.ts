import { severities } from '../../incident/severity.ts';
import { defaultEscalationPolicies } from '../defaults.ts';
import { formatDuration } from '../duration.ts';
import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';

/** The policies that the file wrote: a default that it did not replace is the same object still. */
const writtenPolicies = (policy: Policy) =>
  Object.values(policy.escalationPolicies).filter((each) => defaultEscalationPolicies[each.name] !== each);

/** A step that is not later than the one before would never have its own turn. */
export const checkStepOrder = (policy: Policy): Finding[] =>
  writtenPolicies(policy).flatMap(({ name, steps }) =>
    steps.flatMap((step, index): Finding[] => {
      const before = steps[index - 1];
      if (!before || step.afterSeconds > before.afterSeconds) return [];
      const message = `step ${index + 1} of ${name} can never be reached: after ${formatDuration(step.afterSeconds)} is not later than the step before (${formatDuration(before.afterSeconds)})`;
      const fix = 'Write the time since the incident was triggered, longer at each step; or merge the two steps.';
      return [{ level: 'error', at: ['escalationPolicies', name, 'steps', index, 'after'], message, fix }];
    }),
  );

/** One page per step and target: a target named twice is a mistake for another one. */
export const checkRepeatedTargets = (policy: Policy): Finding[] =>
  writtenPolicies(policy).flatMap(({ name, steps }) =>
    steps.flatMap((step, index) => {
      const texts = step.targets.map((target) => JSON.stringify(target));
      return texts.flatMap((text, position): Finding[] => {
        if (texts.indexOf(text) === position) return [];
        const at = ['escalationPolicies', name, 'steps', index, 'targets', position];
        return [
          { level: 'warning', at, message: `step ${index + 1} of ${name} names this target twice`, fix: 'Remove one.' },
        ];
      });
    }),
  );

/** A severity that interrupts nobody cannot be one that people must be woken for. */
export const checkSeverityPages = (policy: Policy): Finding[] =>
  severities
    .filter((severity) => severity <= 'SEV2' && policy.severities[severity].pages !== 'always')
    .map((severity) => {
      const { pages } = policy.severities[severity];
      return {
        level: pages === 'never' ? 'error' : 'warning',
        at: ['severities', severity, 'pages'],
        message: pages === 'never' ? `${severity} pages nobody` : `${severity} pages nobody outside working hours`,
        fix: 'Write pages: always, or map these alerts to SEV3 or SEV4.',
      };
    });

/** Severities get less urgent from SEV1 to SEV4; a slower worse one is a slip. */
export const checkSeverityOrder = (policy: Policy): Finding[] =>
  severities.flatMap((severity, index): Finding[] => {
    const worse = severities[index - 1];
    if (worse === undefined) return [];
    const slower =
      policy.severities[worse].acknowledgeWithinSeconds > policy.severities[severity].acknowledgeWithinSeconds;
    if (!slower) return [];
    const message = `${worse} may wait longer for an acknowledgement than ${severity}`;
    return [
      {
        level: 'warning',
        at: ['severities', worse, 'acknowledgeWithin'],
        message,
        fix: `Give ${worse} the shorter time.`,
      },
    ];
  });
