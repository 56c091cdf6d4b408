import { checkAlerts } from './check-alerts.ts';
import { checkIntake } from './check-intake.ts';
import { checkDeadlines, checkLedgerOrder, checkState } from './check-ledger.ts';
import { readOverrides } from './check-overrides.ts';
import { checkQuiescent, checkTopics, checkVendorsAtRest } from './check-rest.ts';
import { checkSilences } from './check-silences.ts';
import { checkHandOvers, checkPhone, checkVendors } from './check-vendors.ts';
import { mustUseFallback, pageName, pagesOf } from './expected-pages.ts';
import { commitsOf, factsOf, incidentsOf, pagesOf as storedPages } from './ledger.ts';
import { checkCommandsOnce, readInputs } from './read-inputs.ts';
import { Reference } from './reference.ts';
import { Roster } from './roster.ts';
import { leastChanges, type Run, startMillis } from './run.ts';
import type { World } from './world.ts';

export interface SimulationReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly alertChanges: number;
  readonly silences: number;
  readonly pages: number;
  readonly incidents: number;
  readonly crashes: number;
  readonly errors: readonly string[];
}

/** Everything that must hold after a run. */
export function judge({ seed, world, alertmanager, people, silences, overrides }: Run): SimulationReport {
  const violations: string[] = [];
  const note = (violation: string): void => void violations.push(violation);
  const facts = factsOf(world);
  const span = { from: startMillis, until: world.time.millis };
  checkLedgerOrder(facts, note);
  checkDeadlines(facts, note);
  checkState(world, note);
  checkIntake(facts, note);
  checkAlerts(facts, alertmanager, span, note);
  checkSilences(facts, silences.meant, span, note);
  checkVendors(world, facts, note);
  checkHandOvers(world, note);
  checkVendorsAtRest(world, note);
  checkTopics(world, note);
  checkQuiescent(world, note);
  if (alertmanager.changes < leastChanges) note(`only ${alertmanager.changes} alert changes`);

  const reference = new Reference();
  for (const { input, opened } of readInputs(facts, people.commands)) reference.take(input, opened);
  reference.finish(world.time.millis);
  for (const violation of reference.violations) note(violation);
  const roster = new Roster(readOverrides(facts, overrides.meant, note));
  comparePages(world, reference, roster, note);
  checkOnePerson(world, note);
  checkPhone(world, reference.windows, roster, note);
  compareFallback(world, reference, note);
  checkCommandsOnce(facts, note);
  return {
    seed,
    violations,
    alertChanges: alertmanager.changes,
    silences: silences.meant.size,
    pages: storedPages(world).length,
    incidents: incidentsOf(world).length,
    crashes: world.containers.crashes,
    errors: world.containers.errors,
  };
}

/** Pages owed by the product against those of the reference: none too few, none too many. */
function comparePages(world: World, { windows }: Reference, roster: Roster, note: (violation: string) => void): void {
  const owed = new Set(storedPages(world).map((page) => pageName({ ...page, incident: page.incidentNumber })));
  const expected = windows.map((window) => pagesOf(window, world.time.millis, roster));
  const may = new Set(expected.flatMap((pages) => pages.may));
  for (const page of expected.flatMap(({ must }) => must))
    if (!owed.has(page)) note(`owed by the reference and not by the product: ${page}`);
  for (const page of owed) if (!may.has(page)) note(`owed by the product and not by the reference: ${page}`);
}

/** At most one person is on call: the first step pages one. */
function checkOnePerson(world: World, note: (violation: string) => void): void {
  const people = new Map<string, Set<string>>();
  for (const { step, target, incidentNumber, generation, round } of storedPages(world)) {
    const [kind, person = ''] = target.split(':');
    if (step !== 1 || kind !== 'person') continue;
    const run = `INC-${incidentNumber} ${generation} ${round}`;
    people.set(run, (people.get(run) ?? new Set()).add(person));
  }
  for (const [run, { size }] of people) if (size > 1) note(`${size} people were on call at once: ${run}`);
}

function compareFallback(world: World, { windows }: Reference, note: (violation: string) => void): void {
  const used = Map.groupBy(
    commitsOf(world).filter(({ events }) =>
      events.some((event) => event.type === 'FallbackPaged' && event.reason === 'nobody acknowledged'),
    ),
    ({ incidentNumber, generation }) => `INC-${incidentNumber} ${generation}`,
  );
  for (const window of windows) {
    const name = `INC-${window.incident} ${window.generation}`;
    const times = used.get(name)?.length ?? 0;
    if (times > 1) note(`the fallback was used ${times} times in one generation: ${name}`);
    if (times === 0 && mustUseFallback(window, world.time.millis)) note(`nobody acknowledged and no fallback: ${name}`);
  }
}
