import { describe, expect, it } from 'vitest';
import { predict } from '#shared/prediction/predict.ts';
import { at } from '#test/support/decision-builders.ts';
import { type LedgerPage, predictionDifferences } from '#test/support/prediction-differences.ts';
import { asked, nothingLive, onlyCourse, pagingPolicy } from '#test/support/prediction-kit.ts';

const { moments } = onlyCourse(predict(pagingPolicy, asked(), nothingLive));

const exactly: readonly LedgerPage[] = moments.flatMap((moment) =>
  moment.kind !== 'step'
    ? []
    : moment.pages.map(({ target, deadlineAt }) => {
        const { generation, step, round, at: owedAt } = moment;
        return { generation, step, round, target, owedAt, deadlineAt };
      }),
);
const late = (page: LedgerPage, seconds: number): LedgerPage => ({
  ...page,
  owedAt: new Date(Date.parse(page.owedAt) + seconds * 1_000).toISOString(),
});
const differences = (ledger: readonly LedgerPage[], until = at(86_400)) =>
  predictionDifferences({ moments, ledger, until, toleranceSeconds: 1 });

describe('the comparison of a prediction with the page ledger', () => {
  it('finds nothing where they are equal, or a second apart', () => {
    expect(exactly).toHaveLength(6);
    expect(differences(exactly)).toEqual([]);
    expect(differences(exactly.map((page) => late(page, 1)))).toEqual([]);
  });

  it('finds a page that nobody predicted, one that is missing, and one at another time', () => {
    const [first, ...others] = exactly;
    if (first === undefined) throw new Error('there are pages');
    expect(differences([...exactly, { ...first, target: 'person:eve' }])).toEqual([
      `page 1.1.1 to person:eve was owed at ${at(0)}, and nobody predicted it`,
    ]);
    expect(differences(others)).toEqual([
      `page 1.1.1 to person:alice was predicted for ${at(0)}, and is not in the ledger`,
    ]);
    expect(differences([late(first, 2), ...others])).toEqual([
      `page 1.1.1 to person:alice: owedAt is ${at(2)}, predicted was ${at(0)}`,
      `page 1.1.1 to person:alice: sentAt is ${at(2)}, predicted was ${at(0)}`,
    ]);
  });

  it('looks only as far as nobody acted', () => {
    expect(differences(exactly.slice(0, 3), at(600))).toEqual([]);
    expect(differences(exactly.slice(0, 2), at(600))).toEqual([
      `page 1.2.1 to person:bob was predicted for ${at(300)}, and is not in the ledger`,
    ]);
  });
});
