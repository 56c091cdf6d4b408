import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Incident } from '../incident/incident.ts';
import { cutToUtf8, utf8Length } from '../kernel/utf8.ts';
import { draftPostmortem } from '../postmortem/draft-postmortem.ts';
import { type IncidentHistory, loadHistory } from '../store/incident-history.ts';
import { readIncident } from './api/read-incidents.ts';
import type { Deps } from './deps.ts';
import { problem } from './problem.ts';

/** Lambda answers at most 6 MB, in which each quote and line end takes two bytes. */
const longestDraftBytes = 2 * 1024 * 1024;
const shortenedNote = '\n\n_The draft is longer than one answer holds; the timeline in the API has the rest._\n';

/** The draft as of now, as Markdown; the same for every door. */
export const draftFor = (deps: Pick<Deps, 'clock'>, incident: Incident, history: IncidentHistory): string =>
  draftPostmortem({ incident, ...history, now: deps.clock.now() });

/** GET /v1/incidents/{number}/postmortem. A look changes nothing: only `/incident postmortem` records the draft. */
export async function answerPostmortem(
  deps: Pick<Deps, 'table' | 'clock'>,
  event: APIGatewayProxyEvent,
): Promise<APIGatewayProxyResult> {
  const read = await readIncident(deps, event);
  if (!read.ok) return problem(read.problem);
  const markdown = draftFor(deps, read.value, await loadHistory(deps.table, read.value.id));
  const fits = utf8Length(markdown) <= longestDraftBytes;
  return {
    statusCode: 200,
    headers: {
      'Content-Type': 'text/markdown; charset=utf-8',
      'Cache-Control': 'no-store',
      // The texts of alerts and people are in it: no browser may take it for a page.
      'X-Content-Type-Options': 'nosniff',
    },
    body: fits ? markdown : `${cutToUtf8(markdown, longestDraftBytes)}${shortenedNote}`,
  };
}
