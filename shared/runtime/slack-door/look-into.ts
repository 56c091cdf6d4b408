import { comparePinned } from '../../escalation/compare-pinned.ts';
import type { Incident } from '../../incident/incident.ts';
import { incidentLinks } from '../../notification/incident-links.ts';
import { answerPostmortem, answerShow } from '../../notification/slack-look-answers.ts';
import type { SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import { answerWhy } from '../../notification/slack-why-answer.ts';
import { loadHistory } from '../../store/incident-history.ts';
import { loadIncident } from '../../store/incident-store.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { explainPages } from '../../timeline/why.ts';
import type { Deps } from '../deps.ts';
import { draftFor } from '../postmortem.ts';
import { answerNoSuchIncident } from './find-target.ts';

/**
 * Commands that look into one incident. They need more code than all others together, so they are loaded with the first of
 * them: whoever acknowledges does not wait for it.
 */

type LookDeps = Pick<Deps, 'table' | 'clock' | 'policy' | 'settings'>;

export interface Looked {
  readonly id: string;
  /** As the person named it. */
  readonly number: number | null;
}

export async function show({ table, clock, policy, settings }: LookDeps, { id, number }: Looked): Promise<SlackAnswer> {
  const incident = await loadIncident(table, id);
  return incident === null
    ? answerNoSuchIncident(number)
    : answerShow(
        incident,
        incidentLinks(incident, policy, settings.publicUrl),
        comparePinned(incident, policy, clock.now()),
      );
}

export async function explain(deps: LookDeps, { id, number }: Looked): Promise<SlackAnswer> {
  const { table, policy, clock } = deps;
  const [incident, { commits, pages }, overrides] = await Promise.all([
    loadIncident(table, id),
    loadHistory(table, id),
    loadOverrides(table, policy, clock.now()),
  ]);
  if (incident === null) return answerNoSuchIncident(number);
  return answerWhy(incident, explainPages(commits, pages), { policy, overrides });
}

/**
 * The draft is shown to who asked, and the timeline records that there is one.
 * @param record stores that, and answers the incident; null when there is none
 */
export async function draft(
  deps: LookDeps,
  { id, number }: Looked,
  record: () => Promise<Incident | null>,
): Promise<SlackAnswer> {
  const [history, incident] = await Promise.all([loadHistory(deps.table, id), record()]);
  if (incident === null) return answerNoSuchIncident(number);
  const address = `${deps.settings.publicUrl}/v1/incidents/${incident.number}/postmortem`;
  return answerPostmortem(incident, draftFor(deps, incident, history), address);
}
