import type { Policy } from '../config/policy.ts';
import { buildCommit } from '../incident/build-commit.ts';
import type { DecisionContext, IncidentCommand } from '../incident/commands.ts';
import { decideIncident } from '../incident/decide.ts';
import { timerAt } from '../incident/dues.ts';
import type { Actor, Incident } from '../incident/incident.ts';
import { assert } from '../kernel/assert.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import type { PageRow } from '../notification/page.ts';
import { owePages } from '../notification/page-ledger.ts';
import type { Override } from '../on-call/override.ts';
import type { Commit } from '../timeline/events.ts';

/** One commit that production would write, with the state behind it and the rows of the ledger that it owes. */
export interface PlayedCommit {
  readonly commit: Commit;
  readonly after: Incident;
  readonly pages: readonly PageRow[];
}

/** The world in which an incident is played. */
export interface Stage {
  readonly policy: Policy;
  readonly overrides: readonly Override[];
  /** Null: until the second repeat, and a day at most. */
  readonly horizonSeconds: number | null;
  readonly acknowledgedAt: Instant | null;
}

export interface Played {
  readonly commits: readonly PlayedCommit[];
  /** Null: nothing comes after them. */
  readonly knownUntil: Instant | null;
}

const usualHorizonSeconds = 86_400;
/** The round of the second repeat: from here on an escalation only says the same again. */
const secondRepeat = 3;
/** A day with a repeat each minute, and an answer of a few hundred KB; beyond, whoever asked has seen enough. */
const mostCommits = 1_500;
const mostPages = 2_000;

const timer: Actor = { kind: 'tocsin', id: 'tocsin', name: 'Tocsin' };
const somebody: Actor = { kind: 'person', id: 'somebody', name: 'somebody' };

/**
 * What becomes of an incident from `from` on if only its timer acts, and perhaps one acknowledgement: the timer's own command
 * is given at each instant that the incident says is due, as the state machine does.
 */
export function playIncident(incident: Incident, from: Instant, stage: Stage): Played {
  const until = addSeconds(from, stage.horizonSeconds ?? usualHorizonSeconds);
  const commits: PlayedCommit[] = [];
  let state = incident;
  let now = from;
  let pending = stage.acknowledgedAt;
  while (!isEnough(commits, stage)) {
    const act = nextAct(state, pending);
    if (act === null) return { commits, knownUntil: null };
    now = latest(now, act.at);
    if (now > until) return { commits, knownUntil: until };
    const played = act.by === 'person' ? acknowledge(state, now, stage) : advance(state, now, stage);
    if (act.by === 'person') pending = null;
    if (played === null) continue;
    commits.push(played);
    state = played.after;
  }
  return { commits, knownUntil: now };
}

function isEnough(commits: readonly PlayedCommit[], { horizonSeconds }: Stage): boolean {
  const newest = commits.at(-1);
  if (newest === undefined) return false;
  if (horizonSeconds === null && repeatsAgain(newest)) return true;
  const pages = commits.reduce((sum, each) => sum + each.pages.length, 0);
  return commits.length >= mostCommits || pages >= mostPages;
}

/** Of two at one instant the person is first: so the timer pages nobody who is known to look. Null: nothing comes. */
function nextAct(incident: Incident, acknowledgedAt: Instant | null) {
  const dueAt = timerAt(incident);
  if (acknowledgedAt !== null && (dueAt === null || acknowledgedAt <= dueAt)) {
    return { by: 'person', at: acknowledgedAt } as const;
  }
  return dueAt === null ? null : ({ by: 'timer', at: dueAt } as const);
}

/** Null: it is acknowledged already. */
const acknowledge = (incident: Incident, now: Instant, { policy, overrides }: Stage): PlayedCommit | null =>
  playCommand({ type: 'AcknowledgeIncident', seenSeverity: null, seenGeneration: null }, incident, {
    now,
    actor: somebody,
    policy,
    overrides,
    commandId: null,
  });

/** The timer's own command, as the state machine gives it. */
function advance(incident: Incident, now: Instant, { policy, overrides }: Stage): PlayedCommit {
  const { generation, timerPart, dueAt } = incident;
  const command = { type: 'AdvanceIncident', generation, timerPart, dueAt, startNewPart: false } as const;
  const played = playCommand(command, incident, { now, actor: timer, policy, overrides, commandId: null });
  assert(played !== null, `what is due at ${dueAt} can be done then`);
  return played;
}

/** Null: it changes nothing. */
export function playCommand(
  command: IncidentCommand,
  before: Incident | null,
  context: DecisionContext,
): PlayedCommit | null {
  const decision = decideIncident(command, before, context);
  if (decision.outcome !== 'accepted') return null;
  const ids = { incidentId: before?.id ?? 'predicted', correlationId: 'predicted' };
  const { after, commit } = buildCommit(before, decision.events, context, ids);
  return { commit, after, pages: owePages(commit, after) };
}

const repeatsAgain = ({ commit }: PlayedCommit): boolean =>
  commit.events.some((event) => event.type === 'IncidentEscalated' && event.round >= secondRepeat);
