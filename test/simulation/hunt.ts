/**
 * node test/simulation/hunt.ts [seeds]: seed by seed until one has a violation, which is printed. Exit 1 when there is one.
 * A run that throws has found something too.
 */
import { simulate } from './simulate.ts';

Error.stackTraceLimit = 0;
const seeds = Number(process.argv[2] ?? 30);

async function hunt(): Promise<string | null> {
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      const [violation] = (await simulate(seed)).violations;
      if (violation !== undefined) return `seed ${seed}: ${violation}`;
    } catch (error) {
      return `seed ${seed}: ${String(error)}`;
    }
  }
  return null;
}

const found = await hunt();
if (found !== null) console.log(found);
process.exitCode = found === null ? 0 : 1;
