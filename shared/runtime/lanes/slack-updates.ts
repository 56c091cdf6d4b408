import type { Incident } from '../../incident/incident.ts';
import { addMillis, addSeconds } from '../../kernel/instant.ts';
import { incidentLinks } from '../../notification/incident-links.ts';
import { pageLeaseSeconds } from '../../notification/page.ts';
import { slackIncidentMessage } from '../../notification/slack-incident-message.ts';
import type { SlackMessage } from '../../notification/slack-message.ts';
import {
  absorbCommits,
  adoptMessage,
  forgetMessage,
  nextSlackStep,
  type SlackLaneState,
  type SlackStep,
  showMessage,
  untoldFrom,
} from '../../notification/slack-plan.ts';
import { loadIncident } from '../../store/incident-store.ts';
import { loadLane, saveLane, type Versioned } from '../../store/lane-store.ts';
import { loadCommitsFrom } from '../../store/recent-commits.ts';
import { ConditionFailed } from '../../store/table.ts';
import type { Commit } from '../../timeline/events.ts';
import {
  afterProgress,
  credentialsMillis,
  done,
  type LaneResult,
  postpone,
  postponeUntil,
  retryMillis,
  settleMillis,
  soonMillis,
} from './lane-result.ts';
import {
  editBucket,
  editMessage,
  findMessage,
  isSlackCredentialError,
  postBucket,
  postMessage,
  type SlackDeps,
} from './slack-calls.ts';
import { VendorSession } from './vendor-session.ts';

/** Calls for one message of the queue: with 8 s each they end well within the function's 60 s. */
const stepsAtOnce = 3;
/** Without another reason to write, the thread's position is stored when it lags by so many versions. */
const positionLag = 20;
/** Wrong credentials are looked at again for a day. */
const credentialsTries = 288;

/** What one run holds: the state as it is stored, and as it is known by now. */
interface Run {
  readonly deps: SlackDeps;
  readonly session: VendorSession;
  readonly incident: Incident;
  readonly commits: readonly Commit[];
  readonly message: SlackMessage;
  readonly postponed: number;
  stored: Versioned<SlackLaneState>;
  state: SlackLaneState;
  /** Channels that refused us in this run: the next update tries them again. */
  readonly refused: Set<string>;
}

/**
 * Brings Slack to the incident's present state: its message in each channel, then the thread. Does nothing when it shows
 * that already. One notifier at a time works on an incident; a message whose outcome is unknown is looked up first.
 */
export async function updateSlack(deps: SlackDeps, incidentId: string, postponed: number): Promise<LaneResult> {
  const { table, clock, policy, settings } = deps;
  // The lane is read before the incident: who sees an old lane sees its version fail, never an old incident over a new one.
  const stored = await loadLane(table, incidentId, 'slack');
  const incident = await loadIncident(table, incidentId);
  if (incident === null) {
    deps.log.warn('an update for an incident that is gone', { incidentId });
    return done;
  }
  const { leaseUntil } = stored.state;
  if (leaseUntil !== null && leaseUntil > clock.now()) return postponeUntil(leaseUntil, clock.now());
  const commits = await loadCommitsFrom(table, incidentId, untoldFrom(stored.state), stored.state.threadedThrough);
  const message = slackIncidentMessage(incident, incidentLinks(incident, policy, settings.publicUrl));
  const state = absorbCommits({ ...stored.state, leaseUntil: null }, commits, incident.slackChannelId);
  const session = new VendorSession(deps, 'slack', 'update');
  const run: Run = { deps, session, incident, commits, message, postponed, stored, state, refused: new Set() };
  try {
    const result = await takeSteps(run);
    await store(run, run.state);
    return result;
  } catch (error) {
    if (error instanceof ConditionFailed) return postpone(soonMillis);
    throw error;
  }
}

async function takeSteps(run: Run): Promise<LaneResult> {
  const unsettled = await settleAttempt(run);
  if (unsettled !== null) return unsettled;
  for (let steps = 0; steps < stepsAtOnce; steps += 1) {
    const step = nextSlackStep(run.incident, run.message, run.state, run.commits, run.deps.clock.now(), run.refused);
    if (step === null) return done;
    const stopped = await takeStep(run, step);
    if (stopped !== null) return steps === 0 ? stopped : afterProgress(stopped);
  }
  return afterProgress(postpone(soonMillis));
}

/** An attempt that nobody recorded may be there: it is looked up, and made again only when it is not. */
async function settleAttempt(run: Run): Promise<LaneResult | null> {
  const { attempt } = run.state;
  if (attempt === null) return null;
  const found = await findMessage(run.deps, run.session, {
    incidentId: run.incident.id,
    key: attempt.key,
    channel: attempt.channelId,
    threadTs: attempt.threadTs,
    since: attempt.since,
  });
  if (found.outcome === 'wait') return postpone(found.millis);
  // When nobody can tell, a second copy of an update does less harm than none.
  run.state = found.outcome === 'found' ? adoptMessage(run.state, attempt, found.ts) : { ...run.state, attempt: null };
  return null;
}

/** Null: go on with the next step. */
async function takeStep(run: Run, step: SlackStep): Promise<LaneResult | null> {
  const { deps, session } = run;
  const channelId = step.do === 'post' ? step.attempt.channelId : step.edited.channelId;
  const bucket = step.do === 'post' ? postBucket(channelId) : editBucket;
  const ready = await session.prepare(bucket);
  if (!ready.ready) return postpone(ready.waitMillis);
  const leaseUntil = addSeconds(deps.clock.now(), pageLeaseSeconds);
  const attempt = step.do === 'post' ? step.attempt : null;
  await store(run, { ...run.state, attempt, leaseUntil });
  const answer =
    step.do === 'post'
      ? await postMessage(deps, session, { ...step.attempt, message: step.message, leaseUntil })
      : await editMessage(deps, session, { ...step.edited, message: step.message, leaseUntil });
  switch (answer.outcome) {
    case 'ok':
      run.state =
        step.do === 'post'
          ? adoptMessage(run.state, step.attempt, answer.value.ts)
          : showMessage(run.state, step.edited);
      return null;
    case 'unknown':
      return step.do === 'post' ? await waitForOutcome(run, step) : postpone(settleMillis);
    case 'rate limited':
      return postpone(answer.retryAfterSeconds * 1000);
    case 'failed':
      return postpone(retryMillis);
    case 'too late':
      return postpone(soonMillis);
    case 'refused':
      return afterRefusal(run, step, channelId, answer.reason);
  }
}

/** Keeps everybody off the incident until the message, if it went out, can be found. */
async function waitForOutcome(run: Run, step: Extract<SlackStep, { do: 'post' }>): Promise<LaneResult> {
  const leaseUntil = addMillis(run.deps.clock.now(), settleMillis);
  run.state = { ...run.state, attempt: step.attempt, leaseUntil };
  return postpone(settleMillis);
}

function afterRefusal(run: Run, step: SlackStep, channelId: string, reason: string): LaneResult | null {
  run.deps.log.error('Slack refused an incident message', { incidentId: run.incident.id, channelId, reason });
  if (step.do === 'edit' && reason === 'message_not_found') {
    run.state = forgetMessage(run.state, channelId);
    return null;
  }
  if (isSlackCredentialError(reason)) return run.postponed < credentialsTries ? postpone(credentialsMillis) : done;
  run.refused.add(channelId);
  return null;
}

/** Writes when something changed that the next notifier must know. */
async function store(run: Run, next: SlackLaneState): Promise<void> {
  const before = run.stored.state;
  const lags = next.threadedThrough - before.threadedThrough;
  const same =
    next.leaseUntil === before.leaseUntil &&
    next.attempt === before.attempt &&
    next.messages === before.messages &&
    next.toldOutcomes === before.toldOutcomes &&
    next.informed.length === before.informed.length &&
    lags < positionLag;
  if (same) return;
  run.stored = await saveLane(run.deps.table, { incidentId: run.incident.id, lane: 'slack' }, run.stored.version, next);
}
