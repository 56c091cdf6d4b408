import { formatDuration } from '../config/duration.ts';
import type { IncidentEvent } from './events.ts';

type DeadlineEvent = Extract<
  IncidentEvent,
  {
    type:
      | 'TimerSet'
      | 'IncidentAcknowledged'
      | 'AcknowledgementExpiring'
      | 'DeadlineMissed'
      | 'UpdateDue'
      | 'PolicyMoved';
  }
>;

/** The sentence of an event about what is due when. People are named, not mentioned: none of these interrupts anybody. */
export function describeDeadline(event: DeadlineEvent): string {
  switch (event.type) {
    case 'TimerSet':
      return describeTimer(event);
    case 'IncidentAcknowledged': {
      const what = event.renews ? 'Acknowledgement renewed' : 'Acknowledged';
      return `${what} by ${event.by.name}${event.expiresAt === null ? '' : ` until ${event.expiresAt}`}.`;
    }
    case 'AcknowledgementExpiring': {
      const whose =
        event.acknowledgedBy === null ? 'The acknowledgement' : `${event.acknowledgedBy.name}'s acknowledgement`;
      return `${whose} expires at ${event.expiresAt}: whoever works on it acknowledges again, or people are paged anew.`;
    }
    case 'DeadlineMissed': {
      const what = event.deadline === 'acknowledge' ? 'Nobody acknowledged' : 'Not resolved';
      return `${what} within ${formatDuration(event.withinSeconds)}, the time that its severity gives.${describeResult(event)}`;
    }
    case 'UpdateDue': {
      const who = event.acknowledgedBy === null ? 'whoever works on it' : event.acknowledgedBy.name;
      return `No note and no public update for ${formatDuration(event.everySeconds)}: ${who}, how does it stand?`;
    }
    case 'PolicyMoved': {
      const changes = event.changes.length === 0 ? 'nothing in it changes for this incident' : event.changes.join('; ');
      return `Moved from policy file ${event.from} to ${event.to} by ${event.by.name}: ${changes}.`;
    }
  }
}

function describeTimer({ dueAt, reminderAt }: Extract<IncidentEvent, { type: 'TimerSet' }>): string {
  if (reminderAt !== undefined) {
    const then = dueAt === null ? '' : `, the next thing after it at ${dueAt}`;
    return `A deadline or reminder is due at ${reminderAt}${then}.`;
  }
  return dueAt === null ? 'Nothing more is due.' : `The next thing is due at ${dueAt}.`;
}

function describeResult({ pages, deadline }: Extract<IncidentEvent, { type: 'DeadlineMissed' }>): string {
  if (!pages) return '';
  return deadline === 'acknowledge' ? ' The next step is brought forward.' : ' The acknowledgement ends.';
}
