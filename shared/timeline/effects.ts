import { incidentName } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Lane, laneOf, type PageId, targetKey } from '../notification/page.ts';
import { describeEvent } from './describe.ts';
import type { Commit, IncidentEvent } from './events.ts';

/** What a commit causes outside. Each is harmless when repeated, because a stream record can come twice. */
export type Effect =
  /** Not sent before `notBeforeAt`; absent: at once. */
  | { readonly kind: 'page'; readonly lane: Lane; readonly page: PageId; readonly notBeforeAt?: Instant }
  | { readonly kind: 'page fallback'; readonly subject: string; readonly text: string }
  | {
      readonly kind: 'start timer';
      /** Of the state machine's execution; a name that exists already is success. */
      readonly name: string;
      readonly input: {
        readonly incidentId: string;
        readonly generation: number;
        readonly part: number;
        readonly ticks: 0;
      };
    }
  | { readonly kind: 'update'; readonly lane: 'slack' | 'pagerduty' | 'status'; readonly incidentId: string }
  /** The whole commit to the topic of incident events. */
  | { readonly kind: 'publish event'; readonly incidentId: string };

/** What cannot wait goes first. */
const order: readonly Effect['kind'][] = ['page', 'page fallback', 'start timer', 'update', 'publish event'];

/** The effects of a whole commit: the most urgent first, updates and publishing once. */
export function effectsOfCommit(commit: Commit): readonly Effect[] {
  const effects = commit.events.flatMap((event) => effectsOf(event, commit));
  const once = new Map(effects.map((effect) => [JSON.stringify(effect), effect]));
  return order.flatMap((kind) => [...once.values()].filter((effect) => effect.kind === kind));
}

/**
 * What one event causes. Everything is shown in Slack; PagerDuty is told what can matter to a key that it may have; the
 * public what was written for it; subscribers all but the setting of timers.
 */
export function effectsOf(event: IncidentEvent, commit: Commit): readonly Effect[] {
  const { incidentId } = commit;
  const effects: Effect[] = [{ kind: 'update', lane: 'slack', incidentId }];
  if (concernsPagerDuty(event)) effects.push({ kind: 'update', lane: 'pagerduty', incidentId });
  if (event.type === 'StatusPublished') effects.push({ kind: 'update', lane: 'status', incidentId });
  if (event.type === 'IncidentEscalated') effects.push(...pageEffects(event, commit));
  if (event.type === 'FallbackPaged') effects.push(fallbackEffect(event, commit));
  if (event.type === 'TimerSet') effects.push(...timerEffects(event, commit));
  else effects.push({ kind: 'publish event', incidentId });
  return effects;
}

/**
 * A page's outcome too: a trigger that was claimed before an acknowledgement reaches PagerDuty after it, and must then be
 * acknowledged; a new generation's trigger lets the earlier key be resolved.
 */
function concernsPagerDuty(event: IncidentEvent): boolean {
  switch (event.type) {
    case 'IncidentAcknowledged':
    case 'IncidentResolved':
    case 'GenerationStarted':
      return true;
    case 'PageHandedOver':
    case 'PageCancelled':
      return event.target.startsWith('pagerduty:');
    case 'FallbackPaged':
      return event.target?.startsWith('pagerduty:') ?? false;
    default:
      return false;
  }
}

const pageEffects = (
  { pages }: Extract<IncidentEvent, { type: 'IncidentEscalated' }>,
  { incidentId, generation }: Commit,
): readonly Effect[] =>
  pages.map(({ step, round, target, notBeforeAt }) => ({
    kind: 'page',
    lane: laneOf(target),
    page: { incidentId, generation, step, round, target: targetKey(target) },
    ...(notBeforeAt === undefined ? {} : { notBeforeAt }),
  }));

function fallbackEffect(event: Extract<IncidentEvent, { type: 'FallbackPaged' }>, commit: Commit): Effect {
  const name = incidentName(commit.incidentNumber);
  return {
    kind: 'page fallback',
    subject: `${name} ${commit.severity}: ${problemOf(event)}`,
    text: `${name} (${commit.severity}): ${describeEvent(event, commit)} Policy file ${commit.policyHash}.`,
  };
}

function problemOf({ reason }: Extract<IncidentEvent, { type: 'FallbackPaged' }>): string {
  if (reason === 'nobody acknowledged') return reason;
  return reason === 'nobody on call' ? 'a step found nobody to page' : 'a page did not arrive';
}

/** Started again for each instant of one part: the name makes the second start nothing. */
function timerEffects(
  { dueAt, reminderAt, part }: Extract<IncidentEvent, { type: 'TimerSet' }>,
  { incidentId, generation }: Commit,
): readonly Effect[] {
  if (dueAt === null && reminderAt === undefined) return [];
  const name = `${incidentId}-${generation}-${part}`;
  return [{ kind: 'start timer', name, input: { incidentId, generation, part, ticks: 0 } }];
}
