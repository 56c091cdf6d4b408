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
