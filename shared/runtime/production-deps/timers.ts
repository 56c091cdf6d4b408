import { makeTimers } from '../../adapters/sfn/timers.ts';
import { requireEnv } from '../env.ts';
import type { Timers } from '../ports.ts';

export const stepFunctionTimers = (): Timers => makeTimers({ stateMachineArn: requireEnv('STATE_MACHINE_ARN') });
