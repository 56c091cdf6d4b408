import { compileWrittenPolicies } from '../compile-escalation.ts';
import type { WrittenPolicy } from '../flatten-policies.ts';
import type { PolicyPath } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';

/** The escalation policies of the file as they are written, so that a step is found where it stands. */
export const writtenPolicies = (document: PolicyDocument): readonly WrittenPolicy[] =>
  Object.values(compileWrittenPolicies(document));

/** The policies that a policy names itself. */
export const policiesNamedBy = ({
  steps,
}: WrittenPolicy): readonly { readonly name: string; readonly at: PolicyPath }[] =>
  steps.flatMap(({ targets }, step) =>
    targets.flatMap((target, position) =>
      target.kind === 'policy' ? [{ name: target.policy, at: ['steps', step, 'targets', position, 'policy'] }] : [],
    ),
  );

/** Where a compiled step stands: the policy as a whole when steps of others are among its own. */
export function placeOfStep(document: PolicyDocument, name: string, index: number): PolicyPath {
  const written = compileWrittenPolicies(document)[name];
  const isFlattened = written !== undefined && policiesNamedBy(written).length > 0;
  return isFlattened ? ['escalationPolicies', name] : ['escalationPolicies', name, 'steps', index];
}
