import type { Incident } from '../incident/incident.ts';
import { assert } from '../kernel/assert.ts';
import { type Instant, secondsBetween } from '../kernel/instant.ts';
import { incidentLinks } from '../notification/incident-links.ts';
import { longestDelaySeconds } from '../notification/rate-limit.ts';
import { snsEventMessage } from '../notification/sns-event-message.ts';
import { fallbackNotice } from '../notification/sns-notice.ts';
import { dispatchedWrite } from '../store/incident-items.ts';
import { loadIncident } from '../store/incident-store.ts';
import { ConditionFailed, when } from '../store/table.ts';
import { describeTarget } from '../timeline/describe-target.ts';
import { type Effect, effectsOfCommit } from '../timeline/effects.ts';
import type { Commit } from '../timeline/events.ts';
import type { Deps } from './deps.ts';
import type { LaneMessage, QueueName } from './messages.ts';

export type DispatchDeps = Pick<
  Deps,
  'table' | 'queues' | 'timers' | 'topics' | 'clock' | 'policy' | 'settings' | 'log'
>;

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { readonly kind: Kind }>;

/**
 * Carries out what a commit causes, and only then takes off its `undispatched` mark: whoever finds the mark (stream or
 * sweep) does all of it again. Everything is harmless twice (a page has its row, a timer its name, an update is a look at
 * the present state), but for SNS, whose messages carry the commit's id or say that they may repeat.
 * Pages leave first; a topic that does not answer holds nothing else back.
 * @returns true for the caller that took the mark off
 * @throws AdapterError when anything could not be sent; the mark stays
 */
export async function dispatchCommit(deps: DispatchDeps, commit: Commit): Promise<boolean> {
  const effects = effectsOfCommit(commit);
  await sendPages(deps, commit, ofKind(effects, 'page'));
  const incident = await loadIncident(deps.table, commit.incidentId);
  await allOrThrow([
    ...ofKind(effects, 'start timer').map((effect) => deps.timers.start(effect.name, effect.input)),
    ...ofKind(effects, 'page fallback').map((effect, index) => sendFallback(deps, commit, incident, effect, index)),
    ...ofKind(effects, 'update').map((effect) => sendUpdate(deps, commit, effect)),
    ...(ofKind(effects, 'publish event').length > 0 ? [publishEvent(deps, commit, incident)] : []),
  ]);
  return takeMarkOff(deps, commit);
}

const ofKind = <Kind extends Effect['kind']>(effects: readonly Effect[], kind: Kind): readonly EffectOf<Kind>[] =>
  effects.filter((effect): effect is EffectOf<Kind> => effect.kind === kind);

/** Pages of one lane that leave at the same time go together. */
async function sendPages(deps: DispatchDeps, commit: Commit, effects: readonly EffectOf<'page'>[]): Promise<void> {
  const now = deps.clock.now();
  const batches = Map.groupBy(effects, (effect) => `${effect.lane} ${secondsUntil(effect, now)}`);
  await allOrThrow(
    [...batches.values()].map((batch) => {
      const [first] = batch;
      assert(first, 'a group has a member');
      const messages = batch.map(
        ({ page }): LaneMessage => ({ kind: 'page', correlationId: commit.correlationId, page, postponed: 0 }),
      );
      const delaySeconds = secondsUntil(first, now);
      return deps.queues.sendAll(`${first.lane}-pages`, messages, delaySeconds === 0 ? {} : { delaySeconds });
    }),
  );
}

/** Counted anew by each dispatch, so that one that comes late delays by what is left. Whoever reads it early postpones it. */
const secondsUntil = ({ notBeforeAt }: EffectOf<'page'>, now: Instant): number =>
  notBeforeAt === undefined
    ? 0
    : Math.min(Math.max(0, Math.ceil(secondsBetween(now, notBeforeAt))), longestDelaySeconds);

const updateQueues = {
  slack: 'slack-updates',
  pagerduty: 'pagerduty-updates',
  status: 'status-updates',
} as const satisfies Readonly<Record<EffectOf<'update'>['lane'], QueueName>>;

function sendUpdate(deps: DispatchDeps, commit: Commit, effect: EffectOf<'update'>): Promise<void> {
  const { correlationId } = commit;
  const message: LaneMessage = { kind: 'update', correlationId, incidentId: effect.incidentId, postponed: 0 };
  return deps.queues.send(updateQueues[effect.lane], message);
}

/** The notice of the n-th FallbackPaged of the commit; the plain sentence when the incident is gone. */
async function sendFallback(
  deps: DispatchDeps,
  commit: Commit,
  incident: Incident | null,
  effect: EffectOf<'page fallback'>,
  index: number,
): Promise<void> {
  const event = commit.events.filter((each) => each.type === 'FallbackPaged')[index];
  assert(event, 'each fallback page comes from an event of the commit');
  const target = event.target === null ? null : describeTarget(event.target);
  const { subject, text } =
    incident === null
      ? effect
      : fallbackNotice(incident, event.reason, target, incidentLinks(incident, deps.policy, deps.settings.publicUrl));
  const { correlationId, incidentId } = commit;
  const message: LaneMessage = { kind: 'fallback', correlationId, incidentId, subject, text };
  return deps.queues.send('sns-pages', message);
}

async function publishEvent(deps: DispatchDeps, commit: Commit, incident: Incident | null): Promise<void> {
  if (incident === null) {
    deps.log.warn('a commit of an incident that is gone is not published', { incidentId: commit.incidentId });
    return;
  }
  const { message, attributes } = snsEventMessage(commit, incident);
  await deps.topics.publish(deps.settings.eventsTopic, message, { attributes });
}

/** Waits for all, so that nothing runs on behind the answer, then throws the first failure. */
async function allOrThrow(sends: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(sends);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function takeMarkOff({ table }: DispatchDeps, commit: Commit): Promise<boolean> {
  const condition = when({ attribute: 'undispatched', is: 'present' });
  try {
    await table.write([{ ...dispatchedWrite(commit), condition }]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}
