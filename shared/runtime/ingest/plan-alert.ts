import type { AlertRecord, AlertStatus } from '../../alert/alert.ts';
import { beginFlapping, countBeginning, keepBeginnings } from '../../alert/flapping.ts';
import type { FlappingRule } from '../../alert/flapping-rule.ts';
import { nameSuppression, sameSuppression } from '../../alert/suppression.ts';
import { type Incident, keepsMembers } from '../../incident/incident.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Judgement } from '../../route/judge-alert.ts';
import type { RoutedAlert } from '../../route/route.ts';
import type { SilenceIndex } from '../../silence/silence-index.ts';
import { flapBegun, flapSuppressed, type PlannedFlap, planFlapping } from './plan-flapping.ts';
import { planUnmuted, type Rising, withMutedUntil } from './plan-unmuted.ts';
import type { AlertTask, Proposal } from './propose.ts';
import { releasedBy } from './released-by.ts';

export interface Leaving {
  readonly incidentId: string;
  readonly how: 'resolved' | 'went quiet' | 'suppressed';
}

/** What becomes of one alert; what becomes of the incidents that it joins and leaves is decided with all of its unit. */
export interface PlannedAlert {
  readonly task: AlertTask;
  readonly before: AlertRecord | null;
  /** Null for a late copy, which changes nothing. */
  readonly after: AlertRecord | null;
  readonly joins: readonly RoutedAlert[];
  readonly leaves: readonly Leaving[];
  /** Null: written without a row of the ledger. */
  readonly row: PlannedRow | null;
  /** It begins to flap with this, or ceases to; absent: neither. */
  readonly flap?: PlannedFlap;
  /** What held it back until now, in words; absent: nothing that people made. */
  readonly released?: string;
  /** Incidents that it stays in and raises. Absent: none. */
  readonly rises?: readonly Rising[];
}

/** A row of the intake ledger, but for what only the incident's decision knows: its number, and who opened it. */
export interface PlannedRow {
  readonly status: AlertStatus;
  readonly outcome: 'joined' | 'updated' | 'resolved' | 'suppressed' | 'late copy';
  readonly why: string;
  /** Incidents that it stays in, and that nothing else tells of. */
  readonly keptIn?: readonly string[];
}

export interface PlanContext {
  readonly judge: (alert: AlertRecord) => Judgement;
  /** The incidents that the alerts are attached to, as loaded. */
  readonly attached: ReadonlyMap<string, Incident>;
  readonly flapping: FlappingRule;
  readonly silences: SilenceIndex | null;
  readonly now: Instant;
}

/** Null: nothing to write. Invariant: what comes out as firing is attached (joins, or stays) or suppressed. */
export function planAlert(
  task: AlertTask,
  before: AlertRecord | null,
  proposal: Proposal,
  context: PlanContext,
): PlannedAlert | null {
  const held = planFlapping(task, before, proposal, context);
  if (held !== 'steady') return held;
  const unattached = { task, before, joins: [], leaves: [] };
  switch (proposal.kind) {
    case 'none':
      return null;
    case 'store':
      return { ...unattached, after: proposal.after, row: null };
    case 'late copy':
      return { ...unattached, after: null, row: { status: proposal.status, outcome: 'late copy', why: proposal.why } };
    case 'end': {
      const how = proposal.wentQuiet ? 'went quiet' : 'resolved';
      const row = { status: 'resolved', outcome: 'resolved', why: proposal.why } as const;
      return {
        task,
        before,
        after: keepBeginnings(before, detached(proposal.after, before)),
        joins: [],
        leaves: leavings(before, how, context),
        row,
      };
    }
    case 'fire':
      return planFiring(
        {
          task,
          before,
          after: countBeginning(before, proposal.after, context.flapping, context.now),
          why: proposal.why,
        },
        context,
      );
    case 'judge again':
      return planJudgedAgain({ task, before, after: proposal.after, why: proposal.why }, context);
  }
}

interface Firing {
  readonly task: AlertTask;
  readonly before: AlertRecord | null;
  readonly after: AlertRecord;
  readonly why: string;
}

/** Silences are looked at first; what none holds back is attached by its routes. */
function planFiring({ task, before, after, why }: Firing, context: PlanContext): PlannedAlert {
  const judgement = context.judge(after);
  if (judgement.kind === 'suppressed') return planSuppressed({ task, before, after, why }, judgement, [], context);
  const { routes } = judgement;
  const joining = { ...detached(withMutedUntil(after, judgement), before), ...routeOf(routes), suppressedBy: null };
  const stored = beginFlapping(joining, context.flapping, context.now);
  const flap = flapBegun(stored);
  const flaps = flap === null ? '' : '; it flaps from now on, so its changes are held until it is calm';
  return {
    task,
    before,
    after: stored,
    joins: routes,
    leaves: [],
    row: { status: 'firing', outcome: 'joined', why: `${why}; ${judgement.why}${flaps}` },
    ...(flap === null ? {} : { flap }),
  };
}

function planSuppressed(
  { task, before, after, why }: Firing,
  judgement: Extract<Judgement, { kind: 'suppressed' }>,
  leaves: readonly Leaving[],
  context: PlanContext,
): PlannedAlert {
  const flap = flapSuppressed(before, context);
  const out = { ...detached(withMutedUntil(after, judgement), before), suppressedBy: judgement.suppression };
  return {
    task,
    before,
    after: flap === null ? out : keepBeginnings(before, out),
    joins: [],
    leaves,
    row: { status: 'firing', outcome: 'suppressed', why: `${why}; ${judgement.why}` },
    ...(flap === null ? {} : { flap }),
  };
}

function planJudgedAgain(firing: Firing, context: PlanContext): PlannedAlert | null {
  const { task, before, after } = firing;
  const judgement = context.judge(after);
  const leaves = leavings(before, 'suppressed', context);
  const earlier = before?.suppressedBy ?? null;
  if (judgement.kind === 'routed') {
    if (before !== null && earlier === null && leaves.length > 0) {
      // In an open incident it stays there, whatever its routes say today; but one that was muted may tell now.
      const { mutedUntil } = before;
      const isMuted = mutedUntil === undefined || context.now < mutedUntil;
      return isMuted ? null : planUnmuted({ ...firing, before }, judgement, context);
    }
    const why = earlier === null ? 'it was in no incident' : `${nameSuppression(earlier)} no longer holds it back`;
    const planned = planFiring({ ...firing, why: `${firing.why}, and ${why}` }, context);
    const released = releasedBy(earlier, context.silences);
    return released === null ? planned : { ...planned, released };
  }
  const { suppression } = judgement;
  if (earlier === null) return planSuppressed(firing, judgement, leaves, context);
  if (sameSuppression(earlier, suppression)) return null;
  return { task, before, after: { ...after, suppressedBy: suppression }, joins: [], leaves: [], row: null };
}

const routeOf = (routed: readonly RoutedAlert[]) => ({
  routePath: routed[0]?.routePath ?? null,
  unrouted: routed.some((route) => route.unrouted),
});

/** In no incident now; the ones that it was in are remembered, so that it returns to them as no stranger. */
function detached(after: AlertRecord, before: AlertRecord | null): AlertRecord {
  const earlier =
    before === null ? [] : before.incidentIds.length > 0 ? before.incidentIds : (before.lastIncidentIds ?? []);
  return { ...after, incidentIds: [], ...(earlier.length === 0 ? {} : { lastIncidentIds: earlier }) };
}

const leavings = (before: AlertRecord | null, how: Leaving['how'], { attached }: PlanContext): readonly Leaving[] =>
  (before?.incidentIds ?? []).flatMap((incidentId) => {
    const incident = attached.get(incidentId);
    return incident && keepsMembers(incident) ? [{ incidentId, how }] : [];
  });
