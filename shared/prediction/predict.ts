import { nameSuppression } from '../alert/suppression.ts';
import type { Policy } from '../config/policy.ts';
import type { Incident } from '../incident/incident.ts';
import { summarizeAlert } from '../incident/summarize-alert.ts';
import { assert } from '../kernel/assert.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { PageRow } from '../notification/page.ts';
import { inhibitTargets } from '../route/inhibition.ts';
import { compileRoutes, matchRoutes } from '../route/match-routes.ts';
import type { RoutedAlert } from '../route/route.ts';
import { describeCourse } from './describe-course.ts';
import { judgeQuestion, recordOf } from './judge-question.ts';
import { pendingPages } from './pending-pages.ts';
import { type PlayedCommit, playCommand, playIncident, type Stage } from './play-incident.ts';
import type { LiveFacts, PredictedCourse, PredictedIncident, Prediction, Question } from './prediction.ts';

/**
 * Who is told of an alert, when and how, if nobody acts? The functions that decide in production are asked, on a clock of
 * its own: judging, routing, pinning, the incident's decisions, and the ledger's rows. No incident of the alert's key is
 * open, and nothing inhibits it.
 */
export function predict(policy: Policy, question: Question, live: LiveFacts): Prediction {
  const { labels, at, source, horizonSeconds, acknowledgedAt } = question;
  const { overrides } = live;
  const { judgement, openedAt } = judgeWithGroup(policy, question, live);
  const inhibitedBy = [...new Set(inhibitTargets(policy.inhibitRules, labels).map(({ rule }) => rule))];
  const told = { at, labels, source, policyHash: policy.hash, why: judgement.why, inhibitedBy };
  if (judgement.kind === 'suppressed') {
    const { suppression } = judgement;
    return { ...told, outcome: 'suppressed', by: nameSuppression(suppression), until: suppression.until };
  }
  const incidents = judgement.routes.map((routed) =>
    predictIncident({ ...question, at: openedAt }, routed, { policy, overrides, horizonSeconds, acknowledgedAt }),
  );
  return { ...told, outcome: 'told', incidents };
}

/** A posted alert is told with its group, once the first of its routes tells, and is judged again then. */
function judgeWithGroup(policy: Policy, question: Question, live: LiveFacts) {
  const { at } = question;
  const judgement = judgeQuestion(policy, question, live);
  const waits = judgement.kind === 'routed' ? judgement.routes.map(({ grouping }) => grouping?.waitSeconds ?? 0) : [0];
  const openedAt = addSeconds(at, Math.min(...waits));
  return openedAt === at
    ? { judgement, openedAt }
    : { judgement: judgeQuestion(policy, { ...question, at: openedAt }, live), openedAt };
}

function predictIncident(question: Question, routed: RoutedAlert, stage: Stage): PredictedIncident {
  const { routePath, service, owner, slackChannelId } = routed;
  const { policy } = stage;
  const openedAt = question.at;
  const opening = open(question, routed, stage);
  const played = playIncident(opening.after, openedAt, stage);
  const commits = [opening, ...played.commits];
  return {
    routePath,
    matchers: matchersOf(policy, question, routePath),
    openedAt,
    service,
    owner,
    slackChannelId,
    incidentKey: question.arrival === 'posted' || !routed.incidentKey.startsWith('group:') ? routed.incidentKey : null,
    ...describeCourse(
      { commits, knownUntil: played.knownUntil },
      { at: openedAt, incident: opening.after, pending: [] },
      stage,
    ),
  };
}

function open(question: Question, routed: RoutedAlert, { policy, overrides }: Stage): PlayedCommit {
  const { source, at: now } = question;
  const command = {
    type: 'ApplyAlerts',
    routed,
    joined: [{ summary: summarizeAlert(recordOf(question)), fresh: true }],
    resolved: [],
    suppressed: [],
    number: 0,
  } as const;
  const actor = { kind: 'source', id: source, name: source } as const;
  const opened = playCommand(command, null, { now, actor, policy, overrides, commandId: null });
  assert(opened !== null, 'an alert that is routed opens an incident');
  return opened;
}

const matchersOf = (policy: Policy, { labels }: Question, routePath: string) =>
  matchRoutes(compileRoutes(policy.route), labels).find(({ node }) => node.path === routePath)?.conditions ?? [];

/** What happens next to an incident that there is, if nobody acts. */
export function predictOpen(
  incident: Incident,
  now: Instant,
  {
    policy,
    overrides,
    horizonSeconds = null,
    owed = [],
  }: Pick<Stage, 'policy' | 'overrides'> & {
    readonly horizonSeconds?: number | null;
    /** Rows of its page ledger. */
    readonly owed?: readonly PageRow[];
  },
): PredictedCourse {
  const stage = { policy, overrides, horizonSeconds, acknowledgedAt: null };
  const played = playIncident(incident, now, stage);
  return describeCourse(played, { at: now, incident, pending: pendingPages(incident, owed, { now, policy }) }, stage);
}
