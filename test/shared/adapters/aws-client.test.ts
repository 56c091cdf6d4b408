import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { withoutLog } from '#shared/adapters/aws-client.ts';

/** The lines that the SDK's own log writes for one call, made by `prepare`. */
async function linesOfOneCall(prepare: (client: SFNClient) => SFNClient): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const write = (...content: unknown[]) => {
    lines.push(...content);
  };
  const client = new SFNClient({
    region: 'eu-west-1',
    logger: { debug: write, info: write, warn: write, error: write },
  });
  client.middlewareStack.add(() => async () => ({ output: { $metadata: {} }, response: {} }), {
    step: 'initialize',
    priority: 'low',
  });
  await prepare(client).send(new StartExecutionCommand({ stateMachineArn: 'arn:machine', name: 'a-name' }));
  return lines;
}

it('keeps what is sent to AWS out of every log', async () => {
  expect(JSON.stringify(await linesOfOneCall((client) => client))).toContain('a-name');
  expect(await linesOfOneCall(withoutLog)).toEqual([]);
});
