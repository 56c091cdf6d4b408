import { describe, expect, it } from 'vitest';
import type { Matcher } from '#shared/alert/matcher.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { saveDecision } from '#shared/runtime/save-silence.ts';
import { createSilence, expireSilence } from '#shared/silence/decide-silence.ts';
import type { Silence } from '#shared/silence/silence.ts';
import type { SilenceDraft } from '#shared/silence/validate-silence.ts';
import { loadTimeline } from '#shared/store/incident-store.ts';
import { loadSilence, loadSilences } from '#shared/store/silence-store.ts';
import { describeEvent } from '#shared/timeline/describe.ts';
import { anAlert, aResolved, aWebhook, fingerprint, IngestWorld } from '#test/support/ingest-world.ts';

const web = anAlert('web');
const db = anAlert('db');
const onWeb: readonly Matcher[] = [{ name: 'instance', operator: '=', value: 'web' }];
const ofWeb = { untilResolved: { source: 'main', fingerprint: fingerprint(web) } };

class SilenceWorld extends IngestWorld {
  /** As every door makes one; what fires is judged again. */
  async silence(seconds: number, more: Partial<SilenceDraft> = {}): Promise<Silence> {
    const now = this.clock.now();
    const wanted = {
      matchers: onWeb,
      startsAt: now,
      endsAt: addSeconds(now, seconds),
      createdBy: 'alice',
      comment: '',
    };
    const decision = createSilence({ ...wanted, ...more }, { now, id: this.deps.ids.uuid() });
    if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
    await saveDecision(this.deps, null, decision);
    await this.drain();
    return decision.silence;
  }

  async end(silence: Silence): Promise<void> {
    await saveDecision(this.deps, silence, expireSilence(silence, this.clock.now(), 'bob'));
    await this.drain();
  }

  /** Minute by minute, as the sweep runs. */
  async pass(minutes: number): Promise<void> {
    for (let i = 0; i < minutes; i += 1) {
      await this.clock.sleep(60_000);
      await this.sweep();
      await this.drain();
    }
  }

  statuses(): readonly string[] {
    return this.incidents().map(({ status, resolveReason }) => `${status}${resolveReason ? `: ${resolveReason}` : ''}`);
  }

  notices(): readonly unknown[] {
    return this.queues.sent
      .map(({ body }) => body as { kind?: string })
      .filter(({ kind }) => kind === 'silence ends soon');
  }
}

async function firing(...alerts: Parameters<typeof aWebhook>[0][number][]): Promise<SilenceWorld> {
  const world = new SilenceWorld();
  await world.receive(aWebhook(alerts));
  return world;
}

describe('an alert that still fires when its silence ends', () => {
  it('re-opens its incident within a minute when the time is up', async () => {
    const world = await firing(web);
    await world.silence(5 * 60);
    expect(world.statuses()).toEqual(['resolved: alerts silenced']);
    await world.pass(4);
    expect(world.statuses()).toEqual(['resolved: alerts silenced']);
    await world.pass(1);
    expect(world.statuses()).toEqual(['triggered']);
    expect(await world.outcomes(web)).toEqual(['opened 1', 'suppressed 1', 'joined 1']);
  });

  it('re-opens its incident at once when somebody ends the silence', async () => {
    const world = await firing(web);
    await world.end(await world.silence(3600));
    expect(world.statuses()).toEqual(['triggered']);
  });

  it('has on its timeline who made the silence, and who ended it', async () => {
    const world = await firing(web);
    const silence = await world.silence(3600);
    await world.end(silence);
    const [incident] = world.incidents();
    const commits = await loadTimeline(world.memory, incident?.id ?? '');
    const told = commits.flatMap((commit) => commit.events.map((event) => describeEvent(event, commit)));
    expect(told).toContain(`1 alert silenced by ${silence.id} (made by alice).`);
    expect(told).toContain(
      `1 alert began to fire, 1 of them again (held back until now by silence ${silence.id} by alice, ended by bob).`,
    );
  });

  it('opens an incident when it began to fire under the silence', async () => {
    const world = new SilenceWorld();
    await world.silence(5 * 60);
    await world.receive(aWebhook([web]));
    expect(world.statuses()).toEqual([]);
    await world.pass(5);
    expect(world.statuses()).toEqual(['triggered']);
  });

  it('is held back from the start of a silence that was planned', async () => {
    const world = await firing(web);
    const now = world.clock.now();
    await world.silence(20 * 60, { startsAt: addSeconds(now, 5 * 60) });
    await world.pass(4);
    expect(world.statuses()).toEqual(['triggered']);
    await world.pass(1);
    expect(world.statuses()).toEqual(['resolved: alerts silenced']);
  });

  it('waits for the last of its silences', async () => {
    const world = await firing(web);
    await world.silence(5 * 60);
    await world.silence(10 * 60);
    await world.pass(9);
    expect(world.statuses()).toEqual(['resolved: alerts silenced']);
    await world.pass(1);
    expect(world.statuses()).toEqual(['triggered']);
  });
});

describe('a resolve', () => {
  it('passes through a silence, and nothing comes when that ends', async () => {
    const world = await firing(web);
    await world.silence(5 * 60);
    await world.receive(aWebhook([aResolved(web, world.clock.now())]));
    expect((await world.alert(web))?.status).toBe('resolved');
    await world.pass(6);
    expect(world.statuses()).toEqual(['resolved: alerts silenced']);
  });
});

describe('a silence of one alert until it resolves', () => {
  it('holds back that alert and no other', async () => {
    const world = await firing(web, db);
    await world.silence(3600, ofWeb);
    expect(world.incidents()[0]).toMatchObject({ status: 'triggered', firing: 1 });
    expect((await world.alert(web))?.suppressedBy?.kind).toBe('silence');
  });

  it('ends with the alert, and the same alert is told when it fires anew', async () => {
    const world = await firing(web);
    const { id } = await world.silence(3600, ofWeb);
    await world.clock.sleep(60_000);
    await world.receive(aWebhook([aResolved(web, world.clock.now())]));
    expect(await loadSilence(world.memory, id)).toMatchObject({
      endsAt: world.clock.now(),
      endedBy: 'Tocsin, with its alert',
    });
    await world.clock.sleep(60_000);
    await world.receive(aWebhook([{ ...web, startsAt: world.clock.now() }]));
    expect(world.statuses()).toEqual(['triggered']);
  });

  it('holds nothing back after the resolve, also when nobody could end it', async () => {
    const world = await firing(web);
    const silence = await world.silence(3600, ofWeb);
    await world.clock.sleep(60_000);
    await world.receive(aWebhook([aResolved(web, world.clock.now())]));
    await world.memory.write([{ kind: 'put', item: { ...itemOf(world, silence.id), endsAt: silence.endsAt } }]);
    await world.memory.write([{ kind: 'update', key: { pk: 'SILENCE-VERSION', sk: 'VERSION' }, add: { version: 1 } }]);
    await world.clock.sleep(60_000);
    await world.receive(aWebhook([{ ...web, startsAt: world.clock.now() }]));
    expect(world.statuses()).toEqual(['triggered']);
  });

  it('is ended by the sweep when another silence held the alert back too', async () => {
    const world = await firing(web);
    const { id } = await world.silence(3600, ofWeb);
    await world.silence(7200);
    await world.receive(aWebhook([aResolved(web, world.clock.now())]));
    expect((await loadSilence(world.memory, id))?.endedBy).toBeUndefined();
    await world.pass(12);
    expect((await loadSilence(world.memory, id))?.endedBy).toBe('Tocsin, with its alert');
  });

  it('goes on while the alert fires, until its end', async () => {
    const world = await firing(web);
    await world.silence(12 * 60, ofWeb);
    await world.pass(11);
    expect(world.statuses()).toEqual(['resolved: alerts silenced']);
    await world.pass(1);
    expect(world.statuses()).toEqual(['triggered']);
  });
});

const itemOf = (world: SilenceWorld, id: string) => {
  const item = world.memory.allItems().find((each) => each.kind === 'silence' && each.id === id);
  if (item === undefined) throw new Error('no such silence');
  return item;
};

describe('the author of a silence', () => {
  it('is to be told 15 minutes before its end, when it is longer than an hour', async () => {
    const world = await firing(web);
    const { id, endsAt } = await world.silence(3601);
    await world.pass(45);
    expect(world.notices()).toEqual([]);
    await world.pass(1);
    expect(world.notices()).toEqual([
      { kind: 'silence ends soon', correlationId: expect.any(String), silenceId: id, endsAt, postponed: 0 },
    ]);
    await world.pass(5);
    expect(world.notices()).toHaveLength(1);
  });

  it.each([
    ['not when it is an hour or less', 3600, {}],
    [
      'not of an occurrence of a maintenance window',
      7200,
      { origin: { kind: 'maintenance', window: 'nightly' } as const },
    ],
    ['not when it ends with its alert', 7200, ofWeb],
  ])('%s', async (_name, seconds, more) => {
    const world = await firing(web);
    await world.silence(seconds, more);
    await world.pass(seconds / 60 - 1);
    expect(world.notices()).toEqual([]);
  });

  it('is not told of one that somebody has ended', async () => {
    const world = await firing(web);
    await world.end(await world.silence(7200));
    await world.pass(120);
    expect(world.notices()).toEqual([]);
    expect(await loadSilences(world.memory)).toHaveLength(1);
  });

  it('does not make the alerts be judged again for that', async () => {
    const world = await firing(web);
    await world.silence(7200);
    await world.pass(104);
    const before = world.queues.sent.length;
    await world.pass(1);
    expect(world.queues.sent.slice(before).map(({ queue }) => queue)).toEqual(['slack-updates']);
  });
});
