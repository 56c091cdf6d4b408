import type { AlertRecord } from '../../alert/alert.ts';
import { endHeld, type Flaps, flapsOf, forgetFlapping, holdChange } from '../../alert/flapping.ts';
import { keepsMembers } from '../../incident/incident.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Leaving, PlanContext, PlannedAlert } from './plan-alert.ts';
import type { AlertTask, Proposal } from './propose.ts';

/** What the alert's incidents are told of its flapping. */
export type PlannedFlap =
  | { readonly change: 'began'; readonly since: Instant; readonly transitions: number }
  | {
      readonly change: 'ended';
      readonly cause: 'calm' | 'suppressed';
      readonly transitions: number;
      readonly incidentIds: readonly string[];
    };

interface Flapping {
  readonly task: AlertTask;
  readonly before: AlertRecord;
  readonly flaps: Flaps;
  /** The incidents that it is a member of, and that keep it. */
  readonly keptIn: readonly string[];
}

/**
 * What becomes of an alert that flaps: a change of status is stored and held, and costs its incident nothing; when it is
 * calm its last status counts. 'steady': it is planned as any other alert.
 */
export function planFlapping(
  task: AlertTask,
  before: AlertRecord | null,
  proposal: Proposal,
  context: PlanContext,
): PlannedAlert | null | 'steady' {
  const flaps = flapsOf(before);
  if (before === null || flaps === null) return 'steady';
  const flapping = { task, before, flaps, keptIn: keepingOf(before, context) };
  switch (proposal.kind) {
    case 'none':
    case 'store':
    case 'late copy':
      return 'steady';
    case 'fire':
    case 'end':
      return flapping.keptIn.length === 0 ? 'steady' : planHeld(flapping, proposal, context);
    case 'judge again':
      return planCalm(flapping, proposal.after, context);
  }
}

function planHeld(
  { task, before, keptIn }: Flapping,
  { after, why }: Extract<Proposal, { kind: 'fire' | 'end' }>,
  { flapping: rule, now }: PlanContext,
): PlannedAlert {
  const held = holdChange(before, after, rule, now);
  const { since, transitions, calmAt } = flapsOf(held) ?? { since: now, transitions: 0, calmAt: now };
  const how = after.status === 'firing' ? 'no page' : 'held';
  return {
    task,
    before,
    after: held,
    joins: [],
    leaves: [],
    row: {
      status: after.status,
      outcome: 'updated',
      why: `${why}; ${how}, because it flaps since ${since} (${transitions} changes), until it is calm at ${calmAt}`,
      keptIn,
    },
  };
}

/** Judged again, because it should be calm by now, or because a silence changed. */
function planCalm(flapping: Flapping, after: AlertRecord, context: PlanContext): PlannedAlert | null | 'steady' {
  const { task, before, flaps, keptIn } = flapping;
  const { heldEnd } = flaps;
  const judgement = context.judge(after);
  if (judgement.kind === 'suppressed') {
    return heldEnd === undefined
      ? 'steady'
      : planEnd(flapping, after, { cause: 'suppressed', why: judgement.why }, context);
  }
  const isCalm = context.now >= flaps.calmAt;
  if (heldEnd !== undefined && (isCalm || keptIn.length === 0)) {
    return planEnd(flapping, after, { cause: 'calm', why: 'it flapped and is calm' }, context);
  }
  if (keptIn.length === 0) return 'steady';
  // A route that was muted tells what fires, also while it flaps: it may be of a worse severity.
  const tellsAgain = before.mutedUntil !== undefined && context.now >= before.mutedUntil;
  if (!isCalm) return tellsAgain && heldEnd === undefined ? 'steady' : null;
  const why = `it flapped ${flaps.transitions} times and is calm; it goes on firing`;
  const row = { status: 'firing', outcome: 'updated', why, keptIn } as const;
  return { task, before, after: forgetFlapping(after), joins: [], leaves: [], row, flap: flapEnded(flapping, 'calm') };
}

/** The end that was held counts now. */
function planEnd(
  flapping: Flapping,
  after: AlertRecord,
  { cause, why }: { readonly cause: 'calm' | 'suppressed'; readonly why: string },
  { now }: PlanContext,
): PlannedAlert {
  const { task, before, flaps, keptIn } = flapping;
  const { heldEnd = { at: now, endsAt: null, reason: 'resolved' as const } } = flaps;
  const how = heldEnd.reason === 'source went quiet' ? 'went quiet' : 'resolved';
  return {
    task,
    before,
    after: { ...endHeld(after, heldEnd, now), lastIncidentIds: before.incidentIds },
    joins: [],
    leaves: keptIn.map((incidentId): Leaving => ({ incidentId, how })),
    row: { status: 'resolved', outcome: 'resolved', why: `${why}; its end at ${heldEnd.at} counts now` },
    flap: flapEnded(flapping, cause),
  };
}

const flapEnded = ({ flaps: { transitions }, keptIn }: Flapping, cause: 'calm' | 'suppressed'): PlannedFlap => ({
  change: 'ended',
  cause,
  transitions,
  incidentIds: keptIn,
});

/** For a suppression that takes an alert that flaps out of its incidents. */
export function flapSuppressed(before: AlertRecord | null, context: PlanContext): PlannedFlap | null {
  const flaps = flapsOf(before);
  if (before === null || flaps === null) return null;
  const { transitions } = flaps;
  return { change: 'ended', cause: 'suppressed', transitions, incidentIds: keepingOf(before, context) };
}

/** For an alert that joins its incidents: whether it flaps from now on. */
export function flapBegun(after: AlertRecord): PlannedFlap | null {
  const flaps = flapsOf(after);
  return flaps === null ? null : { change: 'began', since: flaps.since, transitions: flaps.transitions };
}

const keepingOf = ({ incidentIds }: AlertRecord, { attached }: PlanContext): readonly string[] =>
  incidentIds.filter((incidentId) => {
    const incident = attached.get(incidentId);
    return incident !== undefined && keepsMembers(incident);
  });
