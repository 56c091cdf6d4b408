import { readFileSync } from 'node:fs';
import { makePagerDutyApi } from '../../adapters/pagerduty/pagerduty-api.ts';
import { optionalEnv } from '../env.ts';
import type { PagerDutyApi } from '../ports.ts';

export function pagerDutyApi(): PagerDutyApi {
  const server = optionalEnv('PAGERDUTY_EVENTS_SERVER');
  const caPath = optionalEnv('PAGERDUTY_EVENTS_CA');
  return makePagerDutyApi({
    ...(server !== null && { server }),
    ...(caPath !== null && { ca: readFileSync(caPath, 'utf8') }),
  });
}
