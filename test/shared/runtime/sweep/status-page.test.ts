import { describe, expect, it } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { runSweep } from '#shared/runtime/sweep/run-sweep.ts';
import { makeFakeIds } from '#test/support/fake-ports.ts';
import { ingestPolicy } from '#test/support/ingest-world.ts';
import { makeKit } from '#test/support/lane-kit.ts';

const sweptWith = async (kit: ReturnType<typeof makeKit>, hash: string) => {
  const ids = { ...makeFakeIds(), next: () => 'ID00000000000000000001' };
  await runSweep({ ...kit, ids, policy: { ...ingestPolicy, hash } }, addSeconds(kit.clock.now(), 45));
  return kit.queues.sent.filter(({ queue }) => queue === 'status-updates').map(({ body }) => body);
};
const writeAnew = { kind: 'status page', correlationId: 'ID00000000000000000001' };

describe('the public status page', () => {
  it('is written in the first minute of a deployment, before anything was ever published', async () => {
    expect(await sweptWith(makeKit(), 'policy-1')).toEqual([writeAnew]);
  });

  it('is not written again by every sweep', async () => {
    const kit = makeKit();
    await sweptWith(kit, 'policy-1');
    expect(await sweptWith(kit, 'policy-1')).toEqual([writeAnew]);
  });

  it('is written again when the policy file has changed, because its components may have', async () => {
    const kit = makeKit();
    await sweptWith(kit, 'policy-1');
    expect(await sweptWith(kit, 'policy-2')).toEqual([writeAnew, writeAnew]);
  });

  it('is asked for again in the next minute when the queue was out of reach', async () => {
    const kit = makeKit();
    kit.queues.failWith = new AdapterError('sqs', 'unavailable', 'down');
    await expect(sweptWith(kit, 'policy-1')).rejects.toThrow('could not be swept');
    kit.queues.failWith = null;
    expect(await sweptWith(kit, 'policy-1')).toEqual([writeAnew]);
  });
});
