import { formatDuration } from '../duration.ts';
import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import { writtenPolicies } from './written-policies.ts';

/** A step that is not later than the one before would never have its own turn. */
export const checkStepOrder = (_: Policy, document: PolicyDocument): Finding[] =>
  writtenPolicies(document).flatMap(({ name, steps }) =>
    steps.flatMap((step, index): Finding[] => {
      const before = steps[index - 1];
      if (!before || step.afterSeconds > before.afterSeconds) return [];
      const message = `step ${index + 1} of ${name} can never be reached: after ${formatDuration(step.afterSeconds)} is not later than the step before (${formatDuration(before.afterSeconds)})`;
      const fix = 'Write the time since the incident was triggered, longer at each step; or merge the two steps.';
      return [{ level: 'error', at: ['escalationPolicies', name, 'steps', index, 'after'], message, fix }];
    }),
  );

/** One page per step and target: a target named twice is a mistake for another one. */
export const checkRepeatedTargets = (_: Policy, document: PolicyDocument): Finding[] =>
  writtenPolicies(document).flatMap(({ name, steps }) =>
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

/** What is repeated says nothing where nothing is. */
export const checkRepeats = (policy: Policy, document: PolicyDocument): Finding[] =>
  writtenPolicies(document)
    .filter(
      ({ name, repeats }) => repeats !== undefined && policy.escalationPolicies[name]?.repeatEverySeconds === null,
    )
    .map(({ name, repeats }) => ({
      level: 'error',
      at: ['escalationPolicies', name, 'repeat'],
      message: `repeat: ${repeats} of ${name} repeats nothing, because it has no repeatEvery`,
      fix: 'Add repeatEvery:, such as 15m, or remove repeat.',
    }));
