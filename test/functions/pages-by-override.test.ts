import { describe, expect, it } from 'vitest';
import { makeHandler as makeTick } from '#functions/tick-escalation.ts';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { runCommand } from '#shared/runtime/run-command.ts';
import { saveOverrides } from '#shared/store/override-store.ts';
import { dora } from '#test/support/decision-builders.ts';
import { anAlert, aResolved, aWebhook, IngestWorld, startedAt } from '#test/support/ingest-world.ts';
import { anOverride, aSchedule } from '#test/support/on-call-kit.ts';

const web1 = anAlert('web-1');

/** The first two steps page who is on call in `primary`: alice or bob by the rotation, carol by the override. */
async function makeWorld(hours: { readonly from: number; readonly until: number }) {
  const world = new IngestWorld();
  const { policy } = world.deps;
  const { payments } = policy.teams;
  if (payments === undefined) throw new Error('there is one');
  const roles = { ...payments.roles, onCall: 'primary', secondary: 'primary' };
  world.deps.policy = {
    ...policy,
    schedules: { primary: aSchedule() },
    teams: { ...policy.teams, payments: { ...payments, roles } },
  };
  const [startsAt, endsAt] = [hours.from, hours.until].map((hour) => addSeconds(startedAt, hour * 3_600));
  if (startsAt === undefined || endsAt === undefined) throw new Error('hours');
  await saveOverrides(world.memory, { version: 0 }, [anOverride({ startsAt, endsAt })], policy);
  const run = (command: IncidentCommand) => {
    const [incident] = world.incidents();
    const request = { command, actor: dora, commandId: null, correlationId: 'test' };
    return runCommand(world.deps, { ...request, incidentId: incident?.id ?? '' });
  };
  const people = async () =>
    (await world.pages()).flatMap((page) => /^INC-1 (\d+ \d+ \d+) person:(\w+)/.exec(page)?.slice(1).join(' ') ?? []);
  return { world, run, people };
}

describe('who is paged while an override counts', () => {
  it('is who took over: when an incident opens, when somebody escalates, and when the timer does', async () => {
    const { world, run, people } = await makeWorld({ from: -1, until: 3 });
    await world.receive(aWebhook([web1]));
    expect(await people()).toEqual(['1 1 1 carol']);

    const [incident] = world.incidents();
    if (incident?.dueAt == null) throw new Error('a step is due');
    world.clock.advance(300);
    const input = { incidentId: incident.id, generation: 1, part: incident.timerPart, ticks: 0 };
    await makeTick(world.deps)(input as Parameters<ReturnType<typeof makeTick>>[0]);
    expect(await people()).toEqual(['1 1 1 carol', '1 2 1 carol']);

    await run({ type: 'ResolveIncident', reason: 'by a person' });
    await world.receive(aWebhook([aResolved(web1, world.clock.now())]));
    world.clock.advance(900);
    await world.receive(aWebhook([{ ...web1, startsAt: world.clock.now() }]));
    await run({ type: 'EscalateIncident' });
    expect((await people()).filter((page) => !page.endsWith('carol'))).toEqual([]);
  });

  it('is who is on call by the rotation before it begins and from its end on', async () => {
    const before = await makeWorld({ from: 1, until: 2 });
    await before.world.receive(aWebhook([web1]));
    expect(await before.people()).toEqual(['1 1 1 bob']);

    const after = await makeWorld({ from: -2, until: 0 });
    await after.world.receive(aWebhook([web1]));
    expect(await after.people()).toEqual(['1 1 1 bob']);
  });

  it('is asked anew at each step: one that is made in between counts for the next', async () => {
    const { world, people } = await makeWorld({ from: 0.05, until: 2 });
    await world.receive(aWebhook([web1]));
    world.clock.advance(361);
    await world.sweep();
    expect(await people()).toEqual(['1 1 1 bob', '1 2 1 carol']);
  });
});
