import { type OwedPage, pagesPerStepLimit, targetKey } from '../notification/page.ts';
import { describeTarget } from '../timeline/describe-target.ts';
import type { SkippedTarget } from '../timeline/events.ts';
import type { StepPlan, TargetPlan } from './step-plan.ts';

/**
 * The pages of a step, each once: of pages with one identity the earliest counts. One transaction holds only so many; above that
 * each target keeps its first page before any has its second, and what is left out is skipped with that reason. The check of the
 * policy file refuses such a step, but an override can bring somebody whom it did not count.
 * @param atMost fewer than the limit where the transaction opens other incidents, too
 */
export function limitPages(
  plans: readonly TargetPlan[],
  atMost = pagesPerStepLimit,
): Pick<StepPlan, 'pages' | 'skipped'> {
  const pages = withoutRepeats(plans.flatMap((plan) => plan.pages));
  if (pages.length <= atMost) return { pages, skipped: [] };
  const kept = new Set(firstOfEach(plans).slice(0, atMost));
  const left = pages.filter(({ target }) => !kept.has(targetKey(target)));
  return {
    pages: pages.filter(({ target }) => kept.has(targetKey(target))),
    skipped: left.map(
      ({ target }): SkippedTarget => ({ target, named: describeTarget(target), reason: 'too many pages' }),
    ),
  };
}

function withoutRepeats(pages: readonly OwedPage[]): readonly OwedPage[] {
  const byKey = new Map<string, OwedPage>();
  for (const page of pages) {
    const key = targetKey(page.target);
    const known = byKey.get(key);
    if (known === undefined || startOf(page) < startOf(known)) byKey.set(key, page);
  }
  return [...byKey.values()];
}

/** Those at once are before all others. */
const startOf = ({ notBeforeAt }: OwedPage): string => notBeforeAt ?? '';

/** Keys of all pages: the first of every target, then the second of every target, and so on. */
function firstOfEach(plans: readonly TargetPlan[]): readonly string[] {
  const depth = Math.max(...plans.map(({ pages }) => pages.length));
  const byRank = Array.from({ length: depth }, (_, rank) => plans.flatMap(({ pages }) => pages[rank] ?? []));
  return [...new Set(byRank.flat().map(({ target }) => targetKey(target)))];
}
