import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flattenPolicies, mostSteps, type WrittenPolicy, type WrittenTarget } from '#shared/config/flatten-policies.ts';

const person = (name: string): WrittenTarget => ({ kind: 'person', person: name });
const use = (policy: string): WrittenTarget => ({ kind: 'policy', policy });
const written = (
  name: string,
  steps: readonly (readonly [number, ...WrittenTarget[]])[],
  repeat: Pick<WrittenPolicy, 'repeatEverySeconds' | 'repeats'> = {},
): WrittenPolicy => ({
  name,
  steps: steps.map(([afterSeconds, ...targets]) => ({ afterSeconds, targets })),
  ...repeat,
});
const flatten = (...policies: WrittenPolicy[]) =>
  flattenPolicies(Object.fromEntries(policies.map((policy) => [policy.name, policy])), {});

describe('a policy that names another', () => {
  it('has its steps, later by the delay of the step that names it', () => {
    const flat = flatten(
      written('outer', [
        [0, person('alice')],
        [600, use('inner')],
      ]),
      written('inner', [
        [0, person('bob')],
        [300, person('carol')],
      ]),
    );
    expect(flat.outer).toEqual({
      name: 'outer',
      steps: [
        { afterSeconds: 0, targets: [person('alice')] },
        { afterSeconds: 600, targets: [person('bob')] },
        { afterSeconds: 900, targets: [person('carol')] },
      ],
      repeatEverySeconds: null,
    });
  });

  it('makes one step of those at the same time, with each target once', () => {
    const flat = flatten(
      written('outer', [
        [0, person('alice'), use('inner')],
        [300, person('dora')],
      ]),
      written('inner', [
        [0, person('bob'), person('alice')],
        [300, person('carol')],
      ]),
    );
    expect(flat.outer?.steps).toEqual([
      { afterSeconds: 0, targets: [person('alice'), person('bob')] },
      { afterSeconds: 300, targets: [person('carol'), person('dora')] },
    ]);
  });

  it('repeats as it says itself, else as the last one that it names', () => {
    const inner = written('inner', [[0, person('bob')]], { repeatEverySeconds: 900, repeats: 'all steps' });
    const other = written('other', [[0, person('eve')]], { repeatEverySeconds: 60 });
    const repeatOf = (repeat: Pick<WrittenPolicy, 'repeatEverySeconds' | 'repeats'>) => {
      const flat = flatten(
        inner,
        other,
        written(
          'outer',
          [
            [0, use('other')],
            [60, use('inner')],
          ],
          repeat,
        ),
      ).outer;
      return [flat?.repeatEverySeconds, flat?.repeats];
    };
    expect([{}, { repeatEverySeconds: null }, { repeatEverySeconds: 120 }].map(repeatOf)).toEqual([
      [900, 'all steps'],
      [null, undefined],
      [120, undefined],
    ]);
  });

  it('may name a policy that names another, and one that is given', () => {
    const flat = flattenPolicies(
      { a: written('a', [[60, use('b')]]), b: written('b', [[60, use('given')]]) },
      {
        given: {
          name: 'given',
          steps: [{ afterSeconds: 1, targets: [{ kind: 'sns', contact: 'ops' }] }],
          repeatEverySeconds: 5,
        },
      },
    );
    expect(flat.a).toEqual({
      name: 'a',
      steps: [{ afterSeconds: 121, targets: [{ kind: 'sns', contact: 'ops' }] }],
      repeatEverySeconds: 5,
    });
  });

  it('ends also when it leads back to itself, names nothing that exists, or doubles at each level', () => {
    const flat = flatten(
      written('a', [[0, person('alice'), use('b')]]),
      written('b', [[60, use('a')]]),
      written('c', [[0, use('gone')]]),
    );
    expect(flat.a?.steps).toEqual([{ afterSeconds: 0, targets: [person('alice')] }]);
    expect(flat.c?.steps).toEqual([]);
    const levels = Array.from({ length: 40 }, (_, level) =>
      written(
        `p${level}`,
        level === 0
          ? [[0, person('alice')]]
          : [
              [0, use(`p${level - 1}`)],
              [level, use(`p${level - 1}`)],
            ],
      ),
    );
    expect(flatten(...levels).p39?.steps).toHaveLength(mostSteps + 1);
  });
});

/** Whom a policy tells when, by following the names one by one: the slow way that needs no flattening. */
function tellings(policies: Readonly<Record<string, WrittenPolicy>>, name: string, from = 0): string[] {
  const steps = policies[name]?.steps ?? [];
  return steps.flatMap(({ afterSeconds, targets }) =>
    targets.flatMap((target) =>
      target.kind === 'policy'
        ? tellings(policies, target.policy, from + afterSeconds)
        : [`${from + afterSeconds} ${JSON.stringify(target)}`],
    ),
  );
}

/** A few policies of which each names only later ones. */
const acyclic = fc
  .array(
    fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.oneof(fc.constantFrom('alice', 'bob'), fc.integer({ min: 1, max: 3 })), {
          minLength: 1,
          maxLength: 2,
        }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((shapes) =>
    Object.fromEntries(
      shapes.map((steps, index) => [
        `p${index}`,
        written(
          `p${index}`,
          steps.map(([delay, names]) => [
            60 * delay,
            ...names.map((name) => (typeof name === 'string' ? person(name) : use(`p${index + name}`))),
          ]),
        ),
      ]),
    ),
  );

it('a flattened policy tells the same people at the same times as following the names does, each once and in order', () => {
  fc.assert(
    fc.property(acyclic, (policies) => {
      const flat = flattenPolicies(policies, {});
      for (const [name, { steps }] of Object.entries(flat)) {
        const told = steps.flatMap(({ afterSeconds, targets }) =>
          targets.map((target) => `${afterSeconds} ${JSON.stringify(target)}`),
        );
        expect(new Set(told)).toEqual(new Set(tellings(policies, name)));
        const namesOthers = policies[name]?.steps.some(({ targets }) => targets.some(({ kind }) => kind === 'policy'));
        if (!namesOthers) continue;
        expect(told).toHaveLength(new Set(told).size);
        expect(steps.map(({ afterSeconds }) => afterSeconds)).toEqual(
          [...new Set(steps.map(({ afterSeconds }) => afterSeconds))].sort((a, b) => a - b),
        );
      }
    }),
    { seed: 4, numRuns: 500 },
  );
});
