import type { Incident } from '../incident/incident.ts';
import { hashOf } from '../kernel/hash.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Commit } from '../timeline/events.ts';
import { rootMessageKey, type SlackMessage } from './slack-message.ts';
import { isCommitThreadWorthy, slackThreadMessage, threadMessageKey } from './slack-thread-message.ts';

/** An incident message: one in the incident's own channel, and one in each channel that a step informs. */
export interface ShownMessage {
  readonly channelId: string;
  readonly ts: string;
  readonly incidentVersion: number;
  /** Hash of what it shows, so that a commit that changes nothing visible edits nothing; '' when that is not known. */
  readonly shown: string;
}

/** What a thread reply tells: state commits up to a version, and outcomes of pages. */
export interface Tells {
  readonly through: number;
  readonly outcomes: readonly string[];
}

/** A message that is about to be posted, or may have been: stored before Slack is called, cleared by what came of it. */
export interface SlackAttempt {
  /** The key in the message's metadata, by which it is looked up. */
  readonly key: string;
  readonly channelId: string;
  readonly threadTs: string | null;
  /** Nothing was posted under this key before. */
  readonly since: Instant;
  /** Null for an incident message. */
  readonly tells: Tells | null;
  readonly incidentVersion: number;
  readonly shown: string;
}

/** What Slack shows of one incident. */
export interface SlackLaneState {
  readonly messages: readonly ShownMessage[];
  /** Channels that steps have informed so far, beside the incident's own. */
  readonly informed: readonly string[];
  /** State commits up to this version are told in the thread, or not worth telling. */
  readonly threadedThrough: number;
  /** The latest outcomes of pages told: they carry the version that they saw, so they come out of order. */
  readonly toldOutcomes: readonly string[];
  /** One notifier at a time changes an incident's messages; it ends by itself. */
  readonly leaseUntil: Instant | null;
  readonly attempt: SlackAttempt | null;
}

export const emptySlackLane: SlackLaneState = {
  messages: [],
  informed: [],
  threadedThrough: 0,
  toldOutcomes: [],
  leaseUntil: null,
  attempt: null,
};

export type SlackStep =
  | { readonly do: 'post'; readonly message: SlackMessage; readonly attempt: SlackAttempt }
  | { readonly do: 'edit'; readonly message: SlackMessage; readonly edited: ShownMessage };

/** Commits from this version on may hold something untold: outcomes of pages come up to so many versions late. */
export const untoldFrom = (state: SlackLaneState): number => Math.max(0, state.threadedThrough - 5);

/** More replies than this are told as one. */
const repliesBeforeCoalescing = 3;
const rememberedOutcomes = 50;

/** Takes in what the commits say about channels, and skips those that the thread need not tell. */
export function absorbCommits(
  state: SlackLaneState,
  commits: readonly Commit[],
  ownChannelId: string | null,
): SlackLaneState {
  const informed = new Set(state.informed);
  for (const event of commits.flatMap((commit) => commit.events)) {
    if (event.type !== 'IncidentEscalated') continue;
    for (const channelId of event.informedChannels) if (channelId !== ownChannelId) informed.add(channelId);
  }
  const states = commits.filter((commit) => commit.part === '');
  const firstUntold = ownChannelId === null ? undefined : untold(state, states)[0];
  const skipped = states.filter((commit) => firstUntold === undefined || commit.version < firstUntold.version);
  const threadedThrough = Math.max(state.threadedThrough, ...skipped.map((commit) => commit.version));
  return { ...state, informed: [...informed], threadedThrough };
}

/**
 * The next thing that brings Slack to the incident's present state, or null when it shows that already: the incident
 * message in each channel, present and up to date, then the thread.
 * @param incidentMessage what the incident message shows now
 * @param refused channels that do not take our messages now
 */
export function nextSlackStep(
  incident: Incident,
  incidentMessage: SlackMessage,
  state: SlackLaneState,
  commits: readonly Commit[],
  now: Instant,
  refused: ReadonlySet<string>,
): SlackStep | null {
  const shown = hashOf(JSON.stringify(incidentMessage));
  const own = incident.slackChannelId;
  const base = { since: now, incidentVersion: incident.version };
  const channels = (own === null ? [] : [own]).concat(state.informed).filter((channelId) => !refused.has(channelId));
  for (const channelId of channels) {
    const message = state.messages.find((each) => each.channelId === channelId);
    if (message === undefined) {
      const attempt = { ...base, key: rootMessageKey, channelId, threadTs: null, tells: null, shown };
      return { do: 'post', message: incidentMessage, attempt };
    }
    if (message.incidentVersion < incident.version && message.shown !== shown) {
      return {
        do: 'edit',
        message: incidentMessage,
        edited: { ...message, incidentVersion: incident.version, shown },
      };
    }
  }
  const root = state.messages.find((each) => each.channelId === own && !refused.has(each.channelId));
  const told = root === undefined ? null : nextReply(state, commits);
  if (root === undefined || told === null) return null;
  const { message, tells } = told;
  const key = message.metadata.event_payload.key;
  const attempt = { ...base, key, channelId: root.channelId, threadTs: root.ts, tells, shown: '' };
  return { do: 'post', message, attempt };
}

function nextReply(
  state: SlackLaneState,
  commits: readonly Commit[],
): { readonly message: SlackMessage; readonly tells: Tells } | null {
  const waiting = untold(state, commits);
  const chosen = waiting.length > repliesBeforeCoalescing ? waiting : waiting.slice(0, 1);
  const message = slackThreadMessage(chosen);
  if (message === null) return null;
  const versions = chosen.filter((commit) => commit.part === '').map((commit) => commit.version);
  const outcomes = chosen.filter((commit) => commit.part !== '').map(threadMessageKey);
  return { message, tells: { through: Math.max(state.threadedThrough, ...versions), outcomes } };
}

const untold = (state: SlackLaneState, commits: readonly Commit[]): readonly Commit[] =>
  commits.filter(
    (commit) =>
      isCommitThreadWorthy(commit) &&
      (commit.part === ''
        ? commit.version > state.threadedThrough
        : !state.toldOutcomes.includes(threadMessageKey(commit))),
  );

/** The attempted message is there: posted now, or found after an unknown outcome. */
export function adoptMessage(state: SlackLaneState, attempt: SlackAttempt, ts: string): SlackLaneState {
  const { channelId, incidentVersion, shown, tells } = attempt;
  if (tells === null) return showMessage(state, { channelId, ts, incidentVersion, shown });
  return {
    ...state,
    attempt: null,
    threadedThrough: Math.max(state.threadedThrough, tells.through),
    toldOutcomes: [...state.toldOutcomes, ...tells.outcomes].slice(-rememberedOutcomes),
  };
}

/** A message was posted or edited and shows this. */
export const showMessage = (state: SlackLaneState, message: ShownMessage): SlackLaneState => ({
  ...forgetMessage(state, message.channelId),
  messages: [...state.messages.filter((each) => each.channelId !== message.channelId), message],
});

/** Somebody deleted the message: the next step posts another. */
export const forgetMessage = (state: SlackLaneState, channelId: string): SlackLaneState => ({
  ...state,
  attempt: null,
  messages: state.messages.filter((each) => each.channelId !== channelId),
});
