import { scheduleLabel } from '../../config/defaults.ts';
import { usedSchedules } from '../../escalation/used-schedules.ts';
import { addSeconds } from '../../kernel/instant.ts';
import { type CoverageRecord, decideCoverage, toldCoverage } from '../../on-call/coverage-look.ts';
import { gapAnnotations, gapLabels } from '../../on-call/gap-alert.ts';
import { decideShift, type ShiftRecord, shiftLookBackSeconds } from '../../on-call/hand-off.ts';
import type { Override } from '../../on-call/override.ts';
import type { Schedule } from '../../on-call/schedule.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { loadScheduleStates, saveCoverage, saveShift, saveShiftAsked } from '../../store/schedule-state-store.ts';
import { ConditionFailed } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import type { LaneMessage } from '../messages.ts';
import { sendOwnAlerts } from './own-alerts.ts';
import type { SweepRun } from './sweep-run.ts';

type WatchDeps = Pick<Deps, 'table' | 'queues' | 'clock' | 'ids' | 'policy' | 'log'>;

/**
 * Looks at every schedule of the policy file and at those that it no longer names: who is on call now, and, once a day, whether
 * somebody is in the time to come. One query a minute, and a write only when something changes. What is to be told is stored
 * before it is asked for, so that a crash in between tells late and never not at all.
 */
export async function watchSchedules(deps: WatchDeps, run: SweepRun): Promise<void> {
  const { table, policy } = deps;
  const { shifts, coverage } = await loadScheduleStates(table);
  const overrides = await loadOverrides(table, policy, addSeconds(run.now, -shiftLookBackSeconds));
  const used = usedSchedules(policy);
  for (const name of new Set([...Object.keys(policy.schedules), ...shifts.keys(), ...coverage.keys()])) {
    if (!run.hasTime()) return;
    const schedule = policy.schedules[name] ?? null;
    await run.isolate(`shift of ${name}`, () =>
      unlessRaced(() => watchShift(deps, run, { schedule, overrides, before: shifts.get(name) ?? null })),
    );
    const relied = used.has(name) ? schedule : null;
    await run.isolate(`coverage of ${name}`, () =>
      unlessRaced(() =>
        watchCoverage(deps, run, { name, schedule: relied, overrides, before: coverage.get(name) ?? null }),
      ),
    );
  }
}

/** Another run of the sweep was there first, and tells. */
async function unlessRaced(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

interface Watched {
  readonly schedule: Schedule | null;
  readonly overrides: readonly Override[];
}

async function watchShift(
  { table, queues, ids, policy, log }: WatchDeps,
  run: SweepRun,
  { schedule, overrides, before }: Watched & { readonly before: ShiftRecord | null },
): Promise<void> {
  const decision = decideShift(before, schedule, overrides, run.now);
  const shift = decision.outcome === 'accepted' ? decision.after : before;
  if (decision.outcome === 'accepted') {
    await saveShift(table, before, decision.after, policy);
    const { schedule: name, onCall, since } = decision.after;
    log.info('a shift changed', { schedule: name, onCall: onCall?.person ?? null, since });
  }
  if (shift?.untold !== true) return;
  const message: LaneMessage = {
    kind: 'hand-off',
    correlationId: ids.next(),
    schedule: shift.schedule,
    at: shift.since,
    postponed: 0,
  };
  await queues.send('slack-updates', message);
  await saveShiftAsked(table, shift);
}

async function watchCoverage(
  deps: WatchDeps,
  run: SweepRun,
  watched: Watched & { readonly name: string; readonly before: CoverageRecord | null },
): Promise<void> {
  const { table, policy } = deps;
  const { before, schedule } = watched;
  const decision = decideCoverage(before, { ...watched, policy, now: run.now });
  if (decision.outcome !== 'accepted') return;
  const { after } = decision;
  await saveCoverage(table, before, after, policy);
  if (after.toldAt !== null) return;
  const labels = [gapLabels(after.schedule)];
  await sendOwnAlerts(deps, {
    label: scheduleLabel,
    name: after.schedule,
    firing: after.alert === 'firing' ? labels : [],
    ending: after.alert === 'ending' ? labels : [],
    annotations: schedule === null || after.gap === null ? {} : gapAnnotations(schedule, after.gap),
  });
  await saveCoverage(table, after, toldCoverage(after, run.now), policy);
}
