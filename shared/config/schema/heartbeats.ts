import * as z from 'zod';
import { severities } from '../../incident/severity.ts';
import { matcherListSchema } from './matchers.ts';
import { durationSchema, explain, namedMap, referenceTo, strictMap } from './pieces.ts';

const severitySchema = z.enum(severities);

export const heartbeatsSchema = namedMap(
  strictMap({
    source: referenceTo('the source that must keep sending'),
    matchers: matcherListSchema
      .describe('The alert that must keep firing, such as Watchdog. Default: any request of the source counts.')
      .optional(),
    every: durationSchema('1m', '30d').describe('How often it arrives; late after that.'),
    grace: durationSchema('0s', '30d').describe('Missing so much later. Default: the same as every.').optional(),
    lateSeverity: severitySchema.describe('When it is late. Default: nobody is told.').optional(),
    missingSeverity: severitySchema.describe('When it is missing. Default: SEV2.').optional(),
    owner: referenceTo("the team that is told. Default: the root route's").optional(),
  }),
).describe('What must keep arriving: a source, or an alert that always fires.');

const transitionsFix = 'Write 2 to 100, or 0 for never.';

export const flappingSchema = strictMap({
  transitions: z
    .int({ error: () => explain('transitions is not a whole number', transitionsFix) })
    .refine((count) => count === 0 || (count >= 2 && count <= 100), {
      error: explain('transitions is out of range', transitionsFix),
    })
    .describe('Beginnings of one alert from which on it flaps; 0: never. Default: 4.')
    .optional(),
  within: durationSchema('1m', '7d').describe('They are counted in this time. Default: 1h.').optional(),
  calmAfter: durationSchema('1m', '7d').describe('Calm after so long without a change. Default: 15m.').optional(),
}).describe('When an alert that keeps toggling holds one incident open.');
