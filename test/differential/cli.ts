/**
 * npm run test:differential -- [--seed 1] [--scale 1] [--only text] | --build
 * The same generated inputs are decided by Tocsin's code and by Alertmanager's own programs. Exit 1 on any difference.
 * --build only has the newest amtool built, which takes the Go toolchain some minutes once a day.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileMatcher } from '#shared/alert/compile-matcher.ts';
import { formatMatcher } from '#shared/alert/matcher.ts';
import { startAlertmanager } from '#test/end-to-end/support/alertmanager.ts';
import { makeScope } from '#test/end-to-end/support/scope.ts';
import { startTocsin, tokens } from '#test/end-to-end/support/tocsin.ts';
import { Random } from '#test/simulation/random.ts';
import { compareCommands } from './compare-commands.ts';
import { compareInhibition, inhibitionConfig } from './compare-inhibition.ts';
import { compareLists } from './compare-lists.ts';
import { compareRoutes } from './compare-routes.ts';
import { compareSilences } from './compare-silences.ts';
import { compareSingles } from './compare-singles.ts';
import type { Comparison, Difference } from './difference.ts';
import { labelSet } from './generate-routes.ts';
import { labelNames, matcher, matchersText, matcherText, utf8Names } from './generate-texts.ts';
import { type Amtool, debianAmtool, newestAmtool } from './programs.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string' },
    build: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000);
const scale = Number(values.scale);
const scope = makeScope();
const root = scope.tempDir('differential');

async function main(): Promise<number> {
  console.log(`seed ${seed}`);
  const newest = await newestAmtool(new Date().toISOString().slice(0, 10));
  if (values.build) return 0;
  if (typeof newest === 'string') console.log(`NOT compared with the newest amtool: ${newest}`);
  const programs: Amtool[] = [await debianAmtool(), ...(typeof newest === 'string' ? [] : [newest])];
  let cases = 0;
  const differences: Difference[] = [];
  const take: Take = async (name, compare) => {
    if (values.only !== undefined && !name.includes(values.only)) return;
    const started = performance.now();
    const done = await compare();
    cases += done.cases;
    differences.push(...done.differences);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${name}: ${done.cases} cases, ${done.differences.length} differences, ${seconds} s`);
  };
  for (const amtool of programs) {
    const folderOf = (name: string) => {
      const folder = join(root, amtool.name.replaceAll(' ', '-'), name);
      mkdirSync(folder, { recursive: true });
      return folder;
    };
    const random = new Random(seed);
    const lists = Array.from({ length: Math.ceil(4000 * scale) }, () => matchersText(random));
    await take(`${amtool.name}: lists of matchers`, () => compareLists(amtool, lists, folderOf));
    const singles = Array.from({ length: Math.ceil(800 * scale) }, () => matcherText(random));
    await take(`${amtool.name}: single matchers`, () => compareSingles(amtool, singles, folderOf('singles')));
    const names = amtool.grammar === 'classic' ? labelNames : [...labelNames, ...utf8Names];
    const pool = Array.from({ length: 3000 }, () => matcher(random, names)).filter((one) => compileMatcher(one).ok);
    const configurations = Math.ceil(24 * scale);
    await take(`${amtool.name}: routes`, () =>
      compareRoutes(amtool, { random, pool, folder: folderOf('routes'), configurations }),
    );
  }
  await takeSilences(programs, take);
  await takeInhibition(take);
  await takeCommands(programs, take);
  for (const difference of differences.slice(0, 20)) console.log(JSON.stringify(difference));
  console.log(`${cases} cases, ${differences.length} differences, seed ${seed}`);
  return differences.length === 0 ? 0 : 1;
}

/** Few labels with few values, so that sources and targets meet; a rule sometimes takes an alert on both sides. */
async function takeInhibition(take: Take): Promise<void> {
  const random = new Random(seed);
  const names = ['team', 'job', 'a'];
  const pool = Array.from({ length: 300 }, () => matcher(random, names)).filter((one) => compileMatcher(one).ok);
  const some = (most: number) => Array.from({ length: random.between(0, most) }, () => random.pick(pool));
  const pick = () => ({ ...labelSet(random, pool), alertname: random.pick(['x', 'y', 'z']) });
  const alerts = Array.from({ length: Math.ceil(300 * scale) }, pick);
  for (let round = 0; round < Math.ceil(4 * scale); round++) {
    const rules = Array.from({ length: 6 }, (_, i) => {
      const target = { name: 'alertname', operator: '=' as const, value: random.pick(['x', 'y']) };
      const equal = names.filter(() => random.chance(0.5));
      return { name: `rule ${i}`, sourceMatchers: some(2), targetMatchers: [target, ...some(1)], equal };
    });
    await take('inhibition of Alertmanager', async () => {
      const config = inhibitionConfig(rules);
      const { url } = await startAlertmanager(scope, { name: 'inhibition', config });
      return compareInhibition({ url, rules, alerts });
    });
  }
}

/** The commands of amtool that ask a server, against a real Alertmanager and against the local run. */
async function takeCommands(amtools: readonly Amtool[], take: Take): Promise<void> {
  if (values.only !== undefined && !'commands'.includes(values.only)) return;
  const config = 'route: { receiver: root, group_wait: 1h }\nreceivers: [{ name: root }]\n';
  for (const amtool of amtools) {
    // Each amtool begins with empty servers, so that the first one's silences decide nothing for the second.
    const { url } = await startAlertmanager(scope, { name: 'commands', config });
    const tocsin = await startTocsin(scope);
    const ours = `${tocsin.url.replace('://', `://local:${tokens.source}@`)}/alertmanager`;
    await take(`${amtool.name}: commands`, () => compareCommands(amtool, { theirs: url, ours }, root));
    await tocsin.interrupt();
  }
}

type Take = (name: string, compare: () => Promise<Comparison>) => Promise<void>;

/** A real Alertmanager: a thousand silences hold against a thousand alerts in one answer. */
async function takeSilences(amtools: readonly Amtool[], take: Take): Promise<void> {
  const random = new Random(seed);
  const pool = Array.from({ length: 600 }, () => matcher(random, labelNames)).filter((one) => compileMatcher(one).ok);
  const drafts = Array.from({ length: Math.ceil(1000 * scale) }, () =>
    Array.from({ length: random.between(1, 3) }, () => random.pick(pool)),
  );
  const queries = Array.from({ length: Math.ceil(100 * scale) }, () => {
    const draft = random.pick(drafts);
    return random.chance(0.7) ? draft.slice(0, random.between(1, 2)) : [random.pick(pool)];
  });
  const alerts = Array.from({ length: Math.ceil(400 * scale) }, () => ({ ...labelSet(random, pool), alertname: 'x' }));
  const filters = Array.from({ length: Math.ceil(1500 * scale) }, () =>
    random.chance(0.5) ? formatMatcher(random.pick(pool)) : matcherText(random),
  );
  await take('silences of Alertmanager', async () => {
    const config = 'route: { receiver: root, group_wait: 1h }\nreceivers: [{ name: root }]\n';
    const { url } = await startAlertmanager(scope, { name: 'differential', config });
    return compareSilences({ url, program: 'Alertmanager', drafts, alerts, filters, queries, amtools, folder: root });
  });
}

try {
  process.exitCode = await main();
} finally {
  await scope.end();
}
