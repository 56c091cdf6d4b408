import type { EscalationPolicy, EscalationStep, StepTarget } from '../escalation/escalation-policy.ts';

/** A target as the file has it: another policy stands for its steps. */
export type WrittenTarget = StepTarget | { readonly kind: 'policy'; readonly policy: string };

/** An escalation policy before the policies that it names are flattened into it. */
export interface WrittenPolicy {
  readonly name: string;
  readonly steps: readonly { readonly afterSeconds: number; readonly targets: readonly WrittenTarget[] }[];
  /** Absent: that of the policy that it names last. */
  readonly repeatEverySeconds?: number | null;
  readonly repeats?: NonNullable<EscalationPolicy['repeats']>;
}

/** As many as a policy may write itself; an incident carries them all. */
export const mostSteps = 20;

/** Steps with equal delays become one, with each target once, in the order of the file. */
function mergeSteps(steps: readonly EscalationStep[]): readonly EscalationStep[] {
  const delays = [...new Set(steps.map(({ afterSeconds }) => afterSeconds))].sort((a, b) => a - b);
  return delays.map((afterSeconds) => {
    const targets = steps.filter((step) => step.afterSeconds === afterSeconds).flatMap((step) => step.targets);
    return { afterSeconds, targets: [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()] };
  });
}

/**
 * Puts the steps of the policies that a policy names in their place, each delayed by the step that names it. A policy that
 * does not say how it repeats does so as the last one that it names. What leads back to itself, or does not exist, adds
 * nothing: a check refuses both. More than `mostSteps` are cut to one more than that, which a check refuses, too: policies
 * that name each other twice would double at each level.
 */
export function flattenPolicies(
  written: Readonly<Record<string, WrittenPolicy>>,
  given: Readonly<Record<string, EscalationPolicy>>,
): Record<string, EscalationPolicy> {
  const done = new Map<string, EscalationPolicy>();
  const flatten = (name: string, above: readonly string[]): EscalationPolicy | null => {
    const known = done.get(name);
    if (known) return known;
    const policy = Object.hasOwn(written, name) ? written[name] : undefined;
    if (!policy) return Object.hasOwn(given, name) ? (given[name] ?? null) : null;
    if (above.includes(name)) return null;
    const flat = flattenOne(policy, (inner) => flatten(inner, [...above, name]));
    done.set(name, flat);
    return flat;
  };
  const names = Object.keys(written);
  return Object.fromEntries(
    names.flatMap((name) => [flatten(name, [])].flatMap((flat) => (flat ? [[name, flat]] : []))),
  );
}

function flattenOne(policy: WrittenPolicy, find: (name: string) => EscalationPolicy | null): EscalationPolicy {
  const named: EscalationPolicy[] = [];
  const steps = policy.steps.flatMap(({ afterSeconds, targets }) => [
    { afterSeconds, targets: targets.filter((target) => target.kind !== 'policy') },
    ...targets.flatMap((target): readonly EscalationStep[] => {
      const inner = target.kind === 'policy' ? find(target.policy) : null;
      if (inner === null) return [];
      named.push(inner);
      return inner.steps.map((step) => ({ ...step, afterSeconds: afterSeconds + step.afterSeconds }));
    }),
  ]);
  const repeat = policy.repeatEverySeconds === undefined ? named.at(-1) : undefined;
  const repeats = policy.repeats ?? repeat?.repeats;
  const namesOthers = policy.steps.some(({ targets }) => targets.some(({ kind }) => kind === 'policy'));
  const filled = steps.filter(({ targets }) => targets.length > 0);
  return {
    name: policy.name,
    // What names no other policy stays as it is written, for the checks to judge.
    steps: namesOthers ? mergeSteps(filled).slice(0, mostSteps + 1) : steps,
    repeatEverySeconds: policy.repeatEverySeconds ?? repeat?.repeatEverySeconds ?? null,
    ...(repeats === undefined ? {} : { repeats }),
  };
}
