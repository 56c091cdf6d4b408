import { duesOf } from '../../incident/dues.ts';
import { type Incident, incidentName } from '../../incident/incident.ts';
import { incidentLinks } from '../../notification/incident-links.ts';
import { nextPage } from '../../notification/next-page.ts';
import type { Override } from '../../on-call/override.ts';
import { describeEvent } from '../../timeline/describe.ts';
import type { Commit } from '../../timeline/events.ts';
import type { Deps } from '../deps.ts';

/** Named as in the stored state; the rest is Tocsin's own machinery. */
const toldFields = [
  'number',
  'id',
  'version',
  'title',
  'status',
  'severity',
  'generation',
  'dueAt',
  'openedAt',
  'triggeredAt',
  'acknowledgedAt',
  'acknowledgedBy',
  'resolvedAt',
  'resolvedBy',
  'resolveReason',
  'heldUntil',
  'closedAt',
  'reopenings',
  'source',
  'service',
  'owner',
  'routePath',
  'incidentKey',
  'slackChannelId',
  'firing',
  'flapping',
  'alertsTotal',
  'sample',
  'statusUpdate',
] as const satisfies readonly (keyof Incident)[];

/**
 * An incident as the API tells it.
 * @param overrides where they are at hand, so that whom it pages next is named
 */
export function viewIncident(
  { policy, settings }: Pick<Deps, 'policy' | 'settings'>,
  incident: Incident,
  overrides?: readonly Override[],
) {
  const { pinned, escalation } = incident;
  return {
    name: incidentName(incident.number),
    ...Object.fromEntries(toldFields.map((field) => [field, incident[field]])),
    dues: duesOf(incident),
    escalation: {
      policy: pinned.escalation.name,
      steps: pinned.escalation.steps.length,
      stepsDone: escalation.stepsDone,
      repeats: escalation.repeats,
      fallbackUsed: escalation.fallbackUsed,
      next: nextPage(incident, overrides && { policy, overrides }),
    },
    policyHash: pinned.policyHash,
    links: incidentLinks(incident, policy, settings.publicUrl),
  };
}

/** The events of one commit, each with its sentence and who did it (null: Tocsin, by its policy). */
export const viewCommit = (commit: Commit) =>
  commit.events.map((event) => ({
    at: commit.at,
    version: commit.version,
    ...(commit.part === '' ? {} : { part: commit.part }),
    type: event.type,
    actor: 'by' in event ? event.by : null,
    sentence: describeEvent(event, commit),
    policyHash: commit.policyHash,
  }));
