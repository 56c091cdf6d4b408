import type { AlertGroupMessage, IncomingAlert } from '#shared/alert/alert.ts';
import type { Labels } from '#shared/alert/labels.ts';
import type { Policy } from '#shared/config/policy.ts';
import { judgeAlert } from '#shared/route/judge-alert.ts';
import { makeJudge } from '#shared/route/judge-record.ts';
import { decideUnit } from '#shared/runtime/ingest/decide-unit.ts';
import { planAlert } from '#shared/runtime/ingest/plan-alert.ts';
import { copyTask } from '#shared/runtime/ingest/propose.ts';
import { compileSilences, type SilenceIndex } from '#shared/silence/silence-index.ts';
import { makeAlerts, makeRoutes, makeSilences, now, services, silenceMix } from './support/core-world.ts';
import { naiveScan } from './support/naive-scan.ts';
import { compileBenchPolicy } from './support/policy.ts';
import type { Figure, MeasureOptions, Report } from './support/report.ts';
import { median } from './support/statistics.ts';

/** The decision core alone, on one core: no store, no queue, no vendor. CPU time of this thread, not of the clock. */

const few = 1_000;
const many = 10_000;
const distinctAlerts = 4_000;

type Decide = (alert: IncomingAlert) => unknown;

export async function measureCore({ quick }: MeasureOptions): Promise<Report> {
  const policy = compileBenchPolicy(services, makeRoutes());
  const manyRoutes = compileBenchPolicy(services, makeRoutes(20));
  const alerts = makeAlerts(distinctAlerts);
  const indexes = { few: compileSilences(makeSilences(few)), many: compileSilences(makeSilences(many)) };
  const scans = { few: naiveScan(policy, makeSilences(few)), many: naiveScan(policy, makeSilences(many)) };
  const times = cpuMicros(alerts, quick ? { rounds: 5, millis: 80 } : { rounds: 15, millis: 300 }, {
    judgeFew: (alert) => judge(policy, indexes.few, alert.labels),
    judgeMany: (alert) => judge(policy, indexes.many, alert.labels),
    judgeManyRoutes: (alert) => judge(manyRoutes, indexes.few, alert.labels),
    decideFew: decideWhole(policy, indexes.few),
    decideMany: decideWhole(policy, indexes.many),
    scanFew: (alert) => scans.few(alert.labels),
    scanMany: (alert) => scans.many(alert.labels),
  });
  const shareOf = (silences: SilenceIndex) => {
    const held = alerts.filter(({ labels }) => judge(policy, silences, labels).kind === 'suppressed').length;
    return `${((100 * held) / alerts.length).toFixed(1)} %`;
  };
  return {
    figures: figuresOf(times),
    notes: [
      `${distinctAlerts.toLocaleString('en-US')} alerts of 8 labels, 200 routes where not said otherwise. Silences: ${silenceMix}. 19 of 20 are active; with 1,000 they hold back ${shareOf(indexes.few)} of the alerts, with 10,000 ${shareOf(indexes.many)}.`,
      'A whole decision is that of a new alert: proposed, silenced or routed, its incident opened, its pages owed, the transaction written down.',
      'Baseline: each silence and each route tried in turn with matchers made ready (RegExp), as a program without an index does.',
    ],
    broken: disagreements(policy, alerts, indexes.few, scans.few),
  };
}

const group = { source: 'local', receiver: 'tocsin', groupKey: '{}:{alertname="x"}' };

const judge = (policy: Policy, silences: SilenceIndex, labels: Labels) =>
  judgeAlert(labels, { policy, silences, group, now });

/** What ingest does with a new alert, through the same pure functions. */
function decideWhole(policy: Policy, silences: SilenceIndex): Decide {
  const message: Omit<AlertGroupMessage, 'alerts'> = {
    id: 'message-1',
    ...group,
    groupLabels: { alertname: 'x' },
    externalURL: 'http://alertmanager.example.com:9093',
    truncatedAlerts: 0,
    receivedAt: now,
    notificationReason: null,
  };
  const nothing = { pointers: new Map(), incidents: new Map() };
  const actor = { kind: 'source', id: 'local', name: 'local' } as const;
  let ids = 0;
  return (incoming) => {
    const task = copyTask({ ...message, alerts: [incoming] }, 'group-1', incoming);
    const context = {
      judge: makeJudge(policy, silences, now),
      attached: nothing.incidents,
      flapping: policy.flapping,
      silences,
      now,
    };
    const planned = planAlert(task, null, task.propose(null, now), context);
    if (planned === null) throw new Error('a new alert is a change');
    ids += 1;
    return decideUnit([planned], nothing, {
      decision: { now, actor, policy, overrides: [], commandId: null },
      acceptedAt: now,
      correlationId: 'correlation',
      newId: () => `incident-${String(ids).padStart(11, '0')}`,
      numbers: new Map(planned.joins.map(({ incidentKey }) => [incidentKey, 42])),
    });
  };
}

interface Effort {
  readonly rounds: number;
  readonly millis: number;
}

/** CPU microseconds an alert: the median of rounds in which all take turns, so that a change of the machine meets all. */
function cpuMicros<Name extends string>(
  alerts: readonly IncomingAlert[],
  { rounds, millis }: Effort,
  contestants: Readonly<Record<Name, Decide>>,
): Readonly<Record<Name, number>> {
  const entries = Object.entries(contestants) as [Name, Decide][];
  const times = new Map(entries.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, decide] of entries) {
      const micros = timeOnce(alerts, millis, decide);
      // The first round is for the just-in-time compiler.
      if (round > 0) times.get(name)?.push(micros);
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)])) as Record<Name, number>;
}

let position = 0;

function timeOnce(alerts: readonly IncomingAlert[], millis: number, decide: Decide): number {
  const until = performance.now() + millis;
  const before = process.threadCpuUsage();
  let count = 0;
  while (performance.now() < until) {
    for (let each = 0; each < 10; each += 1) {
      position = (position + 1) % alerts.length;
      const alert = alerts[position];
      if (alert !== undefined) decide(alert);
    }
    count += 10;
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / count;
}

const aimGrowth = 1.5;

function figuresOf(
  micros: Readonly<
    Record<'judgeFew' | 'judgeMany' | 'judgeManyRoutes' | 'decideFew' | 'decideMany' | 'scanFew' | 'scanMany', number>
  >,
): readonly Figure[] {
  const perSecond = (each: number) => 1e6 / each;
  const rate = (what: string, own: number, scan: number): Figure => ({
    what,
    value: perSecond(own),
    unit: '/s',
    baseline: { what: 'naive scan', value: perSecond(scan) },
  });
  const growth = (what: string, after: number, before: number): Figure => ({
    what,
    value: after,
    unit: 'us',
    baseline: { what: 'with 1,000', value: before },
    aim: { of: 'ratio', below: aimGrowth },
  });
  return [
    {
      what: 'whole decision, 1,000 silences: alerts a second and core',
      value: perSecond(micros.decideFew),
      unit: '/s',
    },
    { what: 'whole decision, 10,000 silences', value: perSecond(micros.decideMany), unit: '/s' },
    growth('whole decision, an alert with 10,000 silences', micros.decideMany, micros.decideFew),
    rate('silences and routes alone, 1,000 silences', micros.judgeFew, micros.scanFew),
    rate('silences and routes alone, 10,000 silences', micros.judgeMany, micros.scanMany),
    growth('silences and routes alone, an alert with 10,000', micros.judgeMany, micros.judgeFew),
    {
      what: 'silences and routes alone, an alert with 1,000 routes',
      value: micros.judgeManyRoutes,
      unit: 'us',
      baseline: { what: 'with 200 routes', value: micros.judgeFew },
      aim: { of: 'ratio', below: 2 },
    },
    {
      what: 'naive scan, an alert with 10,000',
      value: micros.scanMany,
      unit: 'us',
      baseline: { what: 'with 1,000', value: micros.scanFew },
    },
  ];
}

/** Index and scan must say the same of every alert. */
function disagreements(
  policy: Policy,
  alerts: readonly IncomingAlert[],
  silences: SilenceIndex,
  scan: ReturnType<typeof naiveScan>,
): readonly string[] {
  const differing = alerts.filter(({ labels }) => {
    const judged = judge(policy, silences, labels);
    const scanned = scan(labels);
    return judged.kind === 'suppressed'
      ? scanned.silenced.length === 0
      : scanned.silenced.length > 0 || judged.routes[0]?.routePath !== scanned.paths[0];
  });
  return differing.length === 0 ? [] : [`index and scan disagree on ${differing.length} alerts`];
}
