import { quietTime, Roster } from './roster.ts';

/**
 * The escalation policy of the simulation, written apart from the product: SEV1 (critical) pages who is on call and PagerDuty at once,
 * bob after 5 min (Slack, and his phone 2 min later), carol after 10 min, then carol every 15 min; SEV2 (error) the same at 0, 15, 30 and every 15 min. A person
 * who escalates runs the next step at once, and moves those behind it.
 *
 * Steps are counted as runs: run 0 is step 1, run 1 step 2, run 2 step 3, run 3 step 3 again, and so on.
 */

const minute = 60_000;
const offsets = { SEV1: [0, 5 * minute, 10 * minute], SEV2: [0, 15 * minute, 30 * minute] } as const;
const repeatEvery = 15 * minute;
const lastStep = 2;
/** How late a step may run when its timer died or calls failed: the sweep's minute, its grace, and some failed tries. */
export const lateness = 5 * minute;

export type Severity = keyof typeof offsets;

export interface ExpectedPage {
  readonly incident: number;
  readonly generation: number;
  readonly step: number;
  readonly round: number;
  readonly target: string;
}

/** An instant that lateness of the product may move: not before `from`, and by `by` at the latest. */
export interface Between {
  readonly from: number;
  readonly by: number;
}

/** A period in which pages are owed: one generation from its start to its end (somebody answered, or it was over). */
export interface Window {
  readonly incident: number;
  readonly generation: number;
  readonly severity: Severity;
  readonly begins: number;
  /** When its first run is due; what is due as it begins comes in the same transaction. */
  readonly start: Between;
  /** Which run may come first: more than one when lateness left open how far the generation before had come. */
  readonly first: Between;
  readonly escalatedAt: number[];
  end: number | null;
}

const gapAfter = (severity: Severity, run: number): number => {
  const [before, after] = [offsets[severity][run], offsets[severity][run + 1]];
  return before === undefined || after === undefined ? repeatEvery : after - before;
};

/** When each run of a window comes, if run `first` is the first; ends with one that does not come before `until`. */
function runsOf(window: Window, first: number, until: number): readonly Between[] {
  const { severity, begins, start, escalatedAt } = window;
  let runs: Between[] = [{ from: start.from, by: start.by > begins ? start.by + lateness : start.by }];
  const extend = () => {
    for (let last = runs.at(-1); last && last.from < until; last = runs.at(-1)) {
      const gap = gapAfter(severity, first + runs.length - 1);
      runs.push({ from: last.from + gap, by: last.by + gap + lateness });
    }
  };
  extend();
  for (const at of escalatedAt) {
    runs = escalate(runs, at, (nth) => gapAfter(severity, first + nth));
    extend();
  }
  return runs;
}

/** The first run that had not come yet came at once; which one that was is open where a run may have been late. */
function escalate(runs: readonly Between[], at: number, gap: (nth: number) => number): Between[] {
  const soonest = runs.findIndex(({ by }) => by >= at);
  const latest = runs.findLastIndex((_, nth) => nth === 0 || (runs[nth - 1]?.from ?? at) <= at);
  const moved: Between[] = [];
  for (const [nth, run] of runs.entries()) {
    const before = moved[nth - 1];
    const from = nth <= latest || !before ? Math.min(run.from, at) : before.from + gap(nth - 1);
    const by =
      nth < soonest ? run.by : nth === soonest || !before ? Math.min(run.by, at) : before.by + gap(nth - 1) + lateness;
    moved.push({ from, by });
  }
  return moved;
}

const choicesOf = ({ first }: Window): readonly number[] =>
  Array.from({ length: first.by - first.from + 1 }, (_, i) => first.from + i);

interface NamedPage {
  readonly name: string;
  readonly run: Between;
  /** False where it is open whom the step found. */
  readonly isSure: boolean;
}

/** Pages that must be owed (surely due before the window's end) and that may be owed. */
export function pagesOf(
  window: Window,
  now: number,
  roster = new Roster([]),
): { readonly must: string[]; readonly may: string[] } {
  const end = window.end ?? now;
  const choices = choicesOf(window);
  const pages = choices.flatMap((first) =>
    runsOf(window, first, end).flatMap((run, nth) => pagesOfRun(window, first + nth, run, roster)),
  );
  const sure = Map.groupBy(
    pages.filter(({ run, isSure }) => isSure && run.by < end),
    ({ name }) => name,
  );
  return {
    must: [...sure].flatMap(([name, { length }]) => (length === choices.length ? [name] : [])),
    may: pages.filter(({ run }) => run.from <= end).map(({ name }) => name),
  };
}

function pagesOfRun(window: Window, nth: number, run: Between, roster: Roster): readonly NamedPage[] {
  const { incident, generation } = window;
  const step = Math.min(nth, lastStep) + 1;
  const round = Math.max(1, nth - lastStep + 1);
  return targetsOf(step, window.severity, run, roster).map(({ target, isSure }) => ({
    name: pageName({ incident, generation, step, round, target }),
    run,
    isSure,
  }));
}

function targetsOf(step: number, severity: Severity, run: Between, roster: Roster) {
  const sure = (target: string) => ({ target, isSure: true });
  if (step === 2) return waysOf('bob').map(sure);
  if (step === 3) return paged('carol', severity, run, true);
  const people = roster.onCall(run);
  const onCall = people.flatMap((person) => paged(person, severity, run, people.length === 1));
  return [...onCall, sure('pagerduty:platform')];
}

/** A person's pages: none while the person is quiet, none that is sure where that is open. */
function paged(person: string, severity: Severity, run: Between, isSure: boolean) {
  const isAsked = severity === 'SEV2' && (person === 'carol' || person === 'dave');
  const mayBeQuiet = isAsked && run.from < quietTime.until && run.by >= quietTime.from;
  const isQuiet = mayBeQuiet && run.from >= quietTime.from && run.by < quietTime.until;
  return isQuiet ? [] : waysOf(person).map((target) => ({ target, isSure: isSure && !mayBeQuiet }));
}

const waysOf = (person: string): readonly string[] =>
  person === 'bob' ? ['person:bob', 'person:bob:sns:bob-phone'] : [`person:${person}`];

/** Nobody acknowledged, and the last step surely came again by itself: then the fallback is paged, once. */
export const mustUseFallback = (window: Window, now: number): boolean =>
  window.escalatedAt.length === 0 &&
  window.first.by === window.first.from &&
  (runsOf(window, window.first.from, window.end ?? now)[lastStep + 1 - window.first.from]?.by ?? now) <
    (window.end ?? now);

export const pageName = ({ incident, generation, step, round, target }: ExpectedPage): string =>
  `INC-${incident} ${generation} ${step} ${round} ${target}`;

/** When bob's phone may ring for an incident: 2 min behind each step that pages him, until somebody answered. */
export const phoneTimesOf = (window: Window, now: number, roster: Roster): readonly Between[] =>
  choicesOf(window).flatMap((first) =>
    runsOf(window, first, window.end ?? now).flatMap((run, nth) =>
      pagesOfRun(window, first + nth, run, roster).some(({ name }) => name.endsWith(' person:bob'))
        ? [{ from: run.from + 2 * minute, by: window.end ?? now }]
        : [],
    ),
  );

/** Which run comes next after `at`: where a run may have been late, more than one. */
export function nextRun(window: Window, at: number): Between {
  const next = choicesOf(window).map((first) => {
    const runs = runsOf(window, first, at + 1);
    const sure = runs.filter(({ by }) => by < at).length;
    const possible = runs.filter(({ from }) => from <= at).length;
    return { from: first + sure, by: first + possible };
  });
  return {
    from: Math.min(lastStep, ...next.map(({ from }) => from)),
    by: Math.min(lastStep, Math.max(...next.map(({ by }) => by))),
  };
}

/** When step 1 came in this window; null when it does not begin with it. */
export function firstStepOf(window: Window, until: number): { readonly came: Between; readonly sure: boolean } | null {
  if (window.first.from > 0) return null;
  const [came] = runsOf(window, 0, until);
  return came === undefined ? null : { came, sure: window.first.by === 0 };
}
