import { expect, it } from 'vitest';
import { limitPages } from '#shared/escalation/limit-pages.ts';
import type { TargetPlan } from '#shared/escalation/step-plan.ts';
import { pagesPerStepLimit } from '#shared/notification/page.ts';
import { at, owed } from '#test/support/decision-builders.ts';

const dm = (person: string) => owed({ kind: 'person', person, lane: 'slack' }, at(60));
const sms = (person: string) => owed({ kind: 'person', person, lane: 'sns', contact: `${person}-phone` }, at(60));
const planOf = (person: string): TargetPlan => ({ pages: [dm(person), sms(person)], skipped: [], missed: null });

it('owes each page once, and as many as one transaction holds', () => {
  const people = Array.from({ length: pagesPerStepLimit / 2 }, (_, index) => `p${index}`);
  const plans = people.map(planOf);
  expect(limitPages([...plans, ...plans])).toEqual({ pages: plans.flatMap(({ pages }) => pages), skipped: [] });
});

it('pages everybody once before anybody by a second way, and says whom it left out', () => {
  const people = Array.from({ length: pagesPerStepLimit - 1 }, (_, index) => `p${index}`);
  const { pages, skipped } = limitPages(people.map(planOf));
  expect(pages.map(({ target }) => target)).toEqual(
    [dm('p0'), sms('p0'), ...people.slice(1).map(dm)].map(({ target }) => target),
  );
  expect(skipped).toHaveLength(people.length - 1);
  expect(skipped[0]).toEqual({ target: sms('p1').target, named: 'p1 by contact p1-phone', reason: 'too many pages' });
});
