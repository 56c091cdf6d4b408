import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Product, playIncident } from './demo/play-incident.ts';
import { startTocsin } from './run.ts';
import { readSettings, StartError } from './settings.ts';

/**
 * `npm run demo`: plays one incident through a running product and prints its timeline as it happens. With TOCSIN_URL it
 * uses that one (and its tokens from the environment), else it starts its own with the sandbox's vendors and throws it
 * away afterwards. Exits with 1 when something that should happen does not.
 */
async function withProduct(play: (product: Product) => Promise<boolean>): Promise<boolean> {
  const { env } = process;
  if (env.TOCSIN_URL) {
    const settings = readSettings(env, process.cwd());
    return play({ url: env.TOCSIN_URL.replace(/\/+$/, ''), ...settings });
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-demo-'));
  // Of the caller's settings only the policy file: a demo must not page anybody.
  const settings = readSettings({ CONFIG: env.CONFIG, PORT: '0', DATA_DIR: dataDir }, process.cwd());
  console.log('Starting a product of its own for the demo (set TOCSIN_URL to use a running one)...');
  try {
    const tocsin = await startTocsin(settings, { report: (problem) => console.error(`tocsin: ${problem}`) });
    try {
      return await play({ url: tocsin.url, ...settings });
    } finally {
      await tocsin.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

process.on('SIGINT', () => process.exit(130));

try {
  process.exit((await withProduct((product) => playIncident(product, console.log))) ? 0 : 1);
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}
