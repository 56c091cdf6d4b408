import { assert, exhaustive } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Commit, IncidentEvent } from '../timeline/events.ts';
import {
  beginAcknowledgement,
  countStep,
  countUpdate,
  evolveDeadlines,
  forgetGeneration,
  restartDeadlines,
} from './evolve-deadlines.ts';
import { evolveEscalation, noEscalation } from './evolve-escalation.ts';
import { evolveFlapping } from './evolve-flapping.ts';
import { type AlertSummary, type Incident, sampleLimit } from './incident.ts';

/** What an event does not hold because its commit does. */
export interface EventMeta {
  readonly incidentId: string;
  /** Of the commit: the incident's version after it. */
  readonly version: number;
  readonly at: Instant;
  readonly commandId: string | null;
}

/** How many commands are remembered, so that a retried one is recognised. */
const rememberedCommands = 20;

/**
 * The state after one event of the timeline. Total over all events; outcomes of pages change nothing.
 * @throws InvariantError for an unknown event, for an incident that does not begin with IncidentTriggered, for a
 * negative number of firing alerts
 */
export function evolve(incident: Incident | null, event: IncidentEvent, meta: EventMeta): Incident {
  const changed = incident === null ? open(event, meta) : apply(incident, event, meta.at);
  const recent = changed.recentCommandIds;
  const remembers = meta.commandId === null || recent.includes(meta.commandId);
  return {
    ...changed,
    version: meta.version,
    recentCommandIds: remembers ? recent : [...recent, meta.commandId].slice(-rememberedCommands),
  };
}

/** The state after all events of one commit. */
export function evolveAll(incident: Incident | null, events: readonly IncidentEvent[], meta: EventMeta): Incident {
  const after = events.reduce<Incident | null>((state, event) => evolve(state, event, meta), incident);
  assert(after, 'a commit has at least one event');
  return after;
}

/** The state that a whole timeline tells: of its state commits, in order and without a gap. */
export function foldTimeline(commits: readonly Commit[]): Incident {
  const states = commits.filter(({ part }) => part === '').sort((a, b) => a.version - b.version);
  const folded = states.reduce<Incident | null>((incident, { incidentId, version, at, commandId, events }) => {
    assert(version === (incident?.version ?? 0) + 1, `the timeline of ${incidentId} has a gap before ${version}`);
    return evolveAll(incident, events, { incidentId, version, at, commandId });
  }, null);
  assert(folded, 'a timeline has at least one state commit');
  return folded;
}

function open(event: IncidentEvent, { incidentId, version, at }: EventMeta): Incident {
  assert(event.type === 'IncidentTriggered', `an incident begins with IncidentTriggered, not ${event.type}`);
  const { type: _, ...opening } = event;
  return {
    ...opening,
    schema: 1,
    version,
    id: incidentId,
    status: 'triggered',
    generation: 1,
    timerPart: 0,
    dueAt: null,
    openedAt: at,
    triggeredAt: at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    firstAcknowledgedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    resolveReason: null,
    heldUntil: null,
    closedAt: null,
    firstStepPagedAt: null,
    reopenings: 0,
    escalation: noEscalation,
    firing: 0,
    alertsTotal: 0,
    sample: [],
    statusUpdate: null,
    recentCommandIds: [],
  };
}

function apply(incident: Incident, event: IncidentEvent, at: Instant): Incident {
  switch (event.type) {
    case 'IncidentTriggered':
      assert(false, `${incident.id} is triggered twice`);
      break;
    case 'AlertsJoined':
      return {
        ...incident,
        firing: incident.firing + event.count,
        alertsTotal: incident.alertsTotal + event.fresh,
        sample: joinSample(incident.sample, event.sample),
      };
    case 'AlertsResolved':
    case 'AlertsSuppressed':
      return removeFiring(incident, event);
    case 'FlappingBegan':
    case 'FlappingEnded':
      return evolveFlapping(incident, event);
    case 'IncidentEscalated':
      return countStep(evolveEscalation(incident, event, at));
    case 'GenerationStarted':
      return forgetGeneration(evolveEscalation(incident, event, at));
    case 'DeadlineMissed':
    case 'AcknowledgementExpiring':
    case 'UpdateDue':
      return evolveDeadlines(incident, event, at);
    case 'TimerSet':
      return { ...incident, dueAt: event.dueAt, timerPart: event.part };
    case 'IncidentAcknowledged':
      return {
        ...beginAcknowledgement(incident, event.renews === true, at),
        status: 'acknowledged',
        acknowledgedAt: at,
        acknowledgedBy: event.by,
        firstAcknowledgedAt: incident.firstAcknowledgedAt ?? at,
      };
    case 'SeverityChanged':
      return restartDeadlines({ ...incident, severity: event.to, pinned: event.pinned }, at);
    case 'PolicyMoved':
      return restartDeadlines({ ...incident, pinned: event.pinned }, at);
    case 'IncidentReopened':
      return { ...incident, ...notResolved, status: 'triggered', reopenings: incident.reopenings + 1 };
    case 'IncidentResolved':
      return {
        ...incident,
        status: 'resolved',
        resolvedAt: at,
        resolvedBy: event.by,
        resolveReason: event.reason,
        heldUntil: event.heldUntil,
      };
    case 'IncidentClosed':
      return { ...incident, status: 'closed', closedAt: at };
    case 'StatusPublished':
      return countUpdate({ ...incident, statusUpdate: { status: event.status, text: event.text, at } }, at);
    case 'NoteAdded':
      return countUpdate(incident, at);
    case 'FallbackPaged': {
      const fallbackUsed = incident.escalation.fallbackUsed || event.reason === 'nobody acknowledged';
      return { ...incident, escalation: { ...incident.escalation, fallbackUsed } };
    }
    case 'AcknowledgementExpired':
    case 'PostmortemDrafted':
    case 'PageHandedOver':
    case 'PageCancelled':
      return incident;
    default:
      return exhaustive(event);
  }
}

const notResolved = { resolvedAt: null, resolvedBy: null, resolveReason: null, heldUntil: null, closedAt: null };

/** A hold ends by itself when nothing fires any more. */
function removeFiring(
  incident: Incident,
  { count, source, fingerprints }: Extract<IncidentEvent, { type: 'AlertsResolved' | 'AlertsSuppressed' }>,
): Incident {
  const firing = incident.firing - count;
  assert(firing >= 0, `${incident.id} would have ${firing} firing alerts`);
  return {
    ...incident,
    firing,
    heldUntil: firing === 0 ? null : incident.heldUntil,
    sample: incident.sample.filter(
      (each) => !fingerprints.includes(each.fingerprint) || (source !== undefined && each.source !== source),
    ),
  };
}

function joinSample(known: readonly AlertSummary[], joined: readonly AlertSummary[]): readonly AlertSummary[] {
  const idOf = ({ source, fingerprint }: AlertSummary) => `${fingerprint} ${source}`;
  const others = known.filter((each) => !joined.some((other) => idOf(other) === idOf(each)));
  const order = (each: AlertSummary) => `${each.startsAt} ${idOf(each)}`;
  return [...others, ...joined].sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, sampleLimit);
}
