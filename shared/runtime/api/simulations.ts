import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { incidentName } from '../../incident/incident.ts';
import { earliest } from '../../kernel/instant.ts';
import { predict, predictOpen } from '../../prediction/predict.ts';
import type { LiveFacts, PredictedCourse, Prediction, Question } from '../../prediction/prediction.ts';
import { findIncidentId } from '../../store/find-incident.ts';
import { loadIncident } from '../../store/incident-store.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { loadSilences } from '../../store/silence-store.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { notFound, readJsonBody } from '../read-value.ts';
import { readSimulation } from './read-simulation.ts';

export type SimulationDeps = Pick<Deps, 'table' | 'policy' | 'clock'>;

/** POST /v1/simulations: who would be told of such an alert, or what happens next to an incident. Nothing is stored. */
export async function simulate(deps: SimulationDeps, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const body = readJsonBody(event);
  const request = body.ok ? readSimulation(body.value, deps.clock.now()) : body;
  if (!request.ok) return problem(request.problem);
  const asked = request.value;
  if (asked.about === 'alert') return jsonAnswer(200, { prediction: await answerQuestion(deps, asked.question) });
  const { number, horizonSeconds } = asked;
  const course = await predictIncident(deps, number, horizonSeconds);
  return course === null
    ? problem(notFound(`There is no ${incidentName(number)}. GET /v1/incidents lists what is open.`).problem)
    : jsonAnswer(200, { incident: incidentName(number), course });
}

/** A question answered with what is stored: two reads at once. */
export async function answerQuestion(
  { table, policy, clock }: SimulationDeps,
  question: Question,
): Promise<Prediction> {
  // Also what has ended since, when somebody asks about the past.
  const since = earliest(question.at, clock.now());
  const [silences, overrides] = await Promise.all([loadSilences(table), loadOverrides(table, policy, since)]);
  const live: LiveFacts = { silences, overrides };
  return predict(policy, question, live);
}

/** Null: there is no such incident. */
export async function predictIncident(
  { table, policy, clock }: SimulationDeps,
  number: number,
  horizonSeconds: number | null,
): Promise<PredictedCourse | null> {
  const id = await findIncidentId(table, number);
  const at = clock.now();
  const [incident, overrides] =
    id === null ? [null, []] : await Promise.all([loadIncident(table, id), loadOverrides(table, policy, at)]);
  return incident === null ? null : predictOpen(incident, at, { policy, overrides, horizonSeconds });
}
