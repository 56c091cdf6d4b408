import { describe, expect, it } from 'vitest';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import { anAlert, aWebhook, ingestPolicy, startedAt } from '#test/support/ingest-world.ts';
import { grouped, PostedWorld, web } from '#test/support/posted-world.ts';

const at = (seconds: number): Instant => addSeconds(startedAt, seconds);
const atOnce = () => new PostedWorld(grouped(['alertname'], 0, 300));

describe('the lease of a posted alert', () => {
  it('pages once however often Prometheus sends it again, and writes at most once per half lease', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    for (let minute = 1; minute <= 20; minute += 1) {
      world.clock.advance(65);
      await world.fires(web('a'), startedAt);
      await world.sweepAndDrain();
    }
    // 20 repeats in 1,300 s, and a half lease has 120 s: 10 writes behind the first.
    expect((await world.record(web('a')))?.version).toBe(11);
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    // Nobody answers for 21 minutes, so it escalates; but its first step is told once.
    expect((await world.pages()).filter((page) => page.startsWith('INC-1 1 1 '))).toHaveLength(2);
    expect(await world.rows(web('a'))).toEqual(['opened 1']);
  });

  it('reads the alert and writes nothing for a repeat inside its first half', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    Object.assign(world.traffic, { itemsRead: 0, transactions: 0 });
    world.clock.advance(65);
    await world.fires(web('a'), startedAt);
    expect(world.traffic).toMatchObject({ itemsRead: 1, transactions: 0 });
    expect(world.metrics.counts['AlertsUnchanged{source=main}']).toBe(1);
  });

  it('ends it by itself when its source says nothing more', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(239);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    world.clock.advance(1);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 resolved SEV1 0']);
    expect(world.incidents()[0]?.resolveReason).toBe('source went quiet');
    expect(await world.rows(web('a'))).toEqual(['opened 1', 'resolved 1']);
    expect(await world.lastWhy(web('a'))).toContain(`its source said nothing more until ${at(240)}`);
    expect(await world.record(web('a'))).toMatchObject({ status: 'resolved', endReason: 'source went quiet' });
  });

  it('is asked for in the FIFO group of the alert, behind every copy of it', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(240);
    await world.sweep();
    const groups = world.queues.sent.filter(({ queue }) => queue === 'ingest').map(({ group }) => group);
    expect(groups).toHaveLength(2);
    expect(groups[1]).toBe(groups[0]);
  });

  it('is extended by a copy that was queued before the sweep looked', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(240);
    await world.request([{ labels: web('a'), startsAt: startedAt, endsAt: at(480) }]);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    expect(await world.record(web('a'))).toMatchObject({ status: 'firing', leaseUntil: at(480) });
  });

  it('is the source’s resolve timeout where no end is named, and a named end replaces it', async () => {
    const world = atOnce();
    await world.send({ labels: web('a') });
    expect(await world.record(web('a'))).toMatchObject({ leaseUntil: at(300), leaseIsDefault: true });
    await world.send({ labels: web('a'), endsAt: at(60) });
    const record = await world.record(web('a'));
    expect(record?.leaseUntil).toBe(at(60));
    expect(record?.leaseIsDefault).toBeUndefined();
    await world.send({ labels: web('a') });
    expect((await world.record(web('a')))?.leaseUntil).toBe(at(300));
  });

  it('is never shortened when its source named it', async () => {
    const world = atOnce();
    await world.send({ labels: web('a'), endsAt: at(3600) });
    await world.send({ labels: web('a') });
    await world.send({ labels: web('a'), endsAt: at(60) });
    expect((await world.record(web('a')))?.leaseUntil).toBe(at(3600));
  });

  it('keeps the earliest start of overlapping copies', async () => {
    const world = atOnce();
    await world.fires(web('a'), at(-10));
    await world.fires(web('a'), at(-60));
    await world.fires(web('a'), at(-30));
    expect((await world.record(web('a')))?.startsAt).toBe(at(-60));
    expect(await world.rows(web('a'))).toEqual(['opened 1']);
  });

  it('of an alert that a webhook brings too ends nothing while its group holds it, and neither does the group', async () => {
    const world = atOnce();
    const alert = anAlert('web-1');
    await world.receive(aWebhook([alert]));
    await world.fires(alert.labels, startedAt);
    world.clock.advance(240);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    expect((await world.record(alert.labels))?.leaseUntil).toBeUndefined();

    world.clock.advance(ingestPolicy.sources.main?.quietAfterSeconds ?? 28_800);
    await world.fires(alert.labels, startedAt);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    world.clock.advance(240);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 resolved SEV1 0']);
  });
});

describe('the copies of a pair of Prometheus servers', () => {
  it('do not flap when one of them has seen the end and the other not yet', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(60);
    await world.ends(web('a'), startedAt);
    world.clock.advance(30);
    await world.fires(web('a'), at(5));
    world.clock.advance(25);
    await world.ends(web('a'), at(5));
    expect(world.incidents()).toMatchObject([{ status: 'resolved', reopenings: 0 }]);
    expect(await world.rows(web('a'))).toEqual(['opened 1', 'resolved 1', 'late copy']);
  });

  it('fire again when one of them goes on saying so, and the repeated resolve of the other does not end that', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(60);
    await world.ends(web('a'), startedAt);
    world.clock.advance(121);
    await world.fires(web('a'), at(5));
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    Object.assign(world.traffic, { transactions: 0 });
    for (let minute = 0; minute < 10; minute += 1) await world.ends(web('a'), startedAt, at(60));
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    expect(world.traffic.transactions).toBe(0);
  });

  it('fire again at once when the start is behind the end', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(60);
    await world.ends(web('a'), startedAt);
    world.clock.advance(20);
    await world.fires(web('a'), at(80));
    expect(world.incidents()).toMatchObject([{ status: 'triggered', reopenings: 1 }]);
    await world.ends(web('a'), startedAt, at(60));
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1 }]);
  });

  it('go on firing when a resolve names an end before the present start, also after our own end', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(240);
    await world.sweepAndDrain();
    await world.fires(web('a'), at(240));
    world.clock.advance(1);
    await world.ends(web('a'), startedAt, at(200));
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    expect((await world.rows(web('a'))).at(-1)).toBe('late copy');
  });

  it('open nothing with an end that comes before any beginning', async () => {
    const world = atOnce();
    await world.ends(web('a'), at(-60));
    expect(world.states()).toEqual([]);
    expect(await world.rows(web('a'))).toEqual(['resolved']);
  });

  it('end what was posted by hand with a start that lies ahead', async () => {
    const world = atOnce();
    await world.send({ labels: web('a'), endsAt: at(3600) });
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    world.clock.advance(5);
    await world.send({ labels: web('a'), endsAt: at(5) });
    expect(world.states()).toEqual(['INC-1 resolved SEV1 0']);
  });
});

describe('the group of posted alerts', () => {
  it('waits for group_wait and then opens one incident with all that came', async () => {
    const world = new PostedWorld();
    await world.fires(web('a'), startedAt);
    world.clock.advance(10);
    await world.fires(web('b'), at(10));
    expect(world.states()).toEqual([]);
    expect(await world.record(web('b'))).toMatchObject({ suppressedBy: { kind: 'group wait', until: at(30) } });
    await world.pass(19);
    expect(world.states()).toEqual([]);
    await world.pass(1);
    expect(world.states()).toEqual(['INC-1 triggered SEV1 2']);
    expect(world.incidents()[0]?.incidentKey).toBe('group:main:root:root:{alertname="Down"}');
    expect(await world.pages()).toHaveLength(2);
    expect(await world.rows(web('a'))).toEqual(['suppressed', 'opened 1']);
    expect(await world.lastWhy(web('b'))).toContain('the wait of its group no longer holds it back');
  });

  it('is told together and most severe first, whichever shard brought its members', async () => {
    const world = new PostedWorld();
    const shops = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    await world.send(...shops.map((shop) => ({ labels: web(shop, shop === 'g' ? 'critical' : 'warning') })));
    world.clock.advance(30);
    const [first] = world.queues.sent.filter(({ queue }) => queue === 'releases');
    await world.deliver(JSON.stringify(first?.body));
    expect(world.incidents()).toMatchObject([{ severity: 'SEV1', firing: 8, generation: 1 }]);
    await world.pass(0);
    expect(world.incidents()).toMatchObject([{ severity: 'SEV1', firing: 8, generation: 1 }]);
  });

  it('is opened at once by who comes when its wait is just over: it does not wait a second time', async () => {
    const world = new PostedWorld();
    await world.fires(web('a'), startedAt);
    world.clock.advance(35);
    await world.fires(web('b'), at(35));
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    await world.release();
    expect(world.states()).toEqual(['INC-1 triggered SEV1 2']);
  });

  it('is told by the sweep when the message that ends its wait is lost', async () => {
    const world = new PostedWorld();
    await world.fires(web('a'), startedAt);
    world.clock.advance(60);
    await world.sweepAndDrain();
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
  });

  it('opens at once with a group_wait of 0 s, and when the alert has fired for longer than that', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    const late = new PostedWorld();
    await late.fires(web('a'), at(-30));
    expect(late.states()).toEqual(['INC-1 triggered SEV1 1']);
  });

  it('never tells of an alert that resolves while it waits', async () => {
    const world = new PostedWorld();
    await world.fires(web('a'), startedAt);
    world.clock.advance(10);
    await world.ends(web('a'), startedAt);
    await world.pass(60);
    await world.sweepAndDrain();
    expect(world.states()).toEqual([]);
    expect(await world.rows(web('a'))).toEqual(['suppressed', 'resolved']);
  });

  it('tells a member that joins at the next group_interval, counted from the opening', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(100);
    await world.fires(web('b'), at(100));
    expect(world.states()).toEqual(['INC-1 triggered SEV1 1']);
    expect(await world.record(web('b'))).toMatchObject({ suppressedBy: { kind: 'group wait', until: at(300) } });
    await world.pass(100);
    await world.fires(web('a'), startedAt);
    await world.fires(web('b'), at(100));
    await world.pass(100);
    expect(world.states()).toEqual(['INC-1 triggered SEV1 2']);
    expect(await world.pages()).toHaveLength(2);
  });

  it('never holds back a worse severity than the incident has', async () => {
    const world = atOnce();
    await world.fires(web('a', 'warning'), startedAt);
    world.clock.advance(10);
    await world.fires(web('b', 'critical'), at(10));
    expect(world.states()).toEqual(['INC-1 triggered SEV1 2']);
  });

  it('tells who waits before the last told member ends, so that nobody hears "resolved" while some fire', async () => {
    const world = atOnce();
    await world.fires(web('a'), startedAt);
    world.clock.advance(60);
    await world.fires(web('b'), at(60));
    await world.ends(web('a'), startedAt);
    expect(world.incidents()).toMatchObject([{ status: 'triggered', firing: 1, reopenings: 0 }]);
    await world.ends(web('b'), at(60));
    expect(world.states()).toEqual(['INC-1 resolved SEV1 0']);
  });

  it('is one group for each set of grouping values, and for every label with "..."', async () => {
    const world = new PostedWorld(grouped(['...'], 0, 300));
    await world.fires(web('a'), startedAt);
    await world.fires(web('b'), startedAt);
    expect(world.incidents().map(({ incidentKey }) => incidentKey)).toEqual([
      'group:main:root:root:{alertname="Down", instance="a", severity="critical"}',
      'group:main:root:root:{alertname="Down", instance="b", severity="critical"}',
    ]);
  });

  it('lets 100 wait and tells what comes beyond at once', async () => {
    const world = new PostedWorld();
    await world.send(...Array.from({ length: 130 }, (_, i) => ({ labels: web(`w${i}`), startsAt: startedAt })));
    const [incident] = world.incidents();
    expect(incident?.firing).toBe(30);
    await world.pass(30);
    await world.pass(270);
    await world.sweepAndDrain();
    expect(world.incidents()).toHaveLength(1);
    expect(await world.pages()).toHaveLength(2);
  });
});
