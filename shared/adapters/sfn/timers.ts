import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Timers } from '../../runtime/ports.ts';
import { patientClient, withoutLog } from '../aws-client.ts';
import { toAdapterError } from '../aws-error.ts';

export interface TimersOptions {
  readonly stateMachineArn: string;
  readonly client?: SFNClient;
}

/** 3 tries of 1 s to connect and 3 s to answer: 12 s and pauses below 1 s, within the 60 s of dispatch-timeline. */
const makeClient = () =>
  withoutLog(new SFNClient(patientClient({ attempts: 3, connectMillis: 1000, answerMillis: 3000 })));

/** Executions of the state machine. A name that was taken in the last 90 days means that this timer was started before. */
export function makeTimers({ stateMachineArn, client = makeClient() }: TimersOptions): Timers {
  return {
    async start(name, input) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return;
        throw toAdapterError('step-functions', error);
      }
    },
  };
}
