import type { Labels } from '#shared/alert/labels.ts';
import type { Actor } from '#shared/incident/incident.ts';
import type { Prediction } from '#shared/prediction/prediction.ts';
import type { IncidentEvent } from '#shared/timeline/events.ts';
import { type LedgerPage, predictionDifferences } from '#test/support/prediction-differences.ts';
import { listIncidents, request } from './operator.ts';

/**
 * Asks the product, of every incident that it opened, who is told of its first alert, and compares the answer with its page
 * ledger: up to what somebody did, the pages must be those predicted, each within a second.
 */
export async function comparePredictions(product: { readonly url: string }): Promise<readonly string[]> {
  const incidents = await listIncidents(product);
  const found = await Promise.all(incidents.map(({ number }) => compareOne(product, number)));
  return found.flat();
}

interface Explained {
  readonly incident: { readonly name: string; readonly openedAt: string };
  readonly routePath: string;
  readonly openedBy: { readonly source: string; readonly labels: Labels } | null;
  readonly pages: readonly LedgerPage[];
}

interface Told {
  readonly at: string;
  readonly type: IncidentEvent['type'];
  readonly actor: Actor | null;
}

/** The end-to-end runs begin with a machine that does other things too. */
const toleranceSeconds = 1;
const horizon = '2h';

async function compareOne(product: { readonly url: string }, number: number): Promise<readonly string[]> {
  // The clock before the ledger: what is due later may be missing.
  const now = new Date().toISOString();
  const [explained, timeline] = await Promise.all([
    request<Explained>(product, `/v1/incidents/${number}/why`),
    request<{ readonly events: readonly Told[] }>(product, `/v1/incidents/${number}/timeline`),
  ]);
  const { incident, openedBy, routePath, pages } = explained;
  if (openedBy === null) return [`${incident.name} has no first alert`];
  const body = JSON.stringify({ ...openedBy, at: incident.openedAt, horizon });
  const { prediction } = await request<{ readonly prediction: Prediction }>(product, '/v1/simulations', {
    method: 'POST',
    body,
  });
  if (prediction.outcome === 'suppressed')
    return [`${incident.name} was opened, and predicted to be suppressed: ${prediction.why}`];
  const predicted = prediction.incidents.find((each) => each.routePath === routePath);
  if (predicted === undefined) return [`${incident.name} was opened by route ${routePath}, which nobody predicted`];
  const acted = timeline.events.find((event) => event.at > incident.openedAt && isUnforeseen(event))?.at;
  const until = acted === undefined || acted > now ? now : acted;
  return predictionDifferences({ moments: predicted.moments, ledger: pages, until, toleranceSeconds }).map(
    (difference) => `${incident.name}: ${difference}`,
  );
}

const harmless: ReadonlySet<IncidentEvent['type']> = new Set(['NoteAdded', 'StatusPublished', 'PostmortemDrafted']);
const fromOutside: ReadonlySet<IncidentEvent['type']> = new Set([
  'IncidentResolved',
  'IncidentReopened',
  'SeverityChanged',
  'FlappingBegan',
]);

/** What people and sources do; what the timer does is foreseen. */
const isUnforeseen = ({ type, actor }: Told): boolean =>
  fromOutside.has(type) ||
  (actor !== null && actor.kind !== 'tocsin' && actor.kind !== 'source' && !harmless.has(type));
