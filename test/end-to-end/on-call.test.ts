import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendTestAlert } from '#local/sandbox/test-alert.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Prediction } from '#shared/prediction/prediction.ts';
import { type LedgerPage, predictionDifferences } from '#test/support/prediction-differences.ts';
import { openedBy } from './support/incidents.ts';
import { ledgerOf, readIncident, readPages, request } from './support/operator.ts';
import { channels } from './support/policy.ts';
import { repository } from './support/repository.ts';
import { makeScope } from './support/scope.ts';
import { personIn, startTocsin, type Tocsin, tokens } from './support/tocsin.ts';
import { until } from './support/until.ts';
import { type OutsideVendors, startOutsideVendors } from './support/vendors.ts';

/** A night with two layers, an override, a text message that follows, an acknowledgement that expires, and what was predicted of it. */
const scope = makeScope();
let vendors: OutsideVendors;
let tocsin: Tocsin;

/** config/on-call.yaml with a night around the clock, and seconds in place of minutes. */
function writePolicy(): string {
  const file = join(scope.tempDir('policy'), 'local.yaml');
  const changes: readonly (readonly [string, string])[] = [
    ['start: "18:00", end: "09:00"', 'start: "00:00", end: "24:00"'],
    ['after: 30s', 'after: 3s'],
    ['after: 60s', 'after: 8s'],
    ['dave-phone, after: 20s', 'dave-phone, after: 4s'],
    ['acknowledgementExpiresAfter: 2m', 'acknowledgementExpiresAfter: 1m'],
  ];
  let text = readFileSync(join(repository, 'config/on-call.yaml'), 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
  return file;
}

beforeAll(async () => {
  vendors = await startOutsideVendors(scope);
  tocsin = await startTocsin(scope, { vendors, env: { CONFIG: writePolicy() } });
});
afterAll(scope.end);

const labels = { alertname: 'NightDown', severity: 'critical', service: 'checkout', instance: 'web-1' };

const predict = async (body: Readonly<Record<string, unknown>>): Promise<Prediction> => {
  const asked = JSON.stringify({ labels, source: 'local', ...body });
  const init = { method: 'POST', body: asked };
  return (await request<{ prediction: Prediction }>(tocsin, '/v1/simulations', init)).prediction;
};

const momentsOf = (prediction: Prediction) =>
  prediction.outcome === 'told' ? prediction.incidents.flatMap(({ moments }) => moments) : [];

/** Whom the first step pages. */
const firstPaged = (prediction: Prediction) =>
  momentsOf(prediction).flatMap((moment) => (moment.kind === 'step' && moment.step === 1 ? moment.pages : []))[0];

describe('B29: a night on call', () => {
  it('goes as it was predicted: override, later contact, second, manager, acknowledgement, expiry, and again', async () => {
    expect(firstPaged(await predict({}))?.because).toMatch(/^layer nights of schedule platform/);
    const override = { schedule: 'platform', person: 'dave', duration: '2h', reason: 'swapped by phone' };
    await request(tocsin, '/v1/on-call/overrides', { method: 'POST', body: JSON.stringify(override) });
    expect(firstPaged(await predict({}))).toMatchObject({ who: 'dave', target: 'person:dave' });

    const alert = { ...labels, summary: 'Checkout is down', startsAt: new Date().toISOString() };
    const answer = await sendTestAlert(tocsin.url, tokens.source, alert, 'firing');
    expect(answer.status).toBe(202);
    const { number } = await openedBy(tocsin, 'NightDown');
    const ledger = async () => ledgerOf(await readPages(tocsin, number));
    const isHandedOver = async (page: string) => (await ledger()).includes(`${page}: handed over`);

    await until('dave is paged, and again by text message', async () => {
      return (await isHandedOver('1.1.1 person:dave')) && isHandedOver('1.1.1 person:dave:sns:dave-phone');
    });
    await until('carol is paged, the manager', () => isHandedOver('1.3.1 person:carol'));

    await personIn(vendors, tocsin).command(`ack ${number}`, channels.incidents);
    const incident = await until('it is acknowledged', async () => {
      const { incident: read } = await request<{ incident: Incident }>(tocsin, `/v1/incidents/${number}`);
      return read.status === 'acknowledged' ? read : null;
    });
    await until('the acknowledgement expires and dave is paged again', () => isHandedOver('2.1.1 person:dave'), {
      seconds: 75,
    });
    await until('so is the second', async () => (await ledger()).some((page) => page.startsWith('2.2.1 ')));

    const prediction = await predict({
      at: incident.openedAt,
      acknowledgedAt: incident.acknowledgedAt,
      horizon: '2m',
    });
    const pages = await request<{ pages: readonly LedgerPage[] }>(tocsin, `/v1/incidents/${number}/why`);
    const now =
      pages.pages
        .map(({ owedAt }) => owedAt)
        .sort()
        .at(-1) ?? '';
    expect(
      predictionDifferences({ moments: momentsOf(prediction), ledger: pages.pages, until: now, toleranceSeconds: 1 }),
    ).toEqual([]);

    const who = await personIn(vendors, tocsin).command(`who ${number}`, channels.incidents);
    expect(JSON.stringify(who.answer)).toContain('If nobody acts');
    expect((await readIncident(tocsin, number)).generation).toBe(2);
    expect(tocsin.program.errors()).toBe('');
  });
});
