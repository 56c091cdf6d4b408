import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import { runCommand } from '#shared/runtime/run-command.ts';
import { overridePartition } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import { type CountingTable, makeCountingTable } from '#test/support/counting-table.ts';
import { dora } from '#test/support/decision-builders.ts';
import { anAlert, aResolved, aWebhook, IngestWorld } from '#test/support/ingest-world.ts';
import { aSchedule } from '#test/support/on-call-kit.ts';

const web1 = anAlert('web-1');
const escalating: IncidentCommand = { type: 'EscalateIncident' };

/** The product with or without schedules, and each look at the overrides. */
function worldOf(withSchedules: boolean) {
  const looks: string[] = [];
  let counting: CountingTable | null = null;
  const wrap = (table: Table) => {
    counting = makeCountingTable({
      ...table,
      query: (query) => {
        if (query.pk === overridePartition) looks.push(query.skFrom ?? '');
        return table.query(query);
      },
    });
    return counting;
  };
  const world = new IngestWorld({}, wrap);
  if (withSchedules) world.deps.policy = { ...world.deps.policy, schedules: { primary: aSchedule() } };
  /** How many looks and how many calls in sequence something takes. */
  const measure = async (act: () => Promise<unknown>) => {
    const before = { looks: looks.length, depth: counting?.depth ?? 0 };
    await act();
    return { looks: looks.length - before.looks, depth: (counting?.depth ?? 0) - before.depth };
  };
  const escalate = async () => {
    const [incident] = world.incidents();
    const request = { command: escalating, actor: dora, commandId: null, correlationId: 'test' };
    return runCommand(world.deps, { ...request, incidentId: incident?.id ?? '' });
  };
  return { world, measure, escalate };
}

describe('overrides', () => {
  it('are read beside something else wherever steps may run, so that nothing waits for them', async () => {
    const [plain, scheduled] = [worldOf(false), worldOf(true)];

    const opening = () => plain.world.receive(aWebhook([web1]));
    const openingWithSchedules = () => scheduled.world.receive(aWebhook([web1]));
    const { depth } = await plain.measure(opening);
    expect(await scheduled.measure(openingWithSchedules)).toEqual({ looks: 1, depth });

    const escalated = await plain.measure(plain.escalate);
    expect(escalated.looks).toBe(0);
    expect(await scheduled.measure(scheduled.escalate)).toEqual({ looks: 1, depth: escalated.depth });
  });

  it('are not read for what opens nothing and makes nothing worse', async () => {
    const { world, measure } = worldOf(true);
    await world.receive(aWebhook([web1]));
    world.clock.advance(60);

    const repeat = () => world.receive(aWebhook([web1]));
    const end = () => world.receive(aWebhook([aResolved(web1, world.clock.now())]));

    expect((await measure(repeat)).looks).toBe(0);
    expect((await measure(end)).looks).toBe(0);
  });
});
