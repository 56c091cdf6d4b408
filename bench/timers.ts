import { noJournal } from '#local/journal.ts';
import { startStateMachine } from '#local/timers.ts';
import { fromEpochMillis } from '#shared/kernel/instant.ts';
import type { TickAnswer, TimerInput } from '#shared/runtime/ports.ts';
import {
  type Opened,
  type Opening,
  openIncidents,
  pagesPerStep,
  readSteps,
  type SteppedPage,
  waitingPolicies,
} from './support/open-incidents.ts';
import { type RunningProduct, startProduct } from './support/product.ts';
import type { Figure, MeasureOptions, Report } from './support/report.ts';
import { quantile } from './support/statistics.ts';

/**
 * How late do the steps of many open incidents run? Real table, the state machine definition that is deployed, real
 * handlers: lateness is the instant of the step's commit minus the instant that its timer was set to.
 */

/** So many that Slack's message a second and channel holds little back. */
const teams = 100;
const settleWithinMillis = 90_000;

interface Round {
  readonly opening: Opening;
  readonly opened: Opened;
  readonly pages: readonly SteppedPage[];
}

export async function measureTimers({ quick }: MeasureOptions): Promise<Report> {
  const few = openingOf('Few', quick ? [10, 4, 3] : [100, 20, 30]);
  const many = openingOf('Many', quick ? [100, 15, 5] : [1_000, 80, 30]);
  const product = await startProduct(teams, waitingPolicies());
  try {
    const baseline = await playRound(product, few);
    const measured = await playRound(product, many);
    const complaints = product.complaints().trim();
    const engine = await timeEngine(many);
    return {
      figures: figuresOf(baseline, measured, engine),
      notes: [
        ...notesOf(baseline, measured),
        ...(complaints === '' ? [] : [`The product complained: ${complaints.slice(0, 500)}`]),
      ],
      broken: [...brokenBy(baseline), ...brokenBy(measured)],
    };
  } finally {
    await product.stop();
  }
}

const openingOf = (name: string, [count, leadSeconds, spreadSeconds]: readonly [number, number, number]): Opening => ({
  name,
  count,
  teams,
  leadSeconds,
  spreadSeconds,
});

async function playRound(product: RunningProduct, opening: Opening): Promise<Round> {
  const opened = await openIncidents(product, opening);
  const untilLast = Math.max(0, opened.lastDueAt - Date.now());
  const pages = await readSteps(product, opened, untilLast + settleWithinMillis);
  return { opening, opened, pages };
}

/** The interpreter's timers alone: as many executions wait for instants spread alike, and nothing is asked of a table. */
async function timeEngine({ count, spreadSeconds }: Opening): Promise<readonly number[]> {
  const firstDueAt = Date.now() + 1_000;
  const dueAt = (index: number) => firstDueAt + (index * spreadSeconds * 1000) / count;
  const lateness: number[] = [];
  let finished = () => {};
  const all = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const machine = startStateMachine({
    tick: async (payload): Promise<TickAnswer> => {
      const input = payload as TimerInput;
      const due = dueAt(input.generation);
      if (input.ticks === 0) return { ...input, ticks: 1, next: 'wait', dueAt: fromEpochMillis(Math.round(due)) };
      lateness.push(Math.max(0, Date.now() - Math.round(due)));
      if (lateness.length === count) finished();
      return { ...input, next: 'done', dueAt: null };
    },
    tickFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:tick',
    journal: noJournal,
    entries: [],
    now: Date.now,
    report: (problem) => console.error(problem),
  });
  for (let index = 0; index < count; index += 1) {
    machine.start(`timer-${index}`, JSON.stringify({ incidentId: 'none', generation: index, part: 0, ticks: 0 }));
  }
  await all;
  await machine.stop();
  return lateness;
}

/** One for each incident: both pages of a step have one commit. */
function latenessOf({ opened, pages }: Round): readonly number[] {
  const steps = new Map(pages.map(({ incidentId, owedAt }) => [incidentId, owedAt]));
  return [...steps].map(([id, owedAt]) => owedAt - (opened.dueAt.get(id) ?? Number.NaN));
}

const calledAfter = ({ opened, pages }: Round): readonly number[] =>
  pages.flatMap(({ incidentId, calledAt }) =>
    calledAt === null ? [] : [calledAt - (opened.dueAt.get(incidentId) ?? Number.NaN)],
  );

const shares = [
  ['p50', 0.5],
  ['p99', 0.99],
  ['max', 1],
] as const;

function figuresOf(baseline: Round, measured: Round, engine: readonly number[]): readonly Figure[] {
  const few = `with ${baseline.opening.count} open`;
  const rows = (what: string, values: readonly number[], beside: string, base: readonly number[], aimed: boolean) =>
    shares.map(
      ([name, share]): Figure => ({
        what: `${what}, ${name}`,
        value: quantile(values, share),
        unit: 'ms',
        baseline: { what: beside, value: quantile(base, share) },
        ...(aimed && name === 'p99' && { aim: { of: 'value' as const, below: 1_000 } }),
      }),
    );
  const late = latenessOf(measured);
  const handedOver = measured.pages.filter(({ state }) => state === 'handed over').length;
  return [
    ...rows('due to the commit of the step', late, few, latenessOf(baseline), true),
    ...rows('due to the commit of the step', late, 'the timers alone', engine, false),
    ...rows('due to the call of the vendor', calledAfter(measured), few, calledAfter(baseline), false),
    {
      what: 'pages handed over',
      value: handedOver,
      unit: '',
      baseline: { what: `incidents x ${pagesPerStep} targets`, value: measured.opening.count * pagesPerStep },
    },
  ];
}

const notesOf = (...rounds: readonly Round[]): readonly string[] =>
  rounds.map(({ opening: { count, spreadSeconds }, opened }) => {
    const rate = (count / spreadSeconds).toFixed(1);
    const within = (opened.openedWithinMillis / 1000).toFixed(0);
    return `${count.toLocaleString('en-US')} incidents opened through the door within ${within} s, each with a message in its channel; then their next steps within ${spreadSeconds} s, ${rate} a second, each pages on-call by Slack and PagerDuty.`;
  });

function brokenBy({ opening, opened, pages }: Round): readonly string[] {
  const owed = opening.count * pagesPerStep;
  const early = pages.filter(({ incidentId, owedAt }) => owedAt < (opened.dueAt.get(incidentId) ?? 0)).length;
  const lost = pages.flatMap(({ state }) => (state === 'handed over' ? [] : [state]));
  const checks: readonly (readonly [boolean, string])[] = [
    [pages.length === owed, `${pages.length} pages owed where ${owed} were due`],
    [lost.length === 0, `${lost.length} pages were not handed over: ${[...new Set(lost)].join(', ')}`],
    [early === 0, `${early} steps ran before they were due`],
  ];
  return checks.flatMap(([holds, problem]) => (holds ? [] : [`${opening.name}: ${problem}`]));
}
