import { describe, expect, it } from 'vitest';
import type { Labels } from '#shared/alert/labels.ts';
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

/** The documented meaning: every firing alert is looked at, and those that match both sides are ignored by such a target. */
function scan(rules: readonly InhibitRule[], firing: readonly Labels[], target: Labels): string | null {
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
    expect(scan(rules, firing, target)).toBe(by);
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
