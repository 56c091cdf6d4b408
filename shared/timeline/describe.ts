import { exhaustive } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { describeDeadline } from './describe-deadline.ts';
import { describeEscalation } from './describe-escalation.ts';
import { describeTarget } from './describe-target.ts';
import type { Commit, GenerationCause, IncidentEvent } from './events.ts';

type EventOf<Type extends IncidentEvent['type']> = Extract<IncidentEvent, { type: Type }>;

/**
 * One English sentence for one event: for thread, command line and postmortem. Plain text: names and notes are as people
 * wrote them, so the caller escapes for its medium. The instant is the commit's.
 */
export function describeEvent(event: IncidentEvent, commit: Commit): string {
  switch (event.type) {
    case 'IncidentTriggered':
      return `Triggered as ${event.severity}: ${event.title} (source ${event.source}, route ${event.routePath}).`;
    case 'AlertsJoined':
      return `${alerts(event.count)} began to fire${event.fresh < event.count ? `, ${event.count - event.fresh} of them again` : ''}${describeReleased(event)}.`;
    case 'AlertsResolved':
      return event.wentQuiet
        ? `${alerts(event.count)} ended because the source went quiet about ${event.count === 1 ? 'it' : 'them'}.`
        : `${alerts(event.count)} resolved.`;
    case 'AlertsSuppressed':
      return describeSuppressed(event);
    case 'FlappingBegan':
      return describeFlapping(event);
    case 'FlappingEnded':
      return describeCalm(event);
    case 'IncidentEscalated':
      return describeEscalation(event);
    case 'TimerSet':
    case 'IncidentAcknowledged':
    case 'AcknowledgementExpiring':
    case 'DeadlineMissed':
    case 'UpdateDue':
    case 'PolicyMoved':
      return describeDeadline(event);
    case 'AcknowledgementExpired':
      return 'The acknowledgement expired.';
    case 'SeverityChanged':
      return `Severity ${event.to < event.from ? 'raised' : 'lowered'} from ${event.from} to ${event.to} by ${event.by.name}.`;
    case 'GenerationStarted':
      return `Triggered again, because ${generationCauses[event.cause]}.`;
    case 'IncidentReopened':
      return describeReopening(event);
    case 'IncidentResolved':
      return describeResolve(event);
    case 'IncidentClosed':
      return `Closed by ${event.by.name}.`;
    case 'NoteAdded':
      return `${event.by.name} noted: ${event.text}`;
    case 'StatusPublished':
      return `${event.by.name} told the public (${event.status}): ${event.text}`;
    case 'PostmortemDrafted':
      return `Postmortem drafted by ${event.by.name}.`;
    case 'FallbackPaged':
      return describeFallback(event);
    case 'PageHandedOver':
      return `The page to ${describeTarget(event.target)} was handed over at ${commit.at}.`;
    case 'PageCancelled':
      return `The page to ${describeTarget(event.target)} was not sent: ${cancelReasons[event.reason]}.`;
    default:
      return exhaustive(event);
  }
}

/** Such as ` (held back until now by silence 01JS by alice, ended by bob)`. */
const describeReleased = ({ released = [] }: EventOf<'AlertsJoined'>): string =>
  released.length === 0 ? '' : ` (held back until now by ${released.join('; ')})`;

function describeSuppressed({
  count,
  silenceIds,
  silencedBy = [],
  otherwiseBy = [],
}: EventOf<'AlertsSuppressed'>): string {
  const silenced =
    silenceIds.length === 0
      ? []
      : [`silenced by ${silenceIds.join(', ')}${silencedBy.length === 0 ? '' : ` (made by ${silencedBy.join(', ')})`}`];
  const others = otherwiseBy.length === 0 ? [] : [`suppressed by ${otherwiseBy.join(', ')}`];
  return `${alerts(count)} ${[...silenced, ...others].join(' and ')}.`;
}

function describeFlapping({ alerts: begun, since, transitions }: EventOf<'FlappingBegan'>): string {
  const flap = begun.length === 1 ? 'flaps' : 'flap';
  return `${alerts(begun.length)} ${flap} since ${since}: ${changes(transitions)}. The incident is held open until it is calm.`;
}

function describeCalm({ alerts: ended, cause, transitions }: EventOf<'FlappingEnded'>): string {
  const who = alerts(ended.length);
  const counted = `after ${changes(transitions)}`;
  return cause === 'calm'
    ? `${who} ${ended.length === 1 ? 'is' : 'are'} calm ${counted}.`
    : `${who} no longer ${ended.length === 1 ? 'counts' : 'count'} as flapping ${counted}, being suppressed.`;
}

const changes = (count: number): string => `${count} changes of status`;

const alerts = (count: number): string => (count === 1 ? '1 alert' : `${count} alerts`);

const generationCauses: Readonly<Record<GenerationCause, string>> = {
  'acknowledgement expired': 'the acknowledgement expired',
  'severity rose': 'the severity rose',
  're-opened': 'it was re-opened',
  'resolve deadline passed': 'it was not resolved within the time of its severity',
  'escalated by a person': 'a person escalated it after the acknowledgement',
};

const cancelReasons: Readonly<Record<EventOf<'PageCancelled'>['reason'], string>> = {
  acknowledged: 'the incident was acknowledged before',
  resolved: 'the incident was resolved before',
  'severity never pages': 'the severity was changed to one that never pages',
  superseded: 'the incident was triggered again before, and pages anew',
};

function describeReopening({ cause, flapping, cooldownUntil }: EventOf<'IncidentReopened'>): string {
  const because = cause === 'hold ended' ? 'alerts still fire after the hold' : 'an alert fired again';
  if (cooldownUntil !== undefined) {
    return `Re-opened, because ${because}. It was told before, so the next page waits for the route's cooldown until ${cooldownUntil}.`;
  }
  return `Re-opened, because ${because}.${flapping ? ' It was paged a short time ago, so the next page waits.' : ''}`;
}

function describeResolve({ by, reason, stillFiring, heldUntil }: EventOf<'IncidentResolved'>): string {
  const personal = reason === 'by a person' || reason === 'by PagerDuty';
  const how = personal ? ` by ${by.name}${reason === 'by PagerDuty' ? ' in PagerDuty' : ''}` : `: ${reason}`;
  return `Resolved${how}.${heldUntil === null ? '' : describeHold(stillFiring, heldUntil)}`;
}

const describeHold = (stillFiring: number, heldUntil: Instant): string =>
  stillFiring === 1
    ? ` 1 alert still fires and is held; the incident re-opens at ${heldUntil} if it still does.`
    : ` ${stillFiring} alerts still fire and are held; the incident re-opens at ${heldUntil} if they still do.`;

function describeFallback({ reason, target, step }: EventOf<'FallbackPaged'>): string {
  switch (reason) {
    case 'nobody acknowledged':
      return 'The fallback was paged, because nobody acknowledged.';
    case 'deadline passed':
      return `The fallback was paged in place of ${told(target)}: the page of step ${step} was not handed over by its deadline.`;
    case 'dead-lettered':
      return `The fallback was paged in place of ${told(target)}: the page of step ${step} could not be delivered.`;
    case 'target is gone':
      return `The fallback was paged in place of ${told(target)}: step ${step} cannot reach them.`;
    case 'nobody on call':
      return `The fallback was paged in place of ${told(target)}: step ${step} found nobody to page.`;
  }
}

const told = (target: string | null): string => (target === null ? 'everybody' : describeTarget(target));
