import * as z from 'zod';
import { matcherListSchema, matchRegexSchema, matchSchema } from './matchers.ts';
import { nameSchema, strictMap } from './pieces.ts';

const labelSchema = z.string().min(1);

/** As Alertmanager's; the name is what suppressed alerts show. */
export const inhibitRulesSchema = z
  .array(
    strictMap({
      name: nameSchema.describe('Shown by what it suppresses. Default: its position.').optional(),
      source_matchers: matcherListSchema.describe('The alert that suppresses, while it fires.').optional(),
      source_match: matchSchema.describe('Older spelling of source_matchers with "=".').optional(),
      source_match_re: matchRegexSchema.describe('Older spelling of source_matchers with "=~".').optional(),
      target_matchers: matcherListSchema.describe('The alerts that are suppressed.').optional(),
      target_match: matchSchema.describe('Older spelling of target_matchers with "=".').optional(),
      target_match_re: matchRegexSchema.describe('Older spelling of target_matchers with "=~".').optional(),
      equal: z
        .array(labelSchema)
        .describe('Labels that must have the same value on both; a missing label is the empty text.')
        .optional(),
    }),
  )
  .describe('Alerts that are not told while another one fires.');
