import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { takesReceiver } from '../../alertmanager/alert-filter.ts';
import { viewAlert } from '../../alertmanager/alert-view.ts';
import { type GroupMember, groupAlerts } from '../../alertmanager/group-alerts.ts';
import type { Instant } from '../../kernel/instant.ts';
import { makeAnswerBudget } from './answer-budget.ts';
import { answerJson } from './answers.ts';
import { readAlertFilter } from './read-filters.ts';
import { type OpenAlert, type VisitDeps, visitOpenAlerts } from './visit-alerts.ts';

type Answer = Promise<APIGatewayProxyResult>;

/** An alert as it is shown, already written: what is kept until the answer is as small as the answer. */
const writeAlert = ({ alert, status, nodes }: OpenAlert, policy: VisitDeps['policy'], now: Instant): string =>
  JSON.stringify(
    viewAlert(
      alert,
      status,
      nodes.map(({ receiver }) => receiver),
      { policy, now },
    ),
  );

/** GET /alerts: by fingerprint. */
export async function listAlerts(deps: VisitDeps, event: APIGatewayProxyEvent): Answer {
  const filter = readAlertFilter(event);
  if (!filter.ok) return filter.answer;
  const budget = makeAnswerBudget();
  let written: string[] = [];
  await visitOpenAlerts(deps, filter.value, (open, now) => {
    if (!open.nodes.some(({ receiver }) => takesReceiver(filter.value, receiver))) return;
    budget.count(open);
    if (budget.isFull) return;
    const part = writeAlert(open, deps.policy, now);
    if (budget.add(part)) written.push(part);
    else written = [];
  });
  return budget.refusal() ?? answerJson(200, `[${written.join(',')}]`);
}

/** GET /alerts/groups: an alert that several routes take stands in a group of each. */
export async function listGroups(deps: VisitDeps, event: APIGatewayProxyEvent): Answer {
  const filter = readAlertFilter(event);
  if (!filter.ok) return filter.answer;
  const budget = makeAnswerBudget();
  let members: GroupMember<string>[] = [];
  await visitOpenAlerts(deps, filter.value, (open, now) => {
    const nodes = open.nodes.filter(({ receiver }) => takesReceiver(filter.value, receiver));
    if (nodes.length === 0) return;
    budget.count(open);
    if (budget.isFull) return;
    const value = writeAlert(open, deps.policy, now);
    for (const node of nodes) {
      if (budget.add(value)) members.push({ node, labels: open.alert.labels, value });
      else members = [];
    }
  });
  return budget.refusal() ?? answerJson(200, `[${groupAlerts(members).map(writeGroup).join(',')}]`);
}

const writeGroup = ({ labels, receiver, alerts }: ReturnType<typeof groupAlerts<string>>[number]): string =>
  `{"alerts":[${alerts.join(',')}],"labels":${JSON.stringify(labels)},"receiver":${JSON.stringify(receiver)}}`;
