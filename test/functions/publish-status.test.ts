import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/publish-status.ts';
import type { PublicStatus } from '#shared/incident/incident.ts';
import { writeStatusPage } from '#shared/runtime/lanes/status-updates.ts';
import { loadStatusPage } from '#shared/store/status-store.ts';
import { aPolicy } from '../support/decision-builders.ts';
import {
  command,
  type Kit,
  makeKit,
  nothingFailed,
  openIncident,
  sqsEvent,
  updateMessage,
} from '../support/lane-kit.ts';

const policy = {
  ...aPolicy(),
  services: {
    checkout: {
      name: 'checkout',
      owner: 'payments',
      tier: 1,
      runbook: null,
      dashboard: null,
      statusComponent: 'shop',
    },
  },
  statusComponents: { shop: { id: 'shop', name: 'Shop', description: 'Where people buy' } },
};

async function opened(kit = makeKit({ policy })) {
  await openIncident(kit);
  const handle = makeHandler(kit);
  return { kit, publish: () => handle(sqsEvent('status-updates', [updateMessage])) };
}

const say = (kit: Kit, status: PublicStatus, text: string) => command(kit, { type: 'PublishStatus', status, text });
const html = (kit: Kit) => kit.blobs.stored.get('status/index.html') ?? '';
const summary = (kit: Kit): unknown => JSON.parse(kit.blobs.stored.get('status/api/v2/summary.json') ?? 'null');
const updatesOnPage = async (kit: Kit) =>
  (await loadStatusPage(kit.table)).state?.incidents.map((each) => each.updates.map((update) => update.body));

describe('the public status page', () => {
  it('is written as asked before anything was published: everything works', async () => {
    const kit = makeKit({ policy });
    const message = { kind: 'status page', correlationId: 'sweep-1' } as const;

    expect(await makeHandler(kit)(sqsEvent('status-updates', [message]))).toEqual(nothingFailed);

    expect(summary(kit)).toMatchObject({ status: { indicator: 'none' }, incidents: [] });
    expect(html(kit)).toContain('Shop');
  });

  it('shows what people published, as a page and as Statuspage would tell it', async () => {
    const { kit, publish } = await opened();
    await say(kit, 'investigating', 'Payments fail for some people.');

    expect(await publish()).toEqual(nothingFailed);

    expect(html(kit)).toContain('Payments fail for some people.');
    expect(summary(kit)).toMatchObject({
      status: { indicator: 'critical' },
      components: [{ id: 'shop', status: 'major_outage' }],
      incidents: [{ name: 'Incident INC-42', status: 'investigating' }],
    });
    expect([...kit.blobs.stored.keys()].sort()).toEqual([
      'status/api/v2/components.json',
      'status/api/v2/incidents.json',
      'status/api/v2/incidents/unresolved.json',
      'status/api/v2/status.json',
      'status/api/v2/summary.json',
      'status/index.html',
    ]);
  });

  it('shows every update once, however often and late its messages come', async () => {
    const { kit, publish } = await opened();
    await say(kit, 'investigating', 'We look.');
    await say(kit, 'identified', 'We know.');

    await publish();
    await publish();
    kit.clock.advance(60);
    await say(kit, 'resolved', 'It works.');
    await publish();

    expect(await updatesOnPage(kit)).toEqual([['It works.', 'We know.', 'We look.']]);
    expect(summary(kit)).toMatchObject({ status: { indicator: 'none' }, incidents: [] });
  });

  it('loses no update when two publishers work at the same time', async () => {
    const { kit, publish } = await opened();
    await say(kit, 'investigating', 'We look.');

    await Promise.all([publish(), publish()]);

    expect(await updatesOnPage(kit)).toEqual([['We look.']]);
  });

  it('is written again when another update was published while its files were written', async () => {
    const { kit, publish } = await opened();
    await say(kit, 'investigating', 'We look.');
    const { put } = kit.blobs;
    let slow = true;
    kit.blobs.put = async (key, body, options) => {
      if (key.endsWith('index.html') && slow) {
        slow = false;
        await say(kit, 'identified', 'We know.');
        await publish();
      }
      return put(key, body, options);
    };

    await publish();

    expect(html(kit)).toContain('We know.');
  });

  it('tells nothing of an incident about which nobody published', async () => {
    const { kit, publish } = await opened();

    await publish();

    expect(await loadStatusPage(kit.table)).toEqual({ version: 0, state: null });
    expect(html(kit)).toContain('All Systems Operational');
    expect(html(kit)).not.toContain('INC-42');
  });

  it('can be written before anything was ever published', async () => {
    const kit = makeKit({ policy });

    await writeStatusPage(kit);

    expect(html(kit)).toContain('All Systems Operational');
  });
});
