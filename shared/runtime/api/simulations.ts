import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { incidentName } from '../../incident/incident.ts';
import { predictOpen } from '../../prediction/predict.ts';
import type { PredictedCourse } from '../../prediction/prediction.ts';
import { findIncidentId } from '../../store/find-incident.ts';
import { loadIncident, loadPages } from '../../store/incident-store.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { answerQuestion, type SimulationDeps } from '../answer-question.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { notFound, readJsonBody } from '../read-value.ts';
import { readSimulation } from './read-simulation.ts';

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

/** Null: there is no such incident. */
export async function predictIncident(
  { table, policy, clock }: SimulationDeps,
  number: number,
  horizonSeconds: number | null,
): Promise<PredictedCourse | null> {
  const id = await findIncidentId(table, number);
  const at = clock.now();
  if (id === null) return null;
  const reads = [loadIncident(table, id), loadOverrides(table, policy, at), loadPages(table, id)] as const;
  const [incident, overrides, owed] = await Promise.all(reads);
  return incident === null ? null : predictOpen(incident, at, { policy, overrides, horizonSeconds, owed });
}
