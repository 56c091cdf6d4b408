import type { IncidentCommand } from '../../incident/commands.ts';
import type { SlackCommand } from '../../notification/parse-slack-command.ts';
import type { ButtonValue, SlackButton } from '../../notification/slack-buttons.ts';
import type { ChangingCommand } from '../../notification/slack-outcome-answer.ts';

/** What a person wants changed: as they call it, and as it is decided. */
export interface WantedChange {
  readonly name: ChangingCommand;
  readonly command: IncidentCommand;
}

/** Null for a command that only looks. Who types has seen nothing that could have changed since. */
export function changeOf(command: SlackCommand): WantedChange | null {
  switch (command.kind) {
    case 'acknowledge':
      return {
        name: 'acknowledge',
        command: { type: 'AcknowledgeIncident', seenSeverity: null, seenGeneration: null },
      };
    case 'resolve':
      return { name: 'resolve', command: { type: 'ResolveIncident', reason: 'by a person' } };
    case 'escalate':
      return { name: 'escalate', command: { type: 'EscalateIncident' } };
    case 'move':
      return { name: 'move', command: { type: 'MoveToPolicy', seenHash: null } };
    case 'severity':
      return { name: 'severity', command: { type: 'ChangeSeverity', severity: command.severity } };
    case 'note':
      return { name: 'note', command: { type: 'AddNote', text: command.text } };
    case 'update':
      return { name: 'update', command: { type: 'PublishStatus', status: command.status, text: command.text } };
    default:
      return null;
  }
}

/** An acknowledgement carries what the presser saw: a severity that has risen since, or a generation that is over, refuses it. */
export function commandOfButton(button: SlackButton, seen: ButtonValue): IncidentCommand {
  switch (button) {
    case 'acknowledge':
      return { type: 'AcknowledgeIncident', seenSeverity: seen.severity, seenGeneration: seen.generation };
    case 'resolve':
      return { type: 'ResolveIncident', reason: 'by a person' };
    case 'escalate':
      return { type: 'EscalateIncident' };
    case 'move':
      return { type: 'MoveToPolicy', seenHash: seen.policyHash ?? null };
  }
}

/** How people call a command that came from a button. */
export function buttonOfCommand({ type }: IncidentCommand): SlackButton | null {
  switch (type) {
    case 'AcknowledgeIncident':
      return 'acknowledge';
    case 'ResolveIncident':
      return 'resolve';
    case 'EscalateIncident':
      return 'escalate';
    case 'MoveToPolicy':
      return 'move';
    default:
      return null;
  }
}
