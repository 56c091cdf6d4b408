import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatchers } from '#shared/alert/compile-matcher.ts';
import { type Labels, labelValue } from '#shared/alert/labels.ts';
import { type Matcher, matchesAll } from '#shared/alert/matcher.ts';
import { parseMatchers } from '#shared/alert/parse-matcher.ts';
import type { InhibitRule } from '#shared/route/inhibit-rule.ts';
import {
  findInhibition,
  type Inhibitor,
  inhibitorPlaces,
  inhibitTargets,
  placesPerAlert,
} from '#shared/route/inhibition.ts';

const matchersOf = (text: string) => {
  const parsed = parseMatchers(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const rule = (source: string, target: string, equal: readonly string[] = [], name = 'rule'): InhibitRule => ({
  name,
  sourceMatchers: matchersOf(source),
  targetMatchers: matchersOf(target),
  equal,
});

/** Files all that fires, as the store does, and has the target look. */
function inhibitorOf(rules: readonly InhibitRule[], firing: readonly Labels[], target: Labels): string | null {
  const known = new Map<string, Inhibitor>();
  for (const [index, labels] of firing.entries()) {
    for (const { place, sides } of inhibitorPlaces(rules, labels)) {
      const first = known.get(place);
      if (first === undefined || (first.sides === 'two' && sides === 'one')) {
        known.set(place, { source: 's', fingerprint: String(index), sides });
      }
    }
  }
  return findInhibition(inhibitTargets(rules, target), known)?.inhibitor.fingerprint ?? null;
}

const critical = '{severity="critical"}';
const warning = '{severity="warning"}';
const ends = (labels: Labels) => ({ severity: 'warning', ...labels });
const begins = (labels: Labels) => ({ severity: 'critical', ...labels });

interface Case {
  readonly says: string;
  readonly rules: readonly InhibitRule[];
  readonly firing: readonly Labels[];
  readonly target: Labels;
  /** Position in `firing`. */
  readonly by: string | null;
}

const cases: readonly Case[] = [
  {
    says: 'a source that matches inhibits a target that matches',
    rules: [rule(critical, warning)],
    firing: [begins({})],
    target: ends({}),
    by: '0',
  },
  {
    says: 'nothing that fires inhibits nothing',
    rules: [rule(critical, warning)],
    firing: [],
    target: ends({}),
    by: null,
  },
  {
    says: 'an alert that the target side does not take is not inhibited',
    rules: [rule(critical, warning)],
    firing: [begins({})],
    target: { severity: 'info' },
    by: null,
  },
  {
    says: 'an alert that the source side does not take inhibits nothing',
    rules: [rule(critical, warning)],
    firing: [{ severity: 'error' }],
    target: ends({}),
    by: null,
  },
  {
    says: 'equal labels must agree',
    rules: [rule(critical, warning, ['cluster', 'node'])],
    firing: [begins({ cluster: 'a', node: '2' }), begins({ cluster: 'a', node: '1' })],
    target: ends({ cluster: 'a', node: '1' }),
    by: '1',
  },
  {
    says: 'all equal labels must agree',
    rules: [rule(critical, warning, ['cluster', 'node'])],
    firing: [begins({ cluster: 'a', node: '2' })],
    target: ends({ cluster: 'a', node: '1' }),
    by: null,
  },
  {
    says: 'an equal label that both miss agrees',
    rules: [rule(critical, warning, ['cluster'])],
    firing: [begins({})],
    target: ends({}),
    by: '0',
  },
  {
    says: 'an equal label that one has and the other misses does not agree',
    rules: [rule(critical, warning, ['cluster'])],
    firing: [begins({ cluster: 'a' })],
    target: ends({}),
    by: null,
  },
  {
    says: 'values of equal labels are not run together',
    rules: [rule(critical, warning, ['a', 'b'])],
    firing: [begins({ a: '1', b: '23' })],
    target: ends({ a: '12', b: '3' }),
    by: null,
  },
  {
    says: 'an alert does not inhibit itself',
    rules: [rule('{team="web"}', '{team="web"}')],
    firing: [{ team: 'web' }],
    target: { team: 'web' },
    by: null,
  },
  {
    says: 'two alerts that match both sides do not inhibit each other',
    rules: [rule('{team=~".+"}', '{team=~".+"}')],
    firing: [{ team: 'web' }, { team: 'db' }],
    target: { team: 'db' },
    by: null,
  },
  {
    says: 'an alert that matches both sides inhibits one that matches the target side alone',
    rules: [rule('{severity=~"critical|error"}', '{severity=~"error|warning"}')],
    firing: [{ severity: 'error' }],
    target: { severity: 'warning' },
    by: '0',
  },
  {
    says: 'one that matches the source side alone inhibits one that matches both, whatever else fires in its place',
    rules: [rule('{severity=~"critical|error"}', '{severity=~"error|warning"}')],
    firing: [{ severity: 'error', n: '1' }, { severity: 'critical' }, { severity: 'error', n: '2' }],
    target: { severity: 'error' },
    by: '1',
  },
  {
    says: 'empty lists of matchers take every alert',
    rules: [{ name: 'all', sourceMatchers: matchersOf('{a="1"}'), targetMatchers: [], equal: [] }],
    firing: [{ a: '1' }],
    target: { b: '2' },
    by: '0',
  },
  {
    says: 'negative and regular expressions are read as everywhere, missing labels as empty',
    rules: [rule('{alertname=~"Down.*",env!="test"}', '{kind!~"infra.+"}', ['env'])],
    firing: [{ alertname: 'DownHard', env: 'test' }, { alertname: 'DownSoft' }],
    target: { alertname: 'Slow' },
    by: '1',
  },
  {
    says: 'each of several rules may inhibit, the first of the file is named',
    rules: [rule('{a="1"}', warning, [], 'first'), rule('{b="1"}', warning, [], 'second')],
    firing: [{ b: '1' }, { a: '1' }],
    target: ends({}),
    by: '1',
  },
  {
    says: 'a later rule inhibits where an earlier does not',
    rules: [rule('{a="1"}', warning, ['x']), rule('{b="1"}', warning)],
    firing: [{ b: '1' }, { a: '1', x: '1' }],
    target: ends({}),
    by: '0',
  },
];

describe('inhibition is the scan of all that fires', () => {
  it.each(cases)('$says', ({ rules, firing, target, by }) => {
    expect(inhibitorOf(rules, firing, target)).toBe(by);
  });
});

const matches = (matchers: readonly Matcher[], labels: Labels): boolean => {
  const compiled = compileMatchers(matchers);
  return compiled.ok && matchesAll(compiled.value, labels);
};

/** The documented meaning: all that fires is looked at, and who matches both sides is ignored by such a target. */
const isInhibited = (rules: readonly InhibitRule[], firing: readonly Labels[], target: Labels): boolean =>
  rules.some(
    ({ sourceMatchers, targetMatchers, equal }) =>
      matches(targetMatchers, target) &&
      firing.some(
        (source) =>
          matches(sourceMatchers, source) &&
          equal.every((name) => labelValue(source, name) === labelValue(target, name)) &&
          !(matches(sourceMatchers, target) && matches(targetMatchers, source)),
      ),
  );

const names = fc.constantFrom('a', 'b', 'c');
const values = fc.constantFrom('1', '2');
const labelSets = fc.dictionary(names, values, { maxKeys: 3 });
const matcherLists = fc.array(
  fc.record({
    name: names,
    operator: fc.constantFrom('=', '!=', '=~', '!~') satisfies fc.Arbitrary<Matcher['operator']>,
    value: fc.constantFrom('', '1', '2'),
  }),
  { maxLength: 2 },
);
const rules = fc.array(
  fc.record({
    name: fc.constantFrom('one', 'two'),
    sourceMatchers: matcherLists,
    targetMatchers: matcherLists,
    equal: fc.array(names, { maxLength: 2 }),
  }),
  { maxLength: 3 },
);

describe('whatever the rules and alerts', () => {
  it('looking into places decides as the scan does', () => {
    fc.assert(
      fc.property(rules, fc.array(labelSets, { maxLength: 5 }), labelSets, (all, firing, target) => {
        expect(inhibitorOf(all, firing, target) !== null).toBe(isInhibited(all, firing, target));
      }),
      { numRuns: 3000, seed: 3 },
    );
  });
});

describe('the places of rules', () => {
  it('are told apart by what the rule says, not by its name, order or repetitions', () => {
    const labels = begins({ cluster: 'a', node: '1' });
    const one = rule('{severity="critical",cluster!=""}', warning, ['cluster', 'node'], 'one');
    const same = rule('{cluster!="",severity="critical",cluster!=""}', warning, ['node', 'cluster', 'node'], 'two');
    const other = rule('{severity="critical"}', warning, ['cluster', 'node'], 'one');
    expect(inhibitorPlaces([same], labels)).toEqual(inhibitorPlaces([one], labels));
    expect(inhibitorPlaces([one, same], labels)).toHaveLength(1);
    expect(inhibitorPlaces([other], labels)).not.toEqual(inhibitorPlaces([one], labels));
  });

  it('are few for each alert, so that it fits its transaction', () => {
    const rules = Array.from({ length: 200 }, (_, index) => rule(critical, `{n="${index}"}`));
    expect(inhibitorPlaces(rules, begins({}))).toHaveLength(placesPerAlert);
  });
});
