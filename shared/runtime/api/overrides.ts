import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  type ChangeContext,
  cancelOverride,
  makeOverride,
  type OverrideDecision,
} from '../../on-call/decide-override.ts';
import { swapShifts } from '../../on-call/swap-shifts.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { type ChangeOverridesDeps, changeOverrides } from '../change-overrides.ts';
import type { TryLimits } from '../decide-again.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { badRequest, notFound, readJsonBody } from '../read-value.ts';
import { viewOverride, viewShifts } from './on-call-view.ts';
import type { Operator } from './operator.ts';
import { readOverride, readSwap } from './read-override.ts';
import { readIdempotencyKey } from './read-request.ts';

export type OverrideDeps = ChangeOverridesDeps & Pick<Deps, 'ids'>;
type Answer = Promise<APIGatewayProxyResult>;

const limits: TryLimits = { tries: 5, budgetMillis: 5_000 };

/** GET /v1/on-call/overrides: those that have not ended, cancelled ones too. There are at most 1,000, so the list has no pages. */
export async function listOverrides({ table, policy, clock }: Pick<Deps, 'table' | 'policy' | 'clock'>): Answer {
  const overrides = await loadOverrides(table, policy, clock.now());
  return jsonAnswer(200, { overrides: overrides.map(viewOverride) });
}

/** POST /v1/on-call/overrides */
export async function addOverride(deps: OverrideDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const body = readJsonBody(event);
  const read = body.ok ? readOverride(body.value, { policy: deps.policy, now: deps.clock.now() }) : body;
  if (!read.ok) return problem(read.problem);
  const { draft, reason } = read.value;
  return change(deps, event, operator, (context) => makeOverride(draft, reason, context));
}

/** POST /v1/on-call/swaps */
export async function addSwap(deps: OverrideDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const body = readJsonBody(event);
  const read = body.ok ? readSwap(body.value, { policy: deps.policy, now: deps.clock.now() }) : body;
  if (!read.ok) return problem(read.problem);
  const { swap, reason } = read.value;
  return change(deps, event, operator, (context) => swapShifts(swap, reason, context));
}

/** DELETE /v1/on-call/overrides/{id}: cancels it from now on; the id of a swap cancels both of its halves. */
export async function deleteOverride(deps: OverrideDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const id = event.pathParameters?.id ?? '';
  return change(deps, event, operator, (context) => cancelOverride(id, context));
}

async function change(
  deps: OverrideDeps,
  event: APIGatewayProxyEvent,
  { name }: Operator,
  decide: (context: ChangeContext) => OverrideDecision,
): Answer {
  const key = readIdempotencyKey(event);
  if (!key.ok) return problem(key.problem);
  const correlationId = deps.ids.next();
  const command = {
    actor: { kind: 'operator', id: name, name } as const,
    commandId: `api:${name}:${key.value ?? correlationId}`,
    correlationId,
    askedAt: deps.clock.now(),
  };
  return answerDecision(await changeOverrides(deps, command, limits, decide), event.httpMethod === 'POST' ? 201 : 200);
}

function answerDecision(decision: OverrideDecision, status: 200 | 201): APIGatewayProxyResult {
  switch (decision.outcome) {
    case 'rejected': {
      const { reason } = decision;
      const refusal = reason === 'no such override' ? notFound(decision.problem) : badRequest(decision.problem);
      return problem({ ...refusal.problem, members: { reason } });
    }
    case 'unchanged': {
      const { outcome, reason, overrides } = decision;
      return jsonAnswer(200, { outcome, reason, overrides: overrides.map(viewOverride) });
    }
    case 'accepted': {
      const { outcome, overrides, takes, covers } = decision;
      return jsonAnswer(status, {
        outcome,
        overrides: overrides.map(viewOverride),
        takes: viewShifts(takes),
        covers: covers.map(viewOverride),
      });
    }
  }
}
