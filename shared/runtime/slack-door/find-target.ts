import { incidentName } from '../../incident/incident.ts';
import { answerWhichIncident } from '../../notification/slack-command-answers.ts';
import { answer, reasonSentence, type SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import { findIncidentId, listOpenIncidentIds } from '../../store/find-incident.ts';
import { listOpenIncidents } from '../../store/incident-store.ts';
import type { Table } from '../../store/table.ts';

/**
 * How much may be done: within a request at most 3 calls of the table in sequence and no second try; the worker as much as
 * it takes.
 */
export type Haste = 'within a request' | 'by the worker';

export type Target =
  | { readonly found: 'one'; readonly id: string }
  | { readonly found: 'none'; readonly answer: SlackAnswer }
  /** It takes more calls than a request has. */
  | { readonly found: 'later' };

/** Which incident a person means: by its number; without one, the only incident that is open. One call, or three. */
export async function findTarget(table: Table, number: number | null, haste: Haste): Promise<Target> {
  if (number !== null) {
    const id = await findIncidentId(table, number);
    return id === null ? { found: 'none', answer: answerNoSuchIncident(number) } : { found: 'one', id };
  }
  const ids = await listOpenIncidentIds(table);
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return { found: 'one', id: only };
  const open = ids.length === 0 ? [] : await listOpenIncidents(table);
  const [left] = open;
  if (left === undefined || open.length > 1) return { found: 'none', answer: answerWhichIncident(open) };
  // The index still named others that have just been resolved.
  return haste === 'by the worker' ? { found: 'one', id: left.id } : { found: 'later' };
}

export const answerNoSuchIncident = (number: number | null): SlackAnswer =>
  answer(reasonSentence('no such incident', number === null ? 'that incident' : incidentName(number), null));
