import type { Instant } from '../kernel/instant.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { DecisionContext, IncidentDecision } from './commands.ts';
import { timerAt } from './dues.ts';
import { evolve } from './evolve.ts';
import type { Incident } from './incident.ts';

/** A decision in the making: its events so far, and the state that they make, so that each rule sees the present one. */
export interface Draft {
  readonly before: Incident | null;
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
  readonly context: DecisionContext;
}

export const beginDraft = (incident: Incident, context: DecisionContext, ...events: readonly IncidentEvent[]): Draft =>
  addEvents({ before: incident, incident, events: [], context }, ...events);

export const openDraft = (first: IncidentEvent, context: DecisionContext): Draft => ({
  before: null,
  incident: evolveWithin(null, first, null, context),
  events: [first],
  context,
});

export function addEvents(draft: Draft, ...events: readonly IncidentEvent[]): Draft {
  let { incident } = draft;
  for (const event of events) incident = evolveWithin(incident, event, draft.before, draft.context);
  return { ...draft, incident, events: [...draft.events, ...events] };
}

export const acceptDraft = (draft: Draft): IncidentDecision => ({ outcome: 'accepted', events: draft.events });

/**
 * Sets the next instant at which something is due, when it changed or when its timer would not run on: a timer ends with
 * its generation and its part, and waits until the first of what was due before, deadlines and reminders included.
 * `goesOn`: the running timer itself asked, and waits on for the new instant.
 */
export function setTimer(draft: Draft, dueAt: Instant | null, goesOn = false): Draft {
  const { before, incident } = draft;
  const sameGeneration = before !== null && before.generation === incident.generation;
  const wakesAt = timerAt({ ...incident, dueAt });
  const waitsUntil = sameGeneration ? timerAt(before) : null;
  const runsOn = wakesAt === null || goesOn || (waitsUntil !== null && waitsUntil <= wakesAt);
  if (dueAt === incident.dueAt && runsOn && (sameGeneration || wakesAt === null)) return draft;
  const part = goesOn && sameGeneration ? incident.timerPart : incident.timerPart + 1;
  const reminds = wakesAt !== null && wakesAt !== dueAt ? { reminderAt: wakesAt } : {};
  return addEvents(draft, { type: 'TimerSet', dueAt, part, ...reminds });
}

function evolveWithin(
  incident: Incident | null,
  event: IncidentEvent,
  before: Incident | null,
  { now, commandId }: DecisionContext,
): Incident {
  // The id of a new incident is the caller's to give when it saves; no rule looks at it.
  const incidentId = before?.id ?? '';
  return evolve(incident, event, { incidentId, version: (before?.version ?? 0) + 1, at: now, commandId });
}
