import type { Policy } from '../config/policy.ts';
import { schedulesOf, teamOfSchedule } from '../escalation/used-schedules.ts';
import type { Incident } from '../incident/incident.ts';
import { compareTexts } from '../kernel/compare-texts.ts';
import type { Instant } from '../kernel/instant.ts';

/** What somebody takes over with a shift. */
export interface OpenAtHandOff {
  /** The worst first, then the oldest. */
  readonly triggered: readonly Incident[];
  /** The oldest acknowledgement first: what lies longest is forgotten first. */
  readonly acknowledged: readonly Incident[];
}

/**
 * The open incidents that a change of shift concerns: those whose owner, or whose pinned steps, may come to the schedule. A schedule
 * that is no role of any team hands over all of them.
 */
export function openAtHandOff(
  open: readonly Incident[],
  schedule: string,
  { teams }: Pick<Policy, 'teams'>,
): OpenAtHandOff {
  const all = teamOfSchedule({ teams }, schedule) === null;
  const concerned = open.filter((incident) => all || concerns(incident, schedule, teams));
  return {
    triggered: concerned
      .filter(({ status }) => status === 'triggered')
      .sort(
        (a, b) =>
          compareTexts(a.severity, b.severity) || compareTexts(a.triggeredAt, b.triggeredAt) || a.number - b.number,
      ),
    acknowledged: concerned
      .filter(({ status }) => status === 'acknowledged')
      .sort((a, b) => compareTexts(a.acknowledgedAt ?? '', b.acknowledgedAt ?? '') || a.number - b.number),
  };
}

function concerns({ owner, pinned }: Incident, schedule: string, teams: Policy['teams']): boolean {
  const team = owner === null ? undefined : teams[owner];
  if (team !== undefined && Object.values(team.roles).includes(schedule)) return true;
  const targets = pinned.escalation.steps.flatMap((step) => step.targets);
  // An owner that is still one in pinned steps is nobody: it was replaced by its team where there was one.
  return targets.some((target) => target.kind !== 'owner' && schedulesOf(target, { teams }).includes(schedule));
}

/** Until when the acknowledgement of an acknowledged incident lasts; null: until somebody resolves it. */
export const acknowledgedUntil = ({ status, dueAt }: Incident): Instant | null =>
  status === 'acknowledged' ? dueAt : null;
