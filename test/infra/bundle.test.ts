import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions, compilePolicy, type FunctionBundles, functionNames, PolicyRefused } from '#infra/bundle.ts';

const outdir = mkdtempSync(join(tmpdir(), 'tocsin-bundle-'));
let bundles: FunctionBundles;
beforeAll(async () => {
  bundles = await bundleFunctions({ outdir, environment: 'prod' });
});
afterAll(() => rmSync(outdir, { recursive: true }));

/** Names that a module imports by a path beside it. */
const importsOf = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import\(?)\s*["']\.\/([^"']+)["']/g)].map((match) => match[1] ?? '');

describe('the bundles', () => {
  it.each(functionNames)(
    '%s is a module that exports its handler, and does nothing until it is called',
    async (name) => {
      const module: { handler?: unknown } = await import(pathToFileURL(bundles[name].entry).href);
      expect(typeof module.handler).toBe('function');
    },
  );

  it('each hold their own entry and the chunks that it imports, and nothing else', () => {
    for (const name of functionNames) {
      const { directory } = bundles[name];
      const reached = new Set(['index.mjs']);
      for (const file of reached) for (const next of importsOf(join(directory, file))) reached.add(next);
      expect([name, readdirSync(directory).sort()]).toEqual([name, [...reached, 'policy.json'].sort()]);
    }
  });

  it('leave S3 out of the cold start of the alert door, and YAML and schemas out of every function', () => {
    const { bytes, startBytes, sources } = bundles['receive-alerts'];
    expect(bytes - startBytes).toBeGreaterThan(100_000);
    expect(sources.some((source) => source.includes('@aws-sdk/client-s3/'))).toBe(true);
    const heavy = functionNames.filter((name) =>
      bundles[name].sources.some((source) => /node_modules\/(yaml|zod)\/|shared\/config\/parse-policy/.test(source)),
    );
    expect(heavy).toEqual([]);
  });

  it('carry the compiled policy of their environment', () => {
    for (const name of functionNames) {
      const policy = JSON.parse(readFileSync(join(bundles[name].directory, 'policy.json'), 'utf8'));
      expect([name, policy]).toEqual([name, JSON.parse(JSON.stringify(compilePolicy('prod', () => {})))]);
    }
  });

  it('come without what they were cut from', () => {
    expect(readdirSync(outdir).sort()).toEqual([...functionNames].sort());
  });

  it('are not made for an environment without a policy file', async () => {
    const nowhere = join(outdir, 'nowhere');
    await expect(bundleFunctions({ outdir: nowhere, environment: 'nowhere' })).rejects.toThrow(
      new PolicyRefused(
        'config/nowhere.yaml:1:1: there is no such file. Fix: write it, beginning with a copy of another environment’s.',
      ),
    );
    expect(existsSync(nowhere)).toBe(false);
    const run = spawnSync(process.execPath, ['infra/bundle.ts', 'nowhere'], { encoding: 'utf8' });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/^config\/nowhere\.yaml:1:1: /);
  });
});
