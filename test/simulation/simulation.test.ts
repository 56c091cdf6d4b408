import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { PartitionQuery, Table } from '#shared/store/table.ts';
import { pageName, pagesOf, type Window } from './expected-pages.ts';
import { mutants } from './mutant-list.ts';
import { Roster } from './roster.ts';
import { run } from './run.ts';
import { simulate } from './simulate.ts';

/** `npm run simulate` and CI run many more seeds, and `npm run mutants` shows what the checks notice. */
describe('a simulated run', () => {
  it.each([101, 102, 103])('of seed %i keeps every promise', async (seed) => {
    const { violations, alertChanges, pages } = await simulate(seed);

    expect(violations).toEqual([]);
    expect(alertChanges).toBeGreaterThanOrEqual(200);
    expect(pages).toBeGreaterThan(10);
  });

  it('is the same each time that its seed is run', async () => {
    const ledgerOf = async (seed: number) => sha256Hex(JSON.stringify((await run(seed)).world.ledger));
    const first = await ledgerOf(104);

    expect(await ledgerOf(104)).toBe(first);
    expect(await ledgerOf(101)).not.toBe(first);
  });

  it('fails when the product suppresses everything', async () => {
    const { violations } = await simulate(105, { wrapTable: withCatchAllSilence });

    expect(violations.some((each) => each.endsWith('is suppressed by everything, a silence that nobody made'))).toBe(
      true,
    );
  });

  it('fails when a lane sends nothing', async () => {
    const idle = () => async () => ({ batchItemFailures: [] });

    const { violations } = await simulate(106, { functions: { 'notify-pagerduty': idle } });

    expect(violations).toEqual([expect.stringMatching(/^pagerduty: 0 of \d+ pages were handed over$/)]);
  });
});

/** Every alert matches a silence that is on no person's list. */
function withCatchAllSilence(table: Table): Table {
  const everything = {
    pk: 'SILENCES',
    sk: 'SILENCE#everything',
    kind: 'silence',
    schema: 1,
    version: 1,
    id: 'everything',
    matchers: [{ name: 'alertname', operator: '!=', value: '' }],
    startsAt: '2026-01-01T00:00:00.000Z',
    endsAt: '2027-01-01T00:00:00.000Z',
    createdBy: 'nobody',
    comment: '',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  };
  return {
    ...table,
    get: async (keys) => {
      const items = await table.get(keys);
      return items.map((item, i) =>
        keys[i]?.pk === 'SILENCE-VERSION' ? (item ?? { pk: keys[i].pk, sk: keys[i].sk, version: 1 }) : item,
      );
    },
    query: async (query: PartitionQuery) => {
      const page = await table.query(query);
      return query.pk === 'SILENCES' && page.next === null ? { ...page, items: [...page.items, everything] } : page;
    },
  };
}

describe('the pages that the reference expects', () => {
  const minute = 60_000;
  /** Alice's turn begins. */
  const zero = Date.parse('2026-03-01T23:00:00Z');
  const at = (instant: number) => ({ from: instant, by: instant });
  const window = (override: Partial<Window>): Window => ({
    incident: 1,
    generation: 1,
    severity: 'SEV1',
    begins: zero,
    start: at(zero),
    first: at(0),
    escalatedAt: [],
    end: null,
    ...override,
  });
  const page = (step: number, round: number, target: string) =>
    pageName({ incident: 1, generation: 1, step, round, target });
  const first = [page(1, 1, 'person:alice'), page(1, 1, 'pagerduty:platform')];
  const second = [page(2, 1, 'person:bob'), page(2, 1, 'person:bob:sns:bob-phone')];
  const third = page(3, 1, 'person:carol');
  /** Of a window that ends so many milliseconds after zero. */
  const pagesUntil = (millis: number, override: Partial<Window> = {}, roster?: Roster) =>
    pagesOf(window({ end: zero + millis, ...override }), zero + millis, roster);

  it('are those of the first step at once, and of the next one only when it was surely due', () => {
    expect(pagesUntil(1)).toEqual({ must: first, may: first });
    expect(pagesUntil(9 * minute)).toEqual({ must: first, may: [...first, ...second] });
    expect(pagesUntil(11 * minute)).toEqual({ must: [...first, ...second], may: [...first, ...second, third] });
  });

  it('come one step sooner when a person escalates', () => {
    const pages = [...first, ...second];

    expect(pagesUntil(2 * minute, { escalatedAt: [zero + minute] })).toEqual({ must: pages, may: pages });
  });

  it('begin with a later step in a generation that a person opened by escalating', () => {
    expect(pagesUntil(1, { first: at(2) })).toEqual({ must: [third], may: [third] });
    expect(pagesUntil(1, { first: { from: 1, by: 2 } })).toEqual({ must: [], may: [...second, third] });
  });

  it('go to whoever took over last, and may go to either while it is open what Tocsin had read', () => {
    const erin = {
      person: 'erin',
      from: zero - minute,
      until: zero + minute,
      madeAt: zero - 5 * minute,
      cancelledAt: null,
    };
    const dave = { ...erin, person: 'dave', madeAt: zero - 3 * minute };
    const step1 = (...people: readonly string[]) => [
      ...people.map((person) => page(1, 1, `person:${person}`)),
      page(1, 1, 'pagerduty:platform'),
    ];

    expect(pagesUntil(1, {}, new Roster([dave, erin])).must).toEqual(step1('dave'));
    expect(pagesUntil(1, {}, new Roster([erin, { ...dave, cancelledAt: zero - 2 * minute }])).must).toEqual(
      step1('erin'),
    );
    const justMade = pagesUntil(1, {}, new Roster([erin, { ...dave, madeAt: zero - 1 }]));
    expect({ must: justMade.must, may: justMade.may.toSorted() }).toEqual({
      must: step1(),
      may: step1('dave', 'erin').toSorted(),
    });
  });
});

describe('each mutant', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'changes a text that the product has once: %s',
    (_name, { file, text, replacement }) => {
      const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

      expect(source.split(text).length - 1).toBe(1);
      expect(replacement).not.toBe(text);
    },
  );
});
