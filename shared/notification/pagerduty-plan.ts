import type { Incident } from '../incident/incident.ts';
import type { PageRow } from './page.ts';
import { pagerDutyDedupKey } from './pagerduty-event.ts';

/** What PagerDuty was told last about one dedup key, after its trigger. */
export interface PagerDutyTold {
  readonly dedupKey: string;
  readonly service: string;
  readonly told: 'acknowledge' | 'resolve';
  /** Claims of the key's pages when it was told: a later trigger makes it due again. */
  readonly attempts: number;
}

/** One event to send. Never a trigger: a trigger interrupts somebody, so it is a page with a row of its own. */
export interface PagerDutyStep {
  readonly action: 'acknowledge' | 'resolve';
  readonly service: string;
  readonly dedupKey: string;
  readonly generation: number;
  readonly attempts: number;
}

export interface PagerDutyPlan {
  readonly steps: readonly PagerDutyStep[];
  /** A trigger is in flight whose key is due: PagerDuty would drop what overtakes it, so look again when it has ended. */
  readonly unsettled: boolean;
}

interface UsedKey {
  readonly service: string;
  readonly dedupKey: string;
  readonly generation: number;
  readonly attempts: number;
  readonly inFlight: boolean;
  readonly accepted: boolean;
}

/**
 * Which events bring PagerDuty to the incident's present state? Level-triggered: it looks only at what is, so it answers
 * nothing once everything is told, in whatever order and however often it is asked.
 * - Acknowledge and resolve go to every key that may have reached PagerDuty: those of claimed pages, ended or not.
 * - PagerDuty notifies nobody for a trigger on an open alert, so each generation has its own key; the key of an earlier
 *   one is resolved only after the new trigger is accepted, so that there is always one open.
 * - A resolved key is never touched again, unless its page was claimed again since (a late trigger opens it anew).
 * @param settledThrough keys of this generation and all before are resolved for good (`forgetSettled`)
 */
export function planPagerDuty(
  incident: Incident,
  pages: readonly PageRow[],
  told: readonly PagerDutyTold[],
  settledThrough = 0,
): PagerDutyPlan {
  const used = usedKeys(incident.id, pages).filter(({ generation }) => generation > settledThrough);
  const due = used.flatMap((key) => {
    const action = dueAction(incident, key, used);
    return action === null || isTold(told, key, action) ? [] : [{ key, action }];
  });
  return {
    steps: due
      .filter(({ key }) => !key.inFlight)
      .map(({ key: { service, dedupKey, generation, attempts }, action }) => ({
        action,
        service,
        dedupKey,
        generation,
        attempts,
      })),
    unsettled: due.some(({ key }) => key.inFlight),
  };
}

/** What is known after a step was accepted. */
export const recordTold = (told: readonly PagerDutyTold[], step: PagerDutyStep): readonly PagerDutyTold[] => [
  ...told.filter((each) => each.dedupKey !== step.dedupKey || each.service !== step.service),
  { dedupKey: step.dedupKey, service: step.service, told: step.action, attempts: step.attempts },
];

/**
 * What need not be remembered any more: a generation whose pages have all ended, and whose keys are all resolved, has nothing
 * to tell ever again. An alert that flaps for weeks makes thousands of generations, and the lane is one item.
 */
export function forgetSettled(
  incidentId: string,
  pages: readonly PageRow[],
  known: { readonly told: readonly PagerDutyTold[]; readonly settledThrough: number },
): { readonly told: readonly PagerDutyTold[]; readonly settledThrough: number } {
  const living = pages.filter(
    ({ pageTarget, generation }) => pageTarget.kind === 'pagerduty' && generation > known.settledThrough,
  );
  const open = [
    ...living.filter(({ endedAt }) => endedAt === null),
    ...usedKeys(incidentId, living).filter((key) => !isTold(known.told, key, 'resolve')),
  ];
  const firstOpen = Math.min(...open.map(({ generation }) => generation));
  const settled = new Set(living.map(({ generation }) => generation).filter((generation) => generation < firstOpen));
  const keys = new Set([...settled].map((generation) => pagerDutyDedupKey(incidentId, generation)));
  return {
    told: known.told.filter(({ dedupKey }) => !keys.has(dedupKey)),
    settledThrough: Math.max(known.settledThrough, ...settled),
  };
}

/** Oldest generation first, then by service, so that a plan is the same each time. */
function usedKeys(incidentId: string, pages: readonly PageRow[]): readonly UsedKey[] {
  const keys = new Map<string, UsedKey>();
  for (const page of pages) {
    if (page.pageTarget.kind !== 'pagerduty' || page.attempts === 0) continue;
    const { service } = page.pageTarget;
    const known = keys.get(`${page.generation} ${service}`);
    keys.set(`${page.generation} ${service}`, {
      service,
      dedupKey: pagerDutyDedupKey(incidentId, page.generation),
      generation: page.generation,
      attempts: (known?.attempts ?? 0) + page.attempts,
      inFlight: (known?.inFlight ?? false) || page.state === 'claimed' || page.state === 'unknown',
      accepted: (known?.accepted ?? false) || page.state === 'handed over',
    });
  }
  return [...keys.values()].sort(
    (a, b) => a.generation - b.generation || (a.service < b.service ? -1 : a.service > b.service ? 1 : 0),
  );
}

function dueAction(incident: Incident, key: UsedKey, used: readonly UsedKey[]): PagerDutyStep['action'] | null {
  if (incident.status === 'resolved' || incident.status === 'closed') return 'resolve';
  const replaced = used.some(
    (other) => other.service === key.service && other.generation > key.generation && other.accepted,
  );
  if (replaced) return 'resolve';
  return incident.status === 'acknowledged' ? 'acknowledge' : null;
}

const isTold = (told: readonly PagerDutyTold[], key: UsedKey, action: PagerDutyStep['action']) =>
  told.some(
    (each) =>
      each.dedupKey === key.dedupKey &&
      each.service === key.service &&
      each.attempts >= key.attempts &&
      (each.told === 'resolve' || each.told === action),
  );
