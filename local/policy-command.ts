import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkPolicyDates } from '#shared/config/check-dates.ts';
import { type PolicyReading, parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { formatProblem, sortProblems } from '#shared/config/problem.ts';
import { policyJsonSchema } from '#shared/config/schema/document.ts';
import { fromEpochMillis, type Instant } from '#shared/kernel/instant.ts';
import { runCoverage } from './policy/coverage.ts';
import { runDiff } from './policy/diff.ts';
import { importHolidays, importUsage } from './policy/import-holidays.ts';
import type { ExitCode, LoadPolicy } from './policy/question-options.ts';
import { runWho } from './policy/who.ts';
import { showWindows } from './show-windows.ts';

const configFolder = fileURLToPath(new URL('../config', import.meta.url));

const usage = `Usage:
  npm run policy -- check [FILE...] [--strict]   check these policy files, or all of config/; --strict fails on warnings
  npm run policy -- windows [FILE]               print the next five of each maintenance window, local and in UTC
  npm run policy -- who --alert LABELS [...]     print who is told of an alert, when, and why not the others
  npm run policy -- coverage [FILE] [--days 90]  print when nobody is on call, and who carries how much; --strict fails on a gap
  npm run policy -- diff OTHER [FILE]            print who would be told differently with OTHER in place of FILE;
                                                 --strict fails when SEV1 or SEV2 page fewer people
  npm run policy -- show [FILE]                  print the compiled policy as JSON
                                                 (FILE: default CONFIG or config/local.yaml)
${importUsage}
  npm run schema                                 write config/policy.schema.json anew`;

/** Reads and compiles one policy file; its environment is the file's name. Throws only when it cannot be read. */
export function readPolicyFile(path: string): PolicyReading {
  const environment = basename(path).replace(/\.ya?ml$/, '');
  return parsePolicy(readFileSync(path, 'utf8'), { environment, fileName: relative('', path) });
}

/** A refusal of the operating system (no such file, no permission) as a sentence; a bug of ours goes on up. */
function explainUnreadable(path: string, error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return `${path}: cannot be read (${String(error.code)}). Fix: name an existing policy file, such as config/local.yaml.`;
}

const countsOf = (reading: Extract<PolicyReading, { ok: true }>): string => {
  const { sources, services, teams, people, escalationPolicies, route } = reading.policy;
  const routes = (node: typeof route): number => 1 + node.routes.reduce((sum, child) => sum + routes(child), 0);
  const count = (entries: object) => Object.keys(entries).length;
  return [
    `sources ${count(sources)}`,
    `services ${count(services)}`,
    `teams ${count(teams)}`,
    `people ${count(people)}`,
    `escalation policies ${count(escalationPolicies)}`,
    `routes ${routes(route)}`,
  ].join(', ');
};

/** Lines to print for one file, and whether it may be deployed. */
export function checkFile(path: string, strict: boolean, now: Instant): { lines: readonly string[]; ok: boolean } {
  let reading: PolicyReading;
  try {
    reading = readPolicyFile(path);
  } catch (error) {
    return { lines: [explainUnreadable(path, error)], ok: false };
  }
  if (!reading.ok) {
    const count = reading.problems.length;
    const total = `${relative('', path)}: ${count} ${count === 1 ? 'problem' : 'problems'}`;
    return { lines: [...reading.problems.map(formatProblem), total], ok: false };
  }
  const dated = checkPolicyDates(readFileSync(path, 'utf8'), reading.policy, relative('', path), now);
  const warnings = sortProblems([...reading.warnings, ...dated]).map((warning) => `warning: ${formatProblem(warning)}`);
  const refused = strict && warnings.length > 0;
  const verdict = refused
    ? `${relative('', path)}: refused by --strict for its warnings`
    : `${relative('', path)}: OK, policy ${reading.policy.hash} (${countsOf(reading)})`;
  return { lines: [...warnings, verdict], ok: !refused };
}

const defaultFile = (): string => process.env.CONFIG ?? join(configFolder, 'local.yaml');

/** Null for a file with problems, which are printed. */
const load: LoadPolicy = (path = defaultFile()) => {
  const checked = checkFile(path, false, fromEpochMillis(Date.now()));
  const reading = checked.ok ? readPolicyFile(path) : null;
  if (reading?.ok) return reading.policy;
  console.error(checked.lines.join('\n'));
  return null;
};

/** Prints what is said about one policy; a file with problems is refused with them. */
function print(path: string | undefined, describe: (policy: Policy) => string): ExitCode {
  const policy = load(path);
  if (policy !== null) console.log(describe(policy));
  return policy === null ? 1 : 0;
}

function check(paths: readonly string[], strict: boolean): boolean {
  const all = readdirSync(configFolder)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(configFolder, name));
  const results = (paths.length > 0 ? paths : all).map((path) => checkFile(path, strict, fromEpochMillis(Date.now())));
  for (const { lines, ok } of results) (ok ? console.log : console.error)(lines.join('\n'));
  return results.every(({ ok }) => ok);
}

/** Null for an option that does not exist: a mistyped --strict must not pass. */
function readArguments(args: readonly string[]): { positionals: readonly string[]; strict: boolean } | null {
  try {
    const options = { strict: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { positionals, strict: values.strict ?? false };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}

function printHolidays(args: readonly string[]): ExitCode {
  const { exitCode, output, messages } = importHolidays(args, new Date().getUTCFullYear());
  process.stdout.write(output);
  for (const message of messages) console.error(message);
  return exitCode;
}

/** Commands with options of their own. */
const questions: Readonly<Record<string, (args: readonly string[], load: LoadPolicy) => ExitCode>> = {
  who: runWho,
  coverage: runCoverage,
  diff: runDiff,
  'import-holidays': printHolidays,
};

/** Runs one command and answers the exit code: 0 done, 1 refused, 2 not understood, 3 nobody is paged. */
export function runPolicyCommand(args: readonly string[]): ExitCode {
  const [first = '', ...others] = args;
  const ask = Object.hasOwn(questions, first) ? questions[first] : undefined;
  if (ask !== undefined) return ask(others, load);
  const given = readArguments(args);
  const [command, ...paths] = given?.positionals ?? [];
  switch (command) {
    case 'check':
      return check(paths, given?.strict ?? false) ? 0 : 1;
    case 'show':
      return print(paths[0], (policy) => JSON.stringify(policy, null, 2));
    case 'windows':
      return print(paths[0], ({ maintenanceWindows }) =>
        showWindows(maintenanceWindows, fromEpochMillis(Date.now())).join('\n'),
      );
    case 'schema':
      writeFileSync(join(configFolder, 'policy.schema.json'), `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
      return 0;
    default:
      console.error(usage);
      return 2;
  }
}

if (import.meta.main) process.exitCode = runPolicyCommand(process.argv.slice(2));
