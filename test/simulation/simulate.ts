import { judge, type SimulationReport } from './judge.ts';
import { run, type SimulationOptions } from './run.ts';

/** One run of one seed, and all that was wrong with it. */
export const simulate = async (seed: number, options: SimulationOptions = {}): Promise<SimulationReport> =>
  judge(await run(seed, options));
