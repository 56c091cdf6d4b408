import { basename } from 'node:path';
import { build } from 'esbuild';
import type { FunctionName } from '#shared/runtime/wiring.ts';

/** Our own code of each function after everything unused was shaken out of it, readable. */
export async function readCode(names: readonly FunctionName[]): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => `functions/${name}.ts`),
    outdir: 'never-written',
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    treeShaking: true,
    write: false,
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path, '.js'), text]));
}

const writes = {
  PutItem: /kind: "put",/,
  // A lane's message and an effect are called update too; a write of the table has a key.
  UpdateItem: /kind: "update",\s*key\b/,
  ConditionCheckItem: /kind: "check",/,
  DeleteItem: /kind: "delete",\s*key\b/,
  BatchGetItem: /\btable\d*\.get\(/,
  // The engine itself has no loop of its own over a query; whoever asks says `.query({`.
  Query: /table\d*\.query(Index)?\(/,
} as const;

/** Which actions of DynamoDB the code comes to, and which indexes it reads (keys.ts). */
export function tableUseOf(text: string) {
  const verbs = Object.entries(writes).flatMap(([action, pattern]) => (pattern.test(text) ? [action] : []));
  const indexes = ['open', 'due'].filter((name) => new RegExp(`index: "${name}",`).test(text));
  return { verbs: new Set(verbs), indexes: new Set(indexes) };
}
