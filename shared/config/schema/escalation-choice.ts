import * as z from 'zod';
import { severities } from '../../incident/severity.ts';
import { explain, referenceTo, strictMap } from './pieces.ts';

const entrySchema = strictMap({
  severities: z
    .array(z.enum(severities))
    .min(1, { error: explain('severities is empty', 'Remove severities: (then it is for each) or fill it.') })
    .describe('Only for these. Default: each.')
    .optional(),
  during: referenceTo('a time interval; it counts when the incident opens in it. Default: at any time').optional(),
  use: referenceTo('the escalation policy'),
});

/** Of a route or a service. */
export const escalationChoiceSchema = z.union([
  referenceTo('the escalation policy'),
  z
    .array(entrySchema)
    .min(1, { error: explain('the list of escalation policies is empty', 'Name one, such as - use: default-sev1.') })
    .max(20, { error: explain('the list has more than 20 entries', 'Merge some of them.') }),
]);

export type EscalationChoiceDocument = z.infer<typeof escalationChoiceSchema>;
