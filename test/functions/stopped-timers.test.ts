import { describe, expect, it } from 'vitest';
import { makeHandler as makeSweep } from '#functions/sweep.ts';
import { makeHandler as makeTick } from '#functions/tick-escalation.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { secondsBetween } from '#shared/kernel/instant.ts';
import type { TimerInput } from '#shared/runtime/ports.ts';
import { loadPages, loadTimeline } from '#shared/store/incident-store.ts';
import { at } from '../support/decision-builders.ts';
import { makeFakeIds } from '../support/fake-ports.ts';
import { acknowledge, incidentId, type Kit, makeKit, openIncident, storedIncident } from '../support/lane-kit.ts';

/** An execution of the state machine can be stopped by hand, fail for good or get lost: then only the sweep looks. */

const sweepEverySeconds = 60;
/** The sweep leaves the timer a minute, and comes once a minute. */
const foundWithinSeconds = 120;

async function opened() {
  const kit = { ...makeKit(), ids: makeFakeIds() };
  await openIncident(kit);
  return { kit, sweep: makeSweep(kit), tick: makeTick(kit) };
}

/** What the execution of the present part would bring. */
const inputOf = ({ generation, timerPart: part }: Incident): TimerInput => ({ incidentId, generation, part, ticks: 1 });

async function escalationsOf(kit: Kit) {
  const commits = await loadTimeline(kit.table, incidentId);
  return commits.flatMap(({ at: ranAt, events }) =>
    events.flatMap((event) =>
      event.type === 'IncidentEscalated' ? [{ step: event.step, round: event.round, ranAt, by: event.by.id }] : [],
    ),
  );
}

const pagesOf = async (kit: Kit) =>
  (await loadPages(kit.table, incidentId)).map(({ step, round, target }) => `${step} ${round} ${target}`).sort();

describe('B5: a timer that was stopped', () => {
  it.each([0, 1, 29, 59])(
    'is found by the sweep within two minutes, step after step, when the sweep comes %i s after the minute',
    async (offset) => {
      const { kit, sweep } = await opened();
      kit.clock.advance(offset);
      for (let minute = 0; minute < 16; minute += 1) {
        await sweep({});
        kit.clock.advance(sweepEverySeconds);
      }

      const late = (await escalationsOf(kit)).filter(({ by }) => by === 'sweep');

      expect(late.map(({ step, round }) => [step, round])).toEqual([
        [2, 1],
        [3, 1],
      ]);
      const due = [at(300), late[0] ? addTo(late[0].ranAt, 300) : ''];
      for (const [index, { ranAt }] of late.entries()) {
        const seconds = secondsBetween(due[index] ?? '', ranAt);
        expect(seconds).toBeGreaterThanOrEqual(60);
        expect(seconds).toBeLessThanOrEqual(foundWithinSeconds);
      }
    },
  );

  it('has another one started in its place, which waits for the next step', async () => {
    const { kit, sweep, tick } = await opened();
    const stopped = inputOf(await storedIncident(kit));
    kit.clock.advance(361);
    await sweep({});
    kit.clock.advance(sweepEverySeconds);
    // Nobody read the stream either: the sweep dispatches its own commit a minute later.
    await sweep({});

    const { generation, timerPart } = await storedIncident(kit);
    expect(timerPart).toBe(stopped.part + 1);
    expect(kit.timers.started).toContain(`${incidentId}-${generation}-${timerPart}`);
    expect(await tick({ ...stopped, part: timerPart })).toMatchObject({ next: 'wait', dueAt: at(361 + 300) });
    expect(await tick(stopped)).toMatchObject({ next: 'done' });
  });

  it.each(['timer first', 'sweep first', 'at once'])(
    'that revives as the sweep finds it: the step runs once (%s)',
    async (order) => {
      const { kit, sweep, tick } = await opened();
      const revived = inputOf(await storedIncident(kit));
      kit.clock.advance(361);

      if (order === 'timer first') await tick(revived);
      if (order === 'at once') await Promise.all([tick(revived), sweep({}), tick(revived), sweep({})]);
      else await sweep({});
      await tick(revived);

      const ran = await escalationsOf(kit);
      expect(ran.map(({ step, round }) => [step, round])).toEqual([
        [1, 1],
        [2, 1],
      ]);
      expect(await pagesOf(kit)).toEqual(['1 1 pagerduty:web', '1 1 person:alice', '2 1 person:bob']);
      expect((await storedIncident(kit)).dueAt).toBe(at(361 + 300));
    },
  );

  it('pages nobody when somebody acknowledged while it was stopped', async () => {
    const { kit, sweep, tick } = await opened();
    const revived = inputOf(await storedIncident(kit));
    kit.clock.advance(330);
    await acknowledge(kit);
    kit.clock.advance(60);

    await Promise.all([sweep({}), tick(revived)]);

    expect((await escalationsOf(kit)).map(({ step }) => step)).toEqual([1]);
  });
});

const addTo = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString();
