import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRegexOperator, type Matcher } from '#shared/alert/matcher.ts';
import { parseClassicMatcher } from '#shared/alert/matcher-classic.ts';
import { parseMatcher } from '#shared/alert/parse-matcher.ts';
import type { Result } from '#shared/kernel/result.ts';
import { type Comparison, type Difference, inChunks } from './difference.ts';
import type { Amtool } from './programs.ts';

/** A matcher as amtool posts it. */
interface PostedMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** Stands where Alertmanager would, and keeps what `amtool silence add` posts. */
async function startRecorder() {
  const posted = new Map<string, readonly PostedMatcher[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const silence = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      posted.set(silence.comment, silence.matchers);
      response.setHeader('content-type', 'application/json');
      response.end('{"silenceID":"00000000-0000-4000-8000-000000000000"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    posted,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** 0.25 did not look at braces here; later ones do before they try a grammar, and so do we (PROTOCOLS 2.3). */
const readAs = (grammar: Amtool['grammar'], text: string): Result<Matcher> =>
  grammar === 'classic' ? parseClassicMatcher(text) : parseMatcher(text);

const asPosted = ({ name, operator, value }: Matcher): PostedMatcher => ({
  isEqual: operator === '=' || operator === '=~',
  isRegex: isRegexOperator(operator),
  name,
  value,
});

const sameMatcher = (a: PostedMatcher | undefined, b: PostedMatcher): boolean =>
  a?.name === b.name && a.value === b.value && a.isRegex === b.isRegex && a.isEqual === b.isEqual;

/** Texts as single matchers, as arguments of the command line: the same are refused, the others mean the same. */
export async function compareSingles(amtool: Amtool, texts: readonly string[], folder: string): Promise<Comparison> {
  const recorder = await startRecorder();
  let silences = 0;
  // The first argument is never one under test: amtool takes what it cannot read there as the name of an alert.
  const read = async (arguments_: readonly string[]): Promise<readonly PostedMatcher[] | null> => {
    const comment = `silence ${silences++}`;
    const flags = [`--alertmanager.url=${recorder.url}`, '--no-version-check', '--author=a', `--comment=${comment}`];
    await amtool.run(['silence', 'add', ...flags, '--', 'first="1"', ...arguments_], folder);
    return recorder.posted.get(comment)?.slice(1) ?? null;
  };
  const compareOne = async (text: string): Promise<readonly Difference[]> => {
    const theirs = (await read([text]))?.[0] ?? null;
    const ours = readAs(amtool.grammar, text);
    const same = ours.ok ? theirs !== null && sameMatcher(theirs, asPosted(ours.value)) : theirs === null;
    return same ? [] : [{ part: 'single matcher', program: amtool.name, input: text, theirs, ours }];
  };
  try {
    // One refused argument fails a whole command, so those that should be refused are asked alone.
    return await inChunks(byVerdict(amtool, texts), 1, async ([chunk = []]) => {
      const expected = chunk.flatMap((text) => {
        const ours = readAs(amtool.grammar, text);
        return ours.ok ? [asPosted(ours.value)] : [];
      });
      const theirs = expected.length === chunk.length ? await read(chunk) : null;
      if (theirs !== null && expected.every((one, i) => sameMatcher(theirs[i], one))) {
        return { cases: chunk.length, differences: [] };
      }
      const differences: Difference[] = [];
      for (const text of chunk) differences.push(...(await compareOne(text)));
      return { cases: chunk.length, differences };
    });
  } finally {
    await recorder.stop();
  }
}

/** A hundred that we accept together, each that we refuse by itself. */
function byVerdict(amtool: Amtool, texts: readonly string[]): readonly (readonly string[])[] {
  const usable = texts.filter((text) => !text.includes('\0'));
  const accepted = usable.filter((text) => readAs(amtool.grammar, text).ok);
  const refused = usable.filter((text) => !readAs(amtool.grammar, text).ok);
  const hundreds = Array.from({ length: Math.ceil(accepted.length / 100) }, (_, i) =>
    accepted.slice(i * 100, i * 100 + 100),
  );
  return [...hundreds, ...refused.map((text) => [text])];
}
