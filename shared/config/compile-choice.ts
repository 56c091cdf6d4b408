import type { EscalationChoice } from '../escalation/escalation-choice.ts';
import type { EscalationChoiceDocument } from './schema/escalation-choice.ts';

export const compileChoice = (choice: EscalationChoiceDocument): EscalationChoice =>
  typeof choice === 'string'
    ? choice
    : choice.map(({ severities, during, use }) => ({
        severities: [...(severities ?? [])],
        during: during ?? null,
        policy: use,
      }));
