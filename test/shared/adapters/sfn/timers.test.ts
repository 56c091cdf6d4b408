import { ExecutionAlreadyExists, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { makeTimers } from '#shared/adapters/sfn/timers.ts';

function clientThat(answer: () => unknown) {
  const client = new SFNClient({ region: 'eu-west-1' });
  const inputs: unknown[] = [];
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        inputs.push(input);
        return { output: { $metadata: {}, ...Object(answer()) }, response: {} };
      },
    { step: 'initialize' },
  );
  return { timers: makeTimers({ stateMachineArn: 'arn:machine', client }), inputs };
}

const fail = (error: Error) => () => {
  throw error;
};
const input = { incidentId: '01JA', generation: 2, part: 1, ticks: 0 };

describe('timers in Step Functions', () => {
  it('starts an execution by its name', async () => {
    const { timers, inputs } = clientThat(() => ({}));
    await timers.start('01JA-2-1', input);
    expect(inputs).toEqual([{ stateMachineArn: 'arn:machine', name: '01JA-2-1', input: JSON.stringify(input) }]);
  });

  it('takes a name that exists already for success', async () => {
    const { timers } = clientThat(fail(new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' })));
    await expect(timers.start('01JA-2-1', input)).resolves.toBeUndefined();
  });

  it('answers any other failure as an AdapterError', async () => {
    const { timers } = clientThat(fail(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })));
    await expect(timers.start('01JA-2-1', input)).rejects.toMatchObject({
      name: 'AdapterError',
      service: 'step-functions',
      reason: 'unavailable',
    });
  });
});
