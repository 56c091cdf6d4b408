import type { Policy } from '../config/policy.ts';
import { nextStep } from '../escalation/next-due.ts';
import type { Incident } from '../incident/incident.ts';
import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { describeEvent } from '../timeline/describe.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import { channelName, describePage } from './describe-page.ts';
import { explainChoice } from './explain-choice.ts';
import { listNotTold } from './list-not-told.ts';
import type { Played, PlayedCommit, Stage } from './play-incident.ts';
import type { PredictedCourse, PredictedMoment, PredictedPage, PredictedStep } from './prediction.ts';

/** Facts of the timeline that say nothing of who is told when. */
const untold: ReadonlySet<IncidentEvent['type']> = new Set([
  'IncidentTriggered',
  'AlertsJoined',
  'TimerSet',
  'IncidentClosed',
]);

/** What was played, as people read it; `incident`: as it was before, `pending`: pages that it owed already. */
export function describeCourse(
  { commits, knownUntil }: Played,
  from: { readonly at: Instant; readonly incident: Incident; readonly pending: readonly PredictedStep[] },
  stage: Stage,
): PredictedCourse {
  const { pinned, severity, routePath, service } = from.incident;
  const moments = cancelPages([...from.pending, ...commits.flatMap((played) => momentsOf(played, stage.policy))]);
  const waits = waitOf(commits.at(-1)?.after ?? from.incident, knownUntil);
  return {
    severity,
    policyHash: pinned.policyHash,
    escalationPolicy: pinned.escalation.name,
    chosenBy: explainChoice(stage.policy, { routePath, service, severity, at: from.incident.triggeredAt }),
    moments,
    knownUntil,
    ...(waits === null ? {} : { waits }),
    notTold: listNotTold(from, moments, stage),
  };
}

/** Pages of later contact methods are not sent when somebody has acknowledged by then. */
function cancelPages(moments: readonly PredictedMoment[]): readonly PredictedMoment[] {
  const acknowledged = moments.filter((each) => each.kind === 'event' && each.type === 'IncidentAcknowledged');
  return moments.map((moment) => {
    const end = acknowledged.find(({ at, generation }) => generation === moment.generation && at >= moment.at);
    if (moment.kind !== 'step' || end === undefined) return moment;
    const isLater = ({ sentAt }: PredictedPage) => sentAt > moment.at && sentAt >= end.at;
    const pages = moment.pages.map((page) => (isLater(page) ? { ...page, cancelledAt: end.at } : page));
    return { ...moment, pages };
  });
}

/** Null: no step waits for working hours beyond what is known. */
function waitOf({ status, dueAt, pinned, escalation }: Incident, knownUntil: Instant | null) {
  if (status !== 'triggered' || pinned.pages !== 'working hours') return null;
  const next = nextStep(pinned, escalation);
  const isBeyond = knownUntil !== null && dueAt !== null && dueAt > knownUntil;
  return isBeyond && next !== null ? { ...next, until: dueAt } : null;
}

const momentsOf = (played: PlayedCommit, policy: Policy): readonly PredictedMoment[] =>
  played.commit.events.flatMap((event) => momentOf(event, played, policy) ?? []);

function momentOf(event: IncidentEvent, played: PlayedCommit, policy: Policy): PredictedMoment | null {
  const { at, generation } = played.commit;
  if (event.type === 'IncidentEscalated') return describeStep(event, played, policy);
  if (untold.has(event.type)) return null;
  const sentence = describeEvent(event, played.commit);
  return event.type === 'FallbackPaged'
    ? { kind: 'fallback', at, generation, sentence }
    : { kind: 'event', at, generation, type: event.type, sentence };
}

function describeStep(
  event: Extract<IncidentEvent, { type: 'IncidentEscalated' }>,
  { commit, pages }: PlayedCommit,
  policy: Policy,
): PredictedStep {
  const { step, round, informedChannels, skipped } = event;
  return {
    kind: 'step',
    at: commit.at,
    generation: commit.generation,
    step,
    round,
    pages: event.pages.map((owed) => {
      const row = pages.find((each) => each.step === step && each.round === round && each.pageTarget === owed.target);
      assert(row, 'every page of a step is owed');
      return describePage(row, owed, policy);
    }),
    informs: informedChannels.map((id) => channelName(id, policy)),
    skipped: skipped.map(({ named, reason, detail }) => ({ who: named, reason: detail ?? reason })),
  };
}
