import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '#shared/incident/incident.ts';
import type { PageRow, PageState } from '#shared/notification/page.ts';
import { forgetSettled, type PagerDutyTold, planPagerDuty, recordTold } from '#shared/notification/pagerduty-plan.ts';
import { anIncident, aPage } from '#test/support/incident-builders.ts';

const page = (override: Partial<PageRow> & { readonly service?: string } = {}): PageRow => {
  const { service = 'web', ...row } = override;
  return aPage({
    target: `pagerduty:${service}`,
    pageTarget: { kind: 'pagerduty', service },
    lane: 'pagerduty',
    state: 'handed over',
    attempts: 1,
    ...row,
  });
};
const key = (generation: number) => `incident-00000000001:${generation}`;
const step = (action: 'acknowledge' | 'resolve', generation = 1, service = 'web', attempts = 1) => ({
  action,
  service,
  dedupKey: key(generation),
  generation,
  attempts,
});
const told = (action: 'acknowledge' | 'resolve', generation = 1, attempts = 1): PagerDutyTold => ({
  dedupKey: key(generation),
  service: 'web',
  told: action,
  attempts,
});
const settled = (...steps: readonly object[]) => ({ steps, unsettled: false });

const triggered = anIncident();
const acknowledged = anIncident({ status: 'acknowledged' });
const resolved = anIncident({ status: 'resolved' });
const again = anIncident({ generation: 2 });

describe('what PagerDuty is told of an incident', () => {
  it.each<readonly [string, Incident, readonly PageRow[], readonly PagerDutyTold[], object]>([
    ['nothing while it is triggered', triggered, [page()], [], settled()],
    ['the acknowledgement', acknowledged, [page()], [], settled(step('acknowledge'))],
    ['no acknowledgement twice', acknowledged, [page()], [told('acknowledge')], settled()],
    ['the resolve', resolved, [page()], [told('acknowledge')], settled(step('resolve'))],
    ['no resolve twice', resolved, [page()], [told('resolve')], settled()],
    ['the resolve of a closed one', anIncident({ status: 'closed' }), [page()], [], settled(step('resolve'))],
    ['no acknowledgement after a resolve', acknowledged, [page()], [told('resolve')], settled()],
    [
      'every routing key that was used',
      acknowledged,
      [page({ service: 'web' }), page({ service: 'db' })],
      [],
      settled(step('acknowledge', 1, 'db'), step('acknowledge', 1, 'web')),
    ],
    [
      'nothing about a page that was never claimed',
      resolved,
      [page({ state: 'cancelled', attempts: 0 })],
      [],
      settled(),
    ],
    [
      'also a key whose page was cancelled after it may have arrived',
      resolved,
      [page({ state: 'cancelled', attempts: 2 })],
      [],
      settled(step('resolve', 1, 'web', 2)),
    ],
    ['nothing of other lanes', resolved, [aPage({ attempts: 1, state: 'handed over' })], [], settled()],
    [
      'nothing about the earlier generation before the new trigger is accepted',
      again,
      [page(), page({ generation: 2, state: 'pending', attempts: 0 })],
      [told('acknowledge')],
      settled(),
    ],
    [
      'nothing about the earlier generation after a new trigger that failed',
      again,
      [page(), page({ generation: 2, state: 'pending', attempts: 1 })],
      [told('acknowledge')],
      settled(),
    ],
    [
      'the end of the earlier generation once the new trigger is accepted',
      again,
      [page(), page({ generation: 2 })],
      [told('acknowledge')],
      settled(step('resolve')),
    ],
    [
      'no end of another service, whose new trigger was not accepted',
      again,
      [page({ service: 'db' }), page({ service: 'web', generation: 2 })],
      [],
      settled(),
    ],
    [
      'an earlier generation that nobody replaced is acknowledged with the rest',
      { ...again, status: 'acknowledged' },
      [page()],
      [],
      settled(step('acknowledge')),
    ],
    [
      'nothing yet while the trigger is in flight: PagerDuty would drop what overtakes it',
      acknowledged,
      [page({ state: 'claimed' }), page({ service: 'db', state: 'unknown' })],
      [],
      { steps: [], unsettled: true },
    ],
    ['it is settled while a trigger in flight is still wanted', triggered, [page({ state: 'claimed' })], [], settled()],
    [
      'the resolve again, when a trigger was claimed after it',
      resolved,
      [page({ attempts: 2 })],
      [told('resolve', 1, 1)],
      settled(step('resolve', 1, 'web', 2)),
    ],
  ])('is %s', (_name, incident, pages, before, plan) => {
    expect(planPagerDuty(incident, pages, before)).toEqual(plan);
  });

  it('remembers the last word for each key', () => {
    const once = recordTold([], step('acknowledge'));
    expect(recordTold(recordTold(once, step('resolve', 2)), step('resolve'))).toEqual([
      told('resolve', 2),
      told('resolve', 1),
    ]);
  });

  const anyPage = fc
    .record({
      service: fc.constantFrom('web', 'db'),
      generation: fc.integer({ min: 1, max: 3 }),
      round: fc.integer({ min: 1, max: 2 }),
      attempts: fc.integer({ min: 0, max: 3 }),
      state: fc.constantFrom<PageState>('pending', 'claimed', 'unknown', 'handed over', 'cancelled', 'fallback'),
    })
    .map(page);
  const anyState = fc.record({
    status: fc.constantFrom('triggered' as const, 'acknowledged' as const, 'resolved' as const, 'closed' as const),
    generation: fc.integer({ min: 1, max: 3 }),
  });

  it('is nothing more once all of it was told, and never a trigger', () => {
    fc.assert(
      fc.property(fc.array(anyPage, { maxLength: 8 }), fc.array(anyState, { maxLength: 4 }), (pages, states) => {
        let known: readonly PagerDutyTold[] = [];
        for (const state of states) {
          const { steps } = planPagerDuty(anIncident(state), pages, known);
          for (const each of steps) {
            expect(['acknowledge', 'resolve']).toContain(each.action);
            known = recordTold(known, each);
          }
          expect(planPagerDuty(anIncident(state), pages, known).steps).toEqual([]);
        }
      }),
    );
  });

  it('leaves nothing open after a resolve, except what is in flight', () => {
    fc.assert(
      fc.property(fc.array(anyPage, { maxLength: 8 }), (pages) => {
        const plan = planPagerDuty(resolved, pages, []);
        const reached = pages.filter((each) => each.attempts > 0);
        const inFlight = reached.some((each) => each.state === 'claimed' || each.state === 'unknown');
        expect(plan.unsettled).toBe(inFlight);
        if (!inFlight) expect(plan.steps).toHaveLength(new Set(reached.map((e) => `${e.generation} ${e.target}`)).size);
      }),
    );
  });

  it('is the same when what is settled was forgotten', () => {
    const ended = new Set<PageState>(['handed over', 'cancelled', 'fallback']);
    const pageLists = fc
      .array(anyPage, { maxLength: 8 })
      .map((pages) => pages.map((each) => ({ ...each, endedAt: ended.has(each.state) ? each.owedAt : null })));
    fc.assert(
      fc.property(pageLists, fc.array(anyState, { maxLength: 6 }), (pages, states) => {
        let all: readonly PagerDutyTold[] = [];
        let kept = { told: all, settledThrough: 0 };
        for (const state of states) {
          const incident = anIncident(state);
          const plan = planPagerDuty(incident, pages, all);
          expect(planPagerDuty(incident, pages, kept.told, kept.settledThrough)).toEqual(plan);
          all = plan.steps.reduce(recordTold, all);
          kept = forgetSettled(incident.id, pages, { ...kept, told: plan.steps.reduce(recordTold, kept.told) });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is remembered of the generations that may still change, however many there were', () => {
    const generations = Array.from({ length: 200 }, (_, index) => index + 1);
    const pages = generations.map((generation) => page({ generation, endedAt: '2026-11-20T12:00:00.000Z' }));
    let kept: ReturnType<typeof forgetSettled> = { told: [], settledThrough: 0 };
    for (const generation of generations) {
      const soFar = pages.slice(0, generation);
      const { steps } = planPagerDuty(anIncident({ generation }), soFar, kept.told, kept.settledThrough);
      kept = forgetSettled('incident-00000000001', soFar, { ...kept, told: steps.reduce(recordTold, kept.told) });
    }
    expect(kept).toEqual({ told: [], settledThrough: 199 });
  });
});
