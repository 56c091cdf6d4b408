import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Labels } from '#shared/alert/labels.ts';
import { formatMatcher, type Matcher } from '#shared/alert/matcher.ts';
import { printConfig as showConfig } from '#shared/alertmanager/config-text.ts';
import { type CompiledRoute, compileRoutes, matchRoutes } from '#shared/route/match-routes.ts';
import type { Random } from '#test/simulation/random.ts';
import { type Comparison, type Difference, inChunks } from './difference.ts';
import { compilePasted, labelSet, printConfig, type RouteText, receiverNames, route } from './generate-routes.ts';
import type { Amtool } from './programs.ts';

/** As arguments of the command line; a value is printed as a matcher's. */
const labelArguments = (labels: Labels): readonly string[] =>
  Object.entries(labels).map(([name, value]) => formatMatcher({ name, operator: '=', value }));

async function theirReceivers(amtool: Amtool, folder: string, file: string, labels: Labels): Promise<string> {
  const command = ['config', 'routes', 'test', `--config.file=${file}`, '--', ...labelArguments(labels)];
  const { exit, output, errors } = await amtool.run(command, folder);
  if (exit !== 0) throw new Error(`${amtool.name} ${command.join(' ')} ended with ${exit}: ${output}${errors}`);
  // The newest writes warnings about its two grammars before the answer.
  return output.trimEnd().split('\n').at(-1) ?? '';
}

const ourReceivers = (route: CompiledRoute, labels: Labels): string =>
  matchRoutes(route, labels)
    .map(({ node }) => node.receiver)
    .join(',');

/** As people write it, or as `status.config.original` shows it to Alertmanager's clients. */
const textFor = (kind: 'pasted' | 'shown', routes: readonly RouteText[]): string => {
  const pasted = printConfig(routes);
  const nothingElse = { hash: 'none', environment: 'test', inhibitRules: [], timeIntervals: {} };
  return kind === 'pasted' ? pasted : showConfig({ ...nothingElse, route: compilePasted(pasted) });
};

/** The smallest part of a configuration on which they still differ: what a person wants to see. */
async function shrink(routes: readonly RouteText[], differs: (routes: readonly RouteText[]) => Promise<boolean>) {
  for (const one of routes) if (await differs([one])) return [one];
  return routes;
}

/**
 * Route trees and label sets. One process decides one label set on a whole configuration, so each configuration holds many
 * trees, and the top of most continues: then every tree below it is decided by the same process.
 */
export async function compareRoutes(
  amtool: Amtool,
  { random, pool, folder, configurations }: RouteRun,
): Promise<Comparison> {
  const trees = 60;
  const runs = Array.from({ length: configurations }, (_, i) => {
    const names = receiverNames();
    const routes = Array.from({ length: trees }, () => {
      const tree = route(random, pool, names, 3);
      return random.chance(0.98) ? { ...tree, continue: true } : tree;
    });
    const kind: 'pasted' | 'shown' = i % 3 === 2 ? 'shown' : 'pasted';
    return { kind, file: `routes-${i}.yml`, routes, labels: Array.from({ length: 12 }, () => labelSet(random, pool)) };
  });
  return inChunks(runs, 1, async ([run]) => {
    if (run === undefined) return { cases: 0, differences: [] };
    writeFileSync(join(folder, run.file), textFor(run.kind, run.routes));
    const compiled = compileRoutes(compilePasted(printConfig(run.routes)));
    const smallFile = `small-${run.file}`;
    const differences: Difference[] = [];
    for (const labels of run.labels) {
      const theirs = await theirReceivers(amtool, folder, run.file, labels);
      const ours = ourReceivers(compiled, labels);
      if (theirs === ours) continue;
      const small = await shrink(run.routes, async (part) => {
        writeFileSync(join(folder, smallFile), textFor(run.kind, part));
        const ours = ourReceivers(compileRoutes(compilePasted(printConfig(part))), labels);
        return (await theirReceivers(amtool, folder, smallFile, labels)) !== ours;
      });
      const input = { labels, config: textFor(run.kind, small) };
      differences.push({ part: 'routes', program: amtool.name, input, theirs, ours });
    }
    return { cases: run.labels.length * trees, differences };
  });
}

export interface RouteRun {
  readonly random: Random;
  /** Conditions that both sides accept, whatever they mean. */
  readonly pool: readonly Matcher[];
  readonly folder: string;
  readonly configurations: number;
}
