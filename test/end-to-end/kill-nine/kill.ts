import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '#local/sandbox/faults.ts';
import { Random } from '#test/simulation/random.ts';
import type { Program, Scope } from '../support/scope.ts';
import { launchTocsin, type TocsinOptions, waitForReady } from '../support/tocsin.ts';
import type { OutsideVendors } from '../support/vendors.ts';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly product: TocsinOptions;
  readonly vendors: OutsideVendors;
  readonly print: (line: string) => void;
}

type Kind = 'starting' | 'working' | 'calling';

/** How many kills hit a product that started, one that worked, and one that waited for a vendor's answer. */
export type KillCounts = Record<Kind, number>;

/** Starts and kills, `kills` times. A quarter while it starts, a third in the middle of a vendor call, the rest whenever. */
export async function killAgainAndAgain(
  scope: Scope,
  { kills, seed, product, vendors, print }: KillOptions,
  onProgress: (share: number) => void,
): Promise<KillCounts> {
  const random = new Random(seed + 1);
  const counts: KillCounts = { starting: 0, working: 0, calling: 0 };
  for (let kill = 1; kill <= kills; kill += 1) {
    const program = launchTocsin(scope, product);
    const [moment, millis] = [random.next(), random.between(0, 3_000)];
    const kind = moment < 0.25 ? 'starting' : moment < 0.67 ? 'working' : 'calling';
    const hit = await killWhile(kind, program, vendors, millis);
    const exit = await program.exit;
    if (exit !== 'SIGKILL') throw new Error(`it ended by itself (${exit}) before kill ${kill}:\n${program.output()}`);
    counts[hit] += 1;
    onProgress(kill / (kills + 1));
    print(`kill ${kill} of ${kills}: while ${hit}`);
  }
  return counts;
}

/** Answers what it was really doing: a start may be quicker than that, and no call may come. */
async function killWhile(kind: Kind, program: Program, vendors: OutsideVendors, millis: number): Promise<Kind> {
  if (kind !== 'starting') await waitForReady(program);
  if (kind === 'calling' && (await killAtVendor(program, vendors, millis + 1_000, millis % 2 === 0))) return 'calling';
  if (kind !== 'calling') await sleep(millis);
  const ready = program.output().includes('Tocsin is ready');
  program.kill('SIGKILL');
  return ready ? 'working' : 'starting';
}

/**
 * Kills in the middle of the next vendor call: either the vendor has done what it was told and has not answered yet, or it
 * has not even done it. False: nothing came in that time.
 */
async function killAtVendor(
  program: Program,
  vendors: OutsideVendors,
  withinMillis: number,
  done: boolean,
): Promise<boolean> {
  const waiting = new AbortController();
  const kill = () => {
    if (waiting.signal.aborted) return false;
    program.kill('SIGKILL');
    waiting.abort();
    return true;
  };
  const stopListening = done
    ? [vendors.slack.workspace.onChange(kill), vendors.pagerduty.model.onChange(kill)]
    : [loseCall(vendors.slack.faults, kill), loseCall(vendors.pagerduty.faults, kill)];
  const killed = await sleep(withinMillis, false, { signal: waiting.signal }).catch(() => true);
  waiting.abort();
  for (const stop of stopListening) stop();
  return killed;
}

/** The next call that changes something is cut off undone, and `kill` is called. Answers how to take that back. */
function loseCall(faults: Faults, kill: () => boolean): () => void {
  let armed = true;
  faults.next(
    { kind: 'reset', carriedOut: false },
    { matching: ({ method }) => armed && /^(chat\.|trigger|acknowledge|resolve)/.test(method) && kill() },
  );
  return () => {
    armed = false;
  };
}
