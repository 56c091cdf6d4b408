/**
 * npm run mutants -- [--only text] [--seeds 120]
 * Makes each small mistake of mutant-list.ts in a copy of the product, and runs simulation seeds there until one has a violation.
 * A mutant that no seed kills has survived: exit 1. The working tree is not touched.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutant, mutants } from './mutant-list.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const copied = ['shared', 'functions', 'test/simulation', 'test/support/api-event.ts', 'package.json'];
const workers = 2;
/** A mutant may also make the product run in circles. */
const longestHuntMillis = 90_000;

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, seeds: { type: 'string', default: '120' } },
});

interface Outcome {
  readonly mutant: Mutant;
  /** What noticed it; null: nothing. */
  readonly killedBy: string | null;
}

function copyProduct(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'tocsin-mutants-'));
  for (const each of copied) cpSync(path.join(root, each), path.join(copy, each), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}

/** @throws Error when the product no longer says what the mutant would change */
function mutate(copy: string, { name, file, text, replacement }: Mutant): () => void {
  const place = path.join(copy, file);
  const original = readFileSync(place, 'utf8');
  const times = original.split(text).length - 1;
  if (times !== 1) throw new Error(`"${name}": its text is found ${times} times in ${file}, not once`);
  writeFileSync(
    place,
    original.replace(text, () => replacement),
  );
  return () => writeFileSync(place, original);
}

function hunt(copy: string, mutant: Mutant): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['test/simulation/hunt.ts', values.seeds], {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: path.join(copy, '.compiled') },
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    const timer = setTimeout(() => child.kill('SIGKILL'), longestHuntMillis);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const [line = ''] = said.trim().split('\n');
      const killedBy = signal !== null ? 'it did not come to an end' : code === 0 ? null : line;
      resolve({ mutant, killedBy });
    });
  });
}

async function work(waiting: Mutant[], outcomes: Outcome[]): Promise<void> {
  const copy = copyProduct();
  try {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const restore = mutate(copy, mutant);
      const outcome = await hunt(copy, mutant);
      restore();
      outcomes.push(outcome);
      console.log(`${outcome.killedBy === null ? 'SURVIVED' : 'killed  '}  ${mutant.name}`);
      if (outcome.killedBy !== null) console.log(`            ${outcome.killedBy}`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const startedAt = performance.now();
const waiting = mutants.filter(({ name }) => name.includes(values.only));
const outcomes: Outcome[] = [];
await Promise.all(Array.from({ length: workers }, () => work(waiting, outcomes)));
const survivors = outcomes.filter(({ killedBy }) => killedBy === null);
console.log(
  `${outcomes.length} mutants in ${Math.round((performance.now() - startedAt) / 1000)} s, ${survivors.length} survived`,
);
process.exitCode = survivors.length > 0 ? 1 : 0;
