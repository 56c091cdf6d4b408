import { incidentName } from '../incident/incident.ts';
import { earliest } from '../kernel/instant.ts';
import { predict } from '../prediction/predict.ts';
import type { PredictedIncident, Prediction, Question } from '../prediction/prediction.ts';
import { loadIncidents, loadPointers } from '../store/incident-store.ts';
import { loadOverrides } from '../store/override-store.ts';
import { loadSilences } from '../store/silence-store.ts';
import type { Deps } from './deps.ts';
import { ownerOf } from './ingest/incident-work.ts';

export type SimulationDeps = Pick<Deps, 'table' | 'policy' | 'clock'>;

/** A question answered with what is stored: two reads at once, and two more in sequence where its key is known. */
export async function answerQuestion(deps: SimulationDeps, question: Question): Promise<Prediction> {
  const { table, policy, clock } = deps;
  // Also what has ended since, when somebody asks about the past.
  const since = earliest(question.at, clock.now());
  const [silences, overrides] = await Promise.all([loadSilences(table), loadOverrides(table, policy, since)]);
  const prediction = predict(policy, question, { silences, overrides });
  if (prediction.outcome === 'suppressed') return prediction;
  return { ...prediction, incidents: await withJoined(deps, prediction.incidents) };
}

/** Who asks while an incident runs must hear that the alert would open no other one. */
async function withJoined(
  { table, clock }: SimulationDeps,
  predicted: readonly PredictedIncident[],
): Promise<readonly PredictedIncident[]> {
  const keys = [...new Set(predicted.flatMap(({ incidentKey }) => incidentKey ?? []))];
  if (keys.length === 0) return predicted;
  const found = await loadPointers(table, keys);
  const pointers = new Map(keys.map((key, index) => [key, found[index] ?? null]));
  const ids = found.flatMap((pointer) => pointer?.incidentId ?? []);
  const loaded = (await loadIncidents(table, ids)).flatMap((incident) => incident ?? []);
  const incidents = new Map(loaded.map((incident) => [incident.id, incident]));
  return predicted.map((each) => {
    const owner = each.incidentKey === null ? null : ownerOf(each.incidentKey, { pointers, incidents }, clock.now());
    if (owner === null) return each;
    const { number, status, severity } = owner;
    return { ...each, joins: { name: incidentName(number), status, severity } };
  });
}
