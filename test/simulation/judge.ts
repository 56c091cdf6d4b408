import { checkAlerts } from './check-alerts.ts';
import { checkIntake } from './check-intake.ts';
import { checkDeadlines, checkLedgerOrder, checkState } from './check-ledger.ts';
import { checkQuiescent, checkTopics, checkVendorsAtRest } from './check-rest.ts';
import { checkSilences } from './check-silences.ts';
import { checkHandOvers, checkVendors } from './check-vendors.ts';
import { mustUseFallback, pageName, pagesOf } from './expected-pages.ts';
import { commitsOf, factsOf, incidentsOf, pagesOf as storedPages } from './ledger.ts';
import { checkCommandsOnce, readInputs } from './read-inputs.ts';
import { Reference } from './reference.ts';
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
export function judge({ seed, world, alertmanager, people, silences }: Run): SimulationReport {
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
  comparePages(world, reference, note);
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
function comparePages(world: World, { windows }: Reference, note: (violation: string) => void): void {
  const owed = new Set(storedPages(world).map((page) => pageName({ ...page, incident: page.incidentNumber })));
  const expected = windows.map((window) => pagesOf(window, world.time.millis));
  const may = new Set(expected.flatMap((pages) => pages.may));
  for (const page of expected.flatMap(({ must }) => must))
    if (!owed.has(page)) note(`owed by the reference and not by the product: ${page}`);
  for (const page of owed) if (!may.has(page)) note(`owed by the product and not by the reference: ${page}`);
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
