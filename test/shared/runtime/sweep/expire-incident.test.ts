import { describe, expect, it } from 'vitest';
import type { Incident } from '#shared/incident/incident.ts';
import { addSeconds, secondsBetween } from '#shared/kernel/instant.ts';
import { expireIncident } from '#shared/runtime/sweep/expire-incident.ts';
import { SweepRun } from '#shared/runtime/sweep/sweep-run.ts';
import { functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import { incidentItem } from '#shared/store/incident-items.ts';
import { laneStateKey } from '#shared/store/keys.ts';
import { makeMemoryTable } from '#shared/store/memory-table.ts';
import { aPolicy, carryOut, joins, noon, resolves } from '#test/support/decision-builders.ts';
import { makeFakeClock, makeFakeLog, makeFakeMetrics } from '#test/support/fake-ports.ts';
import { anAlert, aResolved, aWebhook, IngestWorld, startedAt } from '#test/support/ingest-world.ts';

const closedAt = addSeconds(noon, 60);
const policy = aPolicy();

/** A closed incident whose timeline has so many items; each write of the table takes 10 ms. */
async function closedIncident(items: number) {
  const clock = makeFakeClock(addSeconds(closedAt, 7200));
  const table = makeMemoryTable({
    inject: ({ name, moment }) => {
      if (name === 'write' && moment === 'before') clock.advance(0.01);
      return null;
    },
  });
  const opened = carryOut(null, joins('SEV4', ['a']), noon).incident;
  const resolved = carryOut(opened, resolves(['a']), addSeconds(noon, 30)).incident;
  const incident: Incident = { ...resolved, status: 'closed', closedAt };
  await table.write([{ kind: 'put', item: incidentItem(incident) }]);
  for (let index = 0; index < items; index += 1) {
    const { pk } = laneStateKey(incident.id, 'slack');
    await table.write([
      { kind: 'put', item: { pk, sk: `COMMIT#${String(index).padStart(10, '0')}#`, kind: 'commit' } },
    ]);
  }
  const runUntil = async (seconds: number): Promise<void> => {
    const run = new SweepRun(
      { clock, log: makeFakeLog(), metrics: makeFakeMetrics() },
      addSeconds(clock.now(), seconds),
    );
    await expireIncident({ table, policy }, run, incident, closedAt);
  };
  const mortal = () => table.allItems().filter((item) => item.expiresAtEpochSeconds !== undefined).length;
  const isDue = () => table.allItems().some((item) => item.sk === 'STATE' && item.dueAt !== undefined);
  return { runUntil, mortal, isDue };
}

describe('the clean-up of a closed incident', () => {
  it('gives every item its time to live and leaves the work list', async () => {
    const { runUntil, mortal, isDue } = await closedIncident(250);

    await runUntil(1000);

    expect({ mortal: mortal(), isDue: isDue() }).toEqual({ mortal: 251, isDue: false });
  });

  it('stops when the time of the sweep is up, and goes on where it stopped, however long the timeline is', async () => {
    const { runUntil, mortal, isDue } = await closedIncident(1000);
    const progress: number[] = [];

    while (isDue() && progress.length < 10) {
      await runUntil(4);
      progress.push(mortal());
    }

    expect({ progress, isDue: isDue() }).toEqual({ progress: [400, 800, 1001], isDue: false });
  });

  it('holds up nothing that somebody waits for: it comes after everything else of the sweep', async () => {
    let secondsPerWrite = 0;
    const world: IngestWorld = new IngestWorld({
      inject: ({ name, moment }) => {
        if (name === 'write' && moment === 'before') world.clock.advance(secondsPerWrite);
        return null;
      },
    });
    const quiet = anAlert('web-1', { labels: { alertname: 'Quiet', severity: 'info', instance: 'web-1' } });
    await world.receive(aWebhook([quiet]));
    await world.receive(aWebhook([aResolved(quiet, startedAt)]));
    world.clock.advance(86_400 + 61);
    await world.sweep();
    const [closed] = world.incidents();
    const { pk } = laneStateKey(closed?.id ?? '', 'slack');
    for (let index = 0; index < 300; index += 1) {
      await world.memory.write([{ kind: 'put', item: { pk, sk: `COMMIT#9${index}#`, kind: 'commit' } }]);
    }
    world.clock.advance(3601);
    secondsPerWrite = 1;
    const began = world.clock.now();

    await world.sweep();

    const [heartbeat] = world.memory.allItems().filter(({ kind }) => kind === 'heartbeat');
    expect(heartbeat).toMatchObject({ startedAt: began, complete: true });
    expect(secondsBetween(began, world.clock.now())).toBeLessThan(functionTimeoutSeconds.sweep);
  });
});
