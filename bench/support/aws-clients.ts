import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Writes a module that only has the AWS clients, with the commands, that a function's own code imports before its first
 * event: what the function would be if it did nothing.
 */
export async function writeClientsOnly(functionFile: string, file: string): Promise<void> {
  const imports = new Map<string, Set<string>>();
  for (const source of await ownSources(functionFile)) {
    for (const { from, names } of awsImports(readFileSync(join(root, source), 'utf8'))) {
      const known = imports.get(from) ?? new Set<string>();
      imports.set(from, known);
      for (const name of names) known.add(name);
    }
  }
  const lines = [...imports].map(([from, names]) => `export { ${[...names].sort().join(', ')} } from '${from}';`);
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** Files of this repository that a function loads before its first event: what it imports dynamically is left out. */
async function ownSources(functionFile: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [functionFile],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const found = new Set([relative(root, functionFile)]);
  for (const source of found) {
    for (const { path, kind, external } of metafile.inputs[source]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) found.add(path);
    }
  }
  return [...found];
}

/** What a file imports of the SDK at run time: types and deeper paths are left out. */
function awsImports(text: string): readonly { readonly from: string; readonly names: readonly string[] }[] {
  return [...text.matchAll(/import \{([^}]*)\} from '(@aws-sdk\/[^']*)';/g)].map(([, names = '', from = '']) => ({
    from,
    names: names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type ')),
  }));
}
