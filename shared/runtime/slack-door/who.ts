import { incidentName } from '../../incident/incident.ts';
import type { WhoWish } from '../../notification/parse-who-command.ts';
import type { SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import { answerWho, answerWhoProblem } from '../../notification/slack-who-answer.ts';
import { predictOpen } from '../../prediction/predict.ts';
import { readLabels, readWhen } from '../../prediction/read-question.ts';
import { showCourse, showPrediction } from '../../prediction/show-prediction.ts';
import { loadIncident, loadPages } from '../../store/incident-store.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { answerQuestion, type SimulationDeps } from '../answer-question.ts';
import { answerNoSuchIncident } from './find-target.ts';

/** `/incident who LABELS [at TIME]`: who would be told of such an alert. Times are read and shown on the policy's clocks. */
export async function whoOfAlert(deps: SimulationDeps, text: string, { at }: WhoWish): Promise<SlackAnswer> {
  const { timeZone } = deps.policy.workingHours;
  const labels = readLabels(text);
  if (!labels.ok) return answerWhoProblem(labels.problem);
  const when = at === null ? null : readWhen(at, timeZone);
  if (when !== null && !when.ok) return answerWhoProblem(when.problem);
  const prediction = await answerQuestion(deps, {
    labels: labels.value,
    at: when?.value ?? deps.clock.now(),
    source: Object.keys(deps.policy.sources)[0] ?? 'operators',
    arrival: 'webhook',
    severity: null,
    horizonSeconds: null,
    acknowledgedAt: null,
  });
  return answerWho('Who is told of such an alert, if nobody acts:', showPrediction(prediction, timeZone));
}

/** `/incident who 42`: what happens next to it, if nobody acts. */
export async function whoIsNext(
  { table, policy, clock }: SimulationDeps,
  { id, number }: { readonly id: string; readonly number: number | null },
): Promise<SlackAnswer> {
  const now = clock.now();
  const reads = [loadIncident(table, id), loadOverrides(table, policy, now), loadPages(table, id)] as const;
  const [incident, overrides, owed] = await Promise.all(reads);
  if (incident === null) return answerNoSuchIncident(number);
  const course = predictOpen(incident, now, { policy, overrides, owed });
  const title = `${incidentName(incident.number)} is ${incident.severity}, ${incident.status}. If nobody acts:`;
  return answerWho(title, showCourse(course, policy.workingHours.timeZone));
}
