import type { Policy } from '../config/policy.ts';
import type { Incident } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';
import type { PageRow } from '../notification/page.ts';
import { describePage } from './describe-page.ts';
import type { PredictedStep } from './prediction.ts';

/**
 * Which pages of steps that ran are still to come? Those of later contact methods whose time is not here yet, unless somebody has
 * acknowledged: each as a step of its own, at the instant at which it ran.
 */
export function pendingPages(
  { status, generation }: Pick<Incident, 'status' | 'generation'>,
  owed: readonly PageRow[],
  { now, policy }: { readonly now: Instant; readonly policy: Policy },
): readonly PredictedStep[] {
  if (status !== 'triggered') return [];
  return owed
    .filter((row) => row.state === 'pending' && row.generation === generation && (row.notBeforeAt ?? row.owedAt) > now)
    .map((row) => ({
      kind: 'step',
      at: row.owedAt,
      generation,
      step: row.step,
      round: row.round,
      pages: [describePage(row, { target: row.pageTarget, ...(row.person && { person: row.person }) }, policy)],
      informs: [],
      skipped: [],
    }));
}
