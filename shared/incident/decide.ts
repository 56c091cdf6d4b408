import { exhaustive } from '../kernel/assert.ts';
import { rejected, unchanged } from '../kernel/outcome.ts';
import { acknowledge } from './acknowledge.ts';
import { advance } from './advance.ts';
import { applyAlerts } from './apply-alerts.ts';
import { changeSeverity } from './change-severity.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { escalate } from './escalate.ts';
import type { Incident } from './incident.ts';
import { moveToPolicy } from './move-to-policy.ts';
import { addNote, publishStatus, recordPostmortem } from './narrate.ts';
import { close, resolve } from './resolve.ts';

/**
 * What does a command do to one incident (null: there is none yet)? Invariants: an acknowledgement is a latch, pages come
 * only from a triggered incident and only a stated rule opens a new generation; resolved beats acknowledged; a firing
 * alert is in an open incident or in a hold with an end; every change of what is due is told to the timer.
 * @throws InvariantError when alerts are counted that the incident does not have
 */
export function decideIncident(
  command: IncidentCommand,
  incident: Incident | null,
  context: DecisionContext,
): IncidentDecision {
  if (context.commandId !== null && incident?.recentCommandIds.includes(context.commandId)) {
    return unchanged('command repeated');
  }
  if (command.type === 'ApplyAlerts') return applyAlerts(command, incident, context);
  if (incident === null) return rejected('no such incident');
  switch (command.type) {
    case 'AcknowledgeIncident':
      return acknowledge(command, incident, context);
    case 'ResolveIncident':
      return resolve(command, incident, context);
    case 'EscalateIncident':
      return escalate(incident, context);
    case 'AdvanceIncident':
      return advance(command, incident, context);
    case 'ChangeSeverity':
      return changeSeverity(command, incident, context);
    case 'MoveToPolicy':
      return moveToPolicy(command, incident, context);
    case 'AddNote':
      return addNote(command, incident, context);
    case 'PublishStatus':
      return publishStatus(command, incident, context);
    case 'RecordPostmortem':
      return recordPostmortem(incident, context);
    case 'CloseIncident':
      return close(incident, context);
    default:
      return exhaustive(command);
  }
}
