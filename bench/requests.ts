import type { FunctionName } from '#shared/runtime/wiring.ts';
import { CountedProduct } from './support/counted-product.ts';
import { compileBenchPolicy, serviceOf } from './support/policy.ts';
import { dollarsPerMillion } from './support/prices.ts';
import type { Figure, Report } from './support/report.ts';
import { addUsage, sdkRequests, type Usage } from './support/usage.ts';
import { type BenchAlert, webhookOf } from './support/webhook.ts';

/** Requests to AWS and DynamoDB units for each webhook, counted at the ports of warm functions; no clock is involved. */

type UsageByFunction = ReadonlyMap<FunctionName, Usage>;

export async function measureRequests(): Promise<Report> {
  const product = new CountedProduct(compileBenchPolicy(3), '2026-03-02T10:00:00.000Z');
  const usageOf = async (work: () => Promise<unknown>): Promise<UsageByFunction> => {
    product.takeUsage();
    await work();
    await product.settle();
    product.advance(90_000);
    return product.takeUsage();
  };
  const post = (alerts: readonly BenchAlert[], status: 'firing' | 'resolved' = 'firing') => {
    const webhook = webhookOf({ alertname: alerts[0]?.labels.alertname ?? '' }, alerts);
    return usageOf(() => product.post(status === 'firing' ? webhook : resolved(webhook, product.now())));
  };
  // Opens the direct message, as a warm process has it.
  await post(alertsOf('WarmUp', 1));
  const one = alertsOf('HighErrorRate', 1);
  const hundred = alertsOf('NodeDown', 100);
  const cases = {
    'first alert': await post(one),
    'unchanged repeat': await post(one),
    resolve: await post(one, 'resolved'),
    'group of 100': await post(hundred),
    'repeat of 100': await post(hundred),
  };
  // Two incidents are open, so a person must name one.
  const acknowledge = await usageOf(() => product.slashCommand('ack 3'));
  const list = await usageOf(() => product.slashCommand('list'));
  return {
    figures: [...caseFigures(cases), ...commandFigures(acknowledge, list)],
    notes: [
      ...Object.entries(cases).map(([name, usage]) => describeCase(name, usage)),
      describeCase('/incident ack 3', acknowledge),
      'Requests are those of our functions and of their queue pollers (receive and delete); units include the indexes. Prices: AWS list, us-east-1; Lambda as 256 MB for 100 ms; without logs, storage, idle polling.',
      'Pages, channel message and thread included, up to the first wait of the timer. SEV1, default policy: on-call in Slack and PagerDuty.',
    ],
    broken: brokenBy(cases['unchanged repeat']),
  };
}

const alertsOf = (alertname: string, count: number): readonly BenchAlert[] =>
  Array.from({ length: count }, (_, index) => ({
    labels: {
      alertname,
      severity: 'critical',
      service: serviceOf(0),
      instance: `10.0.0.${index}:9100`,
      job: 'node',
      cluster: 'eu-central-1',
      namespace: 'checkout',
    },
    startsAt: '2026-03-02T09:59:30.000Z',
  }));

const resolved = (webhook: ReturnType<typeof webhookOf>, endsAt: string) => ({
  ...webhook,
  status: 'resolved',
  alerts: webhook.alerts.map((alert) => ({ ...alert, status: 'resolved', endsAt })),
});

const totalOf = (usage: UsageByFunction): Usage => addUsage(usage.values());
const ofIngest = (usage: UsageByFunction): Usage =>
  addUsage([usage.get('ingest-alerts')].flatMap((each) => each ?? []));

type Case = 'first alert' | 'unchanged repeat' | 'resolve' | 'group of 100' | 'repeat of 100';

function caseFigures(cases: Readonly<Record<Case, UsageByFunction>>): readonly Figure[] {
  const repeat = ofIngest(cases['unchanged repeat']);
  const first = ofIngest(cases['first alert']);
  return [
    {
      what: 'unchanged repeat: writes of the table',
      value: repeat.itemsWritten,
      unit: '',
      aim: { of: 'value', below: 1 },
    },
    { what: 'unchanged repeat: items read', value: repeat.itemsRead, unit: '', aim: { of: 'value', below: 3 } },
    {
      what: 'first alert: DynamoDB units of ingest (read + write)',
      value: first.readUnits + first.writeUnits,
      unit: 'units',
      baseline: { what: 'unchanged repeat', value: repeat.readUnits + repeat.writeUnits },
    },
    ...Object.entries(cases).flatMap(([name, usage]) => totals(name, usage, cases['first alert'])),
  ];
}

function totals(name: string, usage: UsageByFunction, first: UsageByFunction): readonly Figure[] {
  const [total, base] = [totalOf(usage), totalOf(first)];
  const beside = (value: number) => (usage === first ? {} : { baseline: { what: 'first alert', value } });
  return [
    { what: `${name}: requests`, value: sdkRequests(total), unit: '', ...beside(sdkRequests(base)) },
    { what: `${name}: read units`, value: total.readUnits, unit: '', ...beside(base.readUnits) },
    { what: `${name}: write units`, value: total.writeUnits, unit: '', ...beside(base.writeUnits) },
    { what: `${name}: price`, value: dollarsPerMillion(total), unit: '$/M', ...beside(dollarsPerMillion(base)) },
  ];
}

function commandFigures(acknowledge: UsageByFunction, list: UsageByFunction): readonly Figure[] {
  const door = (usage: UsageByFunction) => addUsage([usage.get('respond-to-slack')].flatMap((each) => each ?? []));
  return [
    {
      what: '/incident ack 3: AWS calls in sequence, within the request',
      value: door(acknowledge).tableWaves,
      unit: '',
      aim: { of: 'value', below: 4 },
    },
    { what: '/incident ack 3: AWS requests, within the request', value: sdkRequests(door(acknowledge)), unit: '' },
    {
      what: '/incident list: AWS calls in sequence',
      value: door(list).tableWaves,
      unit: '',
      aim: { of: 'value', below: 4 },
    },
    { what: '/incident list: AWS requests', value: sdkRequests(door(list)), unit: '' },
  ];
}

/** One line a function: where the total comes from. */
function describeCase(name: string, usage: UsageByFunction): string {
  const lines = [...usage]
    .filter(([, { invocations }]) => invocations > 0)
    .map(
      ([functionName, each]) =>
        `${functionName} ${each.invocations} x: ${sdkRequests(each)} requests (table ${each.tableReads} reads of ${each.itemsRead} items, ${each.tableWrites} writes of ${each.itemsWritten}), ${each.readUnits} RU, ${each.writeUnits} WU${each.vendorCalls > 0 ? `, ${each.vendorCalls} vendor calls` : ''}`,
    );
  return `${name}: ${lines.join('; ')}.`;
}

function brokenBy(repeat: UsageByFunction): readonly string[] {
  const { itemsWritten, itemsRead } = totalOf(repeat);
  return itemsWritten === 0 && itemsRead <= 2
    ? []
    : [`an unchanged repeat wrote ${itemsWritten} items and read ${itemsRead}, instead of 0 and at most 2`];
}
