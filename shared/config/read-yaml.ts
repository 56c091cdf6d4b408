import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { PolicyPath } from './problem.ts';

/** Above it a file is a mistake: 1,000 routes with their services take about 300 KB. In UTF-16 units. */
const maxTextLength = 1_048_576;

/** How often a file may repeat an anchor, nested repeats multiplied: enough to share steps, too few for a "billion laughs". */
const maxAliases = 100;

/** Levels of maps and lists: 20 routes inside each other need 50. */
const maxDepth = 64;

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What YAML itself objects to; a position is always known. */
export interface SyntaxProblem extends Position {
  readonly message: string;
  readonly fix: string;
}

export type YamlReading =
  | { readonly ok: false; readonly problems: readonly SyntaxProblem[] }
  | { readonly ok: true; readonly value: unknown; locate(path: PolicyPath, onKey: boolean): Position };

const atStart: Position = { line: 1, column: 1 };

function explainSyntax(error: YAMLError, positionOf: (offset: number) => Position): SyntaxProblem {
  const position = positionOf(error.pos[0]);
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return {
        ...position,
        message: 'this key is written twice in the same map',
        fix: 'Remove or rename one of the two.',
      };
    case 'TAB_AS_INDENT':
      return {
        ...position,
        message: 'a tab is used to indent',
        fix: 'Indent with spaces; YAML does not allow tabs here.',
      };
    case 'MULTIPLE_DOCS':
      return {
        ...position,
        message: 'a second document starts here',
        fix: 'Keep one document in the file; remove this "---".',
      };
    default:
      return {
        ...position,
        message: `this is not valid YAML: ${error.message.replace(/[\s.]+$/, '')}`,
        fix: 'Correct the YAML here; quotes around a value with special characters often help.',
      };
  }
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** The entry of a map or a list: where its key (or dash entry) starts, and what stands behind it. */
function findEntry(node: unknown, part: string | number): { keyOffset: number | undefined; value: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair ? { keyOffset: startOf(pair.key), value: pair.value } : null;
  }
  if (isSeq(node) && typeof part === 'number') {
    const value = node.items[part];
    return { keyOffset: startOf(value), value };
  }
  return null;
}

/** Follows a path as far as the file goes; what is missing, or empty, is shown at its nearest key. */
function findOffset(document: Document, path: PolicyPath, onKey: boolean): number {
  let node: unknown = document.contents;
  let keyOffset = startOf(node) ?? 0;
  for (const part of path) {
    const entry = findEntry(isAlias(node) ? node.resolve(document) : node, part);
    if (entry === null) return keyOffset;
    keyOffset = entry.keyOffset ?? keyOffset;
    node = entry.value;
  }
  const isEmpty = isScalar(node) && node.value === null;
  return onKey || isEmpty ? keyOffset : (startOf(node) ?? keyOffset);
}

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce<number>((deepest, child) => Math.max(deepest, depthOf(child)), 0)
    : 0;

const tooDeep = (position: Position): SyntaxProblem => ({
  ...position,
  message: 'the file is nested too deeply',
  fix: `Use at most ${maxDepth} levels; a bracket may have been left open.`,
});

/** Anchors that do not exist; the library would tell only the first, without its place. */
function checkAliases(document: Document, positionOf: (offset: number) => Position): SyntaxProblem[] {
  const unknown: SyntaxProblem[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
      const message = `unknown anchor *${alias.source}`;
      const fix = `Write the part out, or put &${alias.source} before its first use.`;
      unknown.push({ ...positionOf(startOf(alias) ?? 0), message, fix });
    },
  });
  return unknown;
}

function toValue(document: Document): { value: unknown } | { problem: SyntaxProblem } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    return depthOf(value) > maxDepth ? { problem: tooDeep(atStart) } : { value };
  } catch (error) {
    // With every anchor known, the library's only complaint here is too many repeats.
    if (!(error instanceof ReferenceError)) throw error;
    const message = `the file repeats anchors (&name, *name) more than ${maxAliases} times`;
    return { problem: { ...atStart, message, fix: 'Write the repeated parts out.' } };
  }
}

/** Reads YAML text into plain data that knows where each part stands. Pure; never throws for what a user wrote. */
export function readYaml(text: string): YamlReading {
  const fail = (problems: readonly SyntaxProblem[]): YamlReading => ({ ok: false, problems });
  if (text.length > maxTextLength) {
    const message = `the file has ${text.length} characters, more than the ${maxTextLength} that are read`;
    return fail([{ ...atStart, message, fix: 'Make it shorter.' }]);
  }
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const exhausted = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted) return fail([tooDeep(positionOf(exhausted.pos[0]))]);
  const syntax = document.errors.map((error) => explainSyntax(error, positionOf));
  const problems = syntax.length > 0 ? syntax : checkAliases(document, positionOf);
  if (problems.length > 0) return fail(problems);
  const read = toValue(document);
  if ('problem' in read) return fail([read.problem]);
  return { ok: true, value: read.value, locate: (path, onKey) => positionOf(findOffset(document, path, onKey)) };
}
