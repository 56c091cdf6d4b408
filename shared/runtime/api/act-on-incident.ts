import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { IncidentCommand, RejectedReason } from '../../incident/commands.ts';
import { incidentName } from '../../incident/incident.ts';
import { isSeverity, severities } from '../../incident/severity.ts';
import { publicStatuses } from '../../notification/parse-slack-command.ts';
import { findIncidentId } from '../../store/find-incident.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { type Body, badRequest, found, notFound, type Read, readJsonBody } from '../read-value.ts';
import { type CommandAnswer, type CommandDeps, runCommand } from '../run-command.ts';
import { viewIncident } from './incident-view.ts';
import type { Operator } from './operator.ts';
import { noSuchIncident } from './read-incidents.ts';
import { readIdempotencyKey, readIncidentNumber, readText } from './read-request.ts';

export type ActDeps = CommandDeps & Pick<Deps, 'settings' | 'ids' | 'log'>;

/**
 * POST /v1/incidents/{number}/{action}: one command of an operator. With an `Idempotency-Key` a second request of the same
 * operator and key changes nothing (the incident remembers its latest 20 commands).
 */
export async function actOnIncident(
  deps: ActDeps,
  event: APIGatewayProxyEvent,
  operator: Operator,
): Promise<APIGatewayProxyResult> {
  const request = readAction(event);
  if (!request.ok) return problem(request.problem);
  const { number, command, key } = request.value;
  const incidentId = await findIncidentId(deps.table, number);
  if (incidentId === null) return problem(noSuchIncident(number).problem);
  const correlationId = deps.ids.next();
  const answer = await runCommand(deps, {
    incidentId,
    command,
    actor: { kind: 'operator', id: operator.name, name: operator.name },
    commandId: `api:${operator.name}:${key ?? correlationId}`,
    correlationId,
  });
  const { outcome } = answer.decision;
  deps.log.info('command of an operator', { correlationId, incidentId, command: command.type, outcome });
  return answerCommand(deps, answer, number);
}

interface Action {
  readonly number: number;
  readonly command: IncidentCommand;
  readonly key: string | null;
}

function readAction(event: APIGatewayProxyEvent): Read<Action> {
  const number = readIncidentNumber(event);
  if (!number.ok) return number;
  const action = event.pathParameters?.action ?? '';
  const read = commands.get(action);
  if (read === undefined) {
    return notFound(`Nothing can be done by that name: an incident knows ${[...commands.keys()].join(', ')}.`);
  }
  const key = readIdempotencyKey(event);
  if (!key.ok) return key;
  const body = readJsonBody(event);
  if (!body.ok) return body;
  const command = read(body.value);
  return command.ok ? found({ number: number.value, command: command.value, key: key.value }) : command;
}

const commands: ReadonlyMap<string, (body: Body) => Read<IncidentCommand>> = new Map([
  ['acknowledge', () => found({ type: 'AcknowledgeIncident', seenSeverity: null, seenGeneration: null } as const)],
  ['resolve', () => found({ type: 'ResolveIncident', reason: 'by a person' } as const)],
  ['escalate', () => found({ type: 'EscalateIncident' } as const)],
  ['severity', readSeverity],
  ['note', readNote],
  ['update', readUpdate],
  ['move-to-policy', readMove],
  ['close', () => found({ type: 'CloseIncident' } as const)],
]);

function readMove({ policyHash }: Body): Read<IncidentCommand> {
  if (policyHash === undefined) return found({ type: 'MoveToPolicy', seenHash: null });
  return typeof policyHash === 'string'
    ? found({ type: 'MoveToPolicy', seenHash: policyHash })
    : badRequest(
        '"policyHash" is the hash of the policy file that you saw compared, a text; leave it out to take today\'s.',
      );
}

function readSeverity({ severity }: Body): Read<IncidentCommand> {
  if (typeof severity === 'string' && isSeverity(severity)) return found({ type: 'ChangeSeverity', severity });
  return badRequest(`The body needs "severity", one of ${severities.join(', ')}.`);
}

function readNote(body: Body): Read<IncidentCommand> {
  const text = readText(body, 'text');
  return text.ok ? found({ type: 'AddNote', text: text.value }) : text;
}

function readUpdate(body: Body): Read<IncidentCommand> {
  const status = publicStatuses.find((each) => each === body.status);
  if (status === undefined) return badRequest(`The body needs "status", one of ${publicStatuses.join(', ')}.`);
  const text = readText(body, 'text');
  return text.ok ? found({ type: 'PublishStatus', status, text: text.value }) : text;
}

function answerCommand(
  deps: Pick<Deps, 'policy' | 'settings'>,
  { decision, incident }: CommandAnswer,
  number: number,
): APIGatewayProxyResult {
  if (incident === null) return problem(noSuchIncident(number).problem);
  const present = viewIncident(deps, incident);
  switch (decision.outcome) {
    case 'accepted':
      return jsonAnswer(200, { outcome: 'accepted', incident: present });
    case 'unchanged':
      return jsonAnswer(200, { outcome: 'unchanged', reason: decision.reason, incident: present });
    case 'rejected':
      return problem({
        status: 409,
        title: 'Not possible now',
        detail: `${incidentName(number)} stays as it is: ${refusals[decision.reason]} It is ${incident.severity}, ${incident.status}.`,
        members: { outcome: 'rejected', reason: decision.reason, incident: present },
      });
  }
}

/** Why, and what to do instead. */
const refusals: Readonly<Record<RejectedReason, string>> = {
  'no such incident': 'there is no such incident.',
  'incident is resolved': 'it is resolved already.',
  'incident is closed': 'it is closed, and a closed incident changes no more.',
  'incident is not resolved': 'it must be resolved first.',
  'alerts still fire': 'some of its alerts still fire; wait for them, or silence them.',
  'severity has risen': 'its severity has risen since you looked; look again.',
  'button is of an earlier generation': 'it was triggered again since you looked; look again.',
  'no further step': 'its escalation policy has no further step.',
  'policy file has changed': "today's policy file is another one than you saw; look again.",
  'severity never pages': 'its severity pages nobody; raise the severity first.',
  'text is empty': 'the text is empty; write something.',
};
