import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatchers } from '#shared/alert/compile-matcher.ts';
import type { Labels } from '#shared/alert/labels.ts';
import { type Matcher, matchesAll } from '#shared/alert/matcher.ts';
import { findCandidates } from '#shared/alert/matcher-index.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { activeSilencesFor, compileSilences } from '#shared/silence/silence-index.ts';
import { matcher, noon, one, silence, three, two } from './silence-builders.ts';

const idsFor = (silences: readonly Silence[], labels: Labels, now: string) =>
  activeSilencesFor(compileSilences(silences), labels, now).map(({ id }) => id);

describe('the silences of an alert', () => {
  const disk = { alertname: 'Disk', instance: 'web-1' };

  it('are those that match and are active at the instant, however long before they were compiled', () => {
    const index = compileSilences([silence()]);
    const idsAt = (now: string) => activeSilencesFor(index, disk, now).map(({ id }) => id);
    expect([noon, one, '2026-11-20T13:59:59.999Z', two].map(idsAt)).toEqual([[], ['silence-1'], ['silence-1'], []]);
  });

  it('come with the one that lasts longest first', () => {
    const silences = [
      silence({ id: 'c' }),
      silence({ id: 'long', endsAt: three }),
      silence({ id: 'a' }),
      silence({ id: 'other', matchers: [matcher('alertname', '=', 'Memory')] }),
    ];
    expect(idsFor(silences, disk, one)).toEqual(['long', 'a', 'c']);
  });

  it('need every matcher, and read a missing label as ""', () => {
    const silences = [
      silence({ id: 'both', matchers: [matcher('alertname', '=', 'Disk'), matcher('instance', '=~', 'web-.')] }),
      silence({ id: 'one of two', matchers: [matcher('alertname', '=', 'Disk'), matcher('instance', '=', 'web-2')] }),
      silence({ id: 'not there', matchers: [matcher('team', '!=', 'db')] }),
      silence({ id: 'empty', matchers: [matcher('team', '=', ''), matcher('alertname', '=~', '.+')] }),
      silence({ id: 'needs team', matchers: [matcher('team', '=~', '.+')] }),
    ];
    expect(idsFor(silences, disk, one)).toEqual(['both', 'empty', 'not there']);
  });

  it('are none when a stored silence has no matchers, or a regular expression that cannot be read', () => {
    const silences = [
      silence({ id: 'empty', matchers: [] }),
      silence({ id: 'broken', matchers: [matcher('alertname', '!~', '(')] }),
    ];
    expect(idsFor(silences, disk, one)).toEqual([]);
  });
});

describe('a silence of several sets of matchers', () => {
  const several = silence({
    matcherSets: [[matcher('alertname', '=', 'Memory'), matcher('zone', '=', 'eu')], [matcher('zone', '=~', 'us.*')]],
  });

  it.each([
    [{ alertname: 'Disk' }, ['silence-1']],
    [{ alertname: 'Memory', zone: 'eu' }, ['silence-1']],
    [{ alertname: 'Memory', zone: 'asia' }, []],
    [{ alertname: 'Disk', zone: 'us-1' }, ['silence-1']],
  ])('matches what any set matches, once: %j', (labels, ids) => {
    expect(idsFor([several], labels, one)).toEqual(ids);
  });
});

describe('a silence of one alert until it resolves', () => {
  const labels = { alertname: 'Disk', instance: 'web-1' };
  const id = { source: 'main', fingerprint: 'f1' };
  const index = compileSilences([silence({ createdAt: one, untilResolved: id })]);
  const holds = (alert: { source: string; fingerprint: string; changedAt: string } | null) =>
    activeSilencesFor(index, labels, one, alert).length > 0;

  it('holds back that alert alone, and only as it fired when the silence was made', () => {
    expect(holds({ ...id, changedAt: noon })).toBe(true);
    expect(holds({ ...id, changedAt: one })).toBe(true);
    expect(holds({ ...id, changedAt: two })).toBe(false);
    expect(holds({ source: 'other', fingerprint: 'f1', changedAt: noon })).toBe(false);
    expect(holds({ source: 'main', fingerprint: 'f2', changedAt: noon })).toBe(false);
    expect(holds(null)).toBe(false);
  });
});

const values = fc.constantFrom('', 'a', 'b', 'c', 'ab', 'abc');
const names = fc.constantFrom('x', 'y', 'z');
const matchers: fc.Arbitrary<Matcher> = fc.record({
  name: names,
  operator: fc.constantFrom('=', '!=', '=~', '!~'),
  value: fc.oneof(
    values,
    fc.constantFrom('a|b', 'a|', '.*', '.+', '[ab]', 'b\\|c', 'a.*', 'ab.+', 'a[bc]', 'abc?', '(ab)?c'),
  ),
});
const instants = fc.constantFrom(noon, one, two, three);
const silences = fc.array(
  fc
    .record({ matchers: fc.array(matchers, { minLength: 1, maxLength: 3 }), startsAt: instants, endsAt: instants })
    .filter(({ startsAt, endsAt }) => startsAt < endsAt),
  { maxLength: 60 },
);

/** The definition: every silence is asked. */
function scan(all: readonly Silence[], labels: Labels, now: string): readonly string[] {
  return all
    .filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)
    .filter((one) => {
      const compiled = compileMatchers(one.matchers);
      return compiled.ok && matchesAll(compiled.value, labels);
    })
    .map(({ id }) => id)
    .sort();
}

describe('the index', () => {
  it('finds a silence once when the value is shorter than what another looks for', () => {
    const all = [
      silence({ id: 'short', matchers: [matcher('x', '=~', 'a.*')] }),
      silence({ id: 'long', matchers: [matcher('x', '=~', 'ab.+')] }),
      silence({ id: 'twice', matchers: [matcher('x', '=~', 'a|a')] }),
    ];
    expect(findCandidates(compileSilences(all).index, { x: 'a' }).sort()).toEqual([0, 2]);
  });

  it('finds exactly what asking every silence finds', () => {
    fc.assert(
      fc.property(silences, fc.dictionary(names, values), instants, (shapes, labels, now) => {
        const all = shapes.map((shape, i) => silence({ ...shape, id: `s${i}` }));
        const found = activeSilencesFor(compileSilences(all), labels, now);
        expect(found.map(({ id }) => id).sort()).toEqual(scan(all, labels, now));
        expect(found.map(({ endsAt }) => endsAt)).toEqual(
          found
            .map(({ endsAt }) => endsAt)
            .sort()
            .reverse(),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['by a value', (i: number) => [matcher('alertname', '=', 'Disk'), matcher('instance', '=', `web-${i}.eu`)]],
    ['by what a value begins with', (i: number) => [matcher('instance', '=~', `web-${i}\\..*`)]],
    [
      'by their other matchers where many name the same value',
      (i: number) => [matcher('alertname', '=', 'Disk'), matcher('instance', '=~', `(web-${i})\\..*`), ...zones(i)],
    ],
  ])('looks at no more silences when there are ten times as many for other things: %s', (_, matchersOf) => {
    const lookedAt = (count: number) => {
      const all = Array.from({ length: count }, (_, i) => silence({ id: `s${i}`, matchers: matchersOf(i) }));
      const labels = { alertname: 'Disk', instance: 'web-7.eu', zone: 'zone-7', rack: 'rack-0', row: 'row-0' };
      return findCandidates(compileSilences(all).index, labels);
    };
    expect([lookedAt(1_000), lookedAt(10_000)]).toEqual([[7], [7]]);
  });
});

/** No value of these is rare, but their combination is. */
const zones = (i: number) => [
  matcher('zone', '=', `zone-${i % 100}`),
  matcher('rack', '=', `rack-${Math.floor(i / 100) % 10}`),
  matcher('row', '=', `row-${Math.floor(i / 1_000)}`),
];
