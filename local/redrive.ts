import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { readRedriveArguments, redriveUsage } from './redrive/arguments.ts';
import { queuesOfLocalRun, queuesOnAws } from './redrive/find-queues.ts';
import { runRedrive } from './redrive/run-redrive.ts';
import { StartError } from './settings.ts';

/**
 * `npm run redrive`: what lies in the dead-letter queues, here or on AWS. Exit code 0: done, 1: not done, 2: not understood.
 */
async function redrive(args: readonly string[]): Promise<0 | 1 | 2> {
  const given = readRedriveArguments(args);
  if (!given.ok) {
    console.error(`${given.problem}\n\n${redriveUsage}`);
    return 2;
  }
  const { command, environment } = given;
  if (environment === null && existsSync('.env')) process.loadEnvFile('.env');
  const place = environment === null ? queuesOfLocalRun(process.env, process.cwd()) : queuesOnAws(environment);
  try {
    const done = await runRedrive(command, { place, print: console.log, confirm, nowMillis: Date.now });
    return done ? 0 : 1;
  } finally {
    place.client.destroy();
  }
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('There is nobody to ask: add --yes to drop it.');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

try {
  process.exitCode = await redrive(process.argv.slice(2));
} catch (error) {
  // What the SDK says (no credentials, no region, no permission, nothing answers) is the sentence to act on.
  console.error(error instanceof StartError ? error.message : `redrive: ${String(error)}`);
  process.exitCode = 1;
}
