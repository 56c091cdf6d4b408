import type { PageRow } from '#shared/notification/page.ts';
import type { PredictedMoment } from '#shared/prediction/prediction.ts';

/** The page ledger against what was predicted of it. */

export type LedgerPage = Pick<
  PageRow,
  'generation' | 'step' | 'round' | 'target' | 'owedAt' | 'notBeforeAt' | 'deadlineAt'
>;

export interface Comparison {
  readonly moments: readonly PredictedMoment[];
  readonly ledger: readonly LedgerPage[];
  /** From here on somebody or something acted that no prediction knows of, or it is now. */
  readonly until: string;
  readonly toleranceSeconds: number;
}

interface Due {
  readonly name: string;
  readonly owedAt: string;
  readonly sentAt: string;
  readonly deadlineAt: string;
}

/** One sentence for each difference; empty: what was owed is what was predicted. */
export function predictionDifferences({ moments, ledger, until, toleranceSeconds }: Comparison): readonly string[] {
  const predicted = moments.flatMap((moment) =>
    moment.kind !== 'step'
      ? []
      : moment.pages.map(
          ({ target, sentAt, deadlineAt }): Due => ({
            name: nameOf({ ...moment, target }),
            owedAt: moment.at,
            sentAt,
            deadlineAt,
          }),
        ),
  );
  const owed = ledger.map(
    (page): Due => ({
      name: nameOf(page),
      owedAt: page.owedAt,
      sentAt: page.notBeforeAt ?? page.owedAt,
      deadlineAt: page.deadlineAt,
    }),
  );
  const find = (dues: readonly Due[], { name }: Due) => dues.find((each) => each.name === name);
  const off = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) > toleranceSeconds * 1_000;
  const surely = (at: string) => Date.parse(at) + toleranceSeconds * 1_000 < Date.parse(until);
  return [
    ...owed
      .filter((page) => page.owedAt < until)
      .flatMap((page) => {
        const told = find(predicted, page);
        if (told === undefined) return [`${page.name} was owed at ${page.owedAt}, and nobody predicted it`];
        const fields = ['owedAt', 'sentAt', 'deadlineAt'] as const;
        const wrong = fields.filter((field) => off(page[field], told[field]));
        return wrong.map((field) => `${page.name}: ${field} is ${page[field]}, predicted was ${told[field]}`);
      }),
    ...predicted
      .filter((page) => surely(page.owedAt) && find(owed, page) === undefined)
      .map((page) => `${page.name} was predicted for ${page.owedAt}, and is not in the ledger`),
  ];
}

const nameOf = ({ generation, step, round, target }: Pick<LedgerPage, 'generation' | 'step' | 'round' | 'target'>) =>
  `page ${generation}.${step}.${round} to ${target}`;
