import type { Context } from 'aws-lambda';
import { type FunctionName, functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import type { Container } from './faults.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

export type Handler = (event: never, context: Context) => Promise<unknown>;

interface Running extends Container {
  handle: Handler;
  busy: boolean;
  /** Ends the present invocation without an answer. */
  end: (() => void) | null;
}

/** Lambda: one invocation at a time in a container, more containers when all are busy, an end at the timeout. */
export class Containers {
  readonly errors: string[] = [];
  crashes = 0;
  readonly #pools = new Map<FunctionName, Running[]>();
  readonly time: VirtualTime;
  readonly random: Random;
  readonly build: (name: FunctionName, container: Container) => Handler;

  constructor(time: VirtualTime, random: Random, build: (name: FunctionName, container: Container) => Handler) {
    this.time = time;
    this.random = random;
    this.build = build;
  }

  /** Runs one invocation; null when it failed, crashed or took longer than its timeout. */
  async invoke<Answer>(name: FunctionName, event: unknown): Promise<Answer | null> {
    const container = this.#container(name);
    container.busy = true;
    const ended = new Promise<null>((resolve) => {
      container.end = () => resolve(null);
    });
    const { end } = container;
    this.time.after(functionTimeoutSeconds[name] * 1000, () => {
      if (container.busy && container.end === end) container.crash();
    });
    const answer = await Promise.race([this.#handle(name, container, event), ended]);
    container.busy = false;
    return answer as Answer | null;
  }

  async #handle(name: FunctionName, container: Running, event: unknown): Promise<unknown> {
    try {
      return await container.handle(event as never, lambdaContext(name));
    } catch (error) {
      this.errors.push(`${name}: ${describe(error)}`);
      return null;
    }
  }

  #container(name: FunctionName): Running {
    const pool = this.#pools.get(name) ?? [];
    this.#pools.set(name, pool);
    const idle = pool.filter((each) => !each.busy);
    if (idle.length > 0) return this.random.pick(idle);
    const running: Running = {
      alive: true,
      busy: false,
      end: null,
      crash: () => this.#crash(pool, running),
      handle: () => Promise.reject(new Error('not built')),
    };
    running.handle = this.build(name, running);
    pool.push(running);
    return running;
  }

  #crash(pool: Running[], container: Running): void {
    if (!container.alive) return;
    container.alive = false;
    this.crashes += 1;
    pool.splice(pool.indexOf(container), 1);
    container.end?.();
  }
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

const lambdaContext = (name: FunctionName): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: name,
  functionVersion: '1',
  invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
  memoryLimitInMB: '256',
  awsRequestId: `${name}-request`,
  logGroupName: name,
  logStreamName: name,
  getRemainingTimeInMillis: () => functionTimeoutSeconds[name] * 1000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
});
