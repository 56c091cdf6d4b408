import { fromEpochMillis, type Instant } from '#shared/kernel/instant.ts';

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Node lets every promise that can go on do so between two immediates; several a round of its loop save the rounds. */
const tasksPerBurst = 64;

/** A run has some 25,000; a product that works in circles is stopped. */
const mostTasks = 100_000;

/** A clock that moves only when nothing is left to do at the present instant. Tasks of one instant run in order. */
export class VirtualTime {
  #now: number;
  #instant: { readonly millis: number; readonly text: Instant } | null = null;
  #order = 0;
  #done = 0;
  readonly #heap: Task[] = [];

  constructor(startMillis: number) {
    this.#now = startMillis;
  }

  get millis(): number {
    return this.#now;
  }

  now(): Instant {
    if (this.#instant?.millis !== this.#now) this.#instant = { millis: this.#now, text: fromEpochMillis(this.#now) };
    return this.#instant.text;
  }

  after(delayMillis: number, run: () => void): void {
    this.at(this.#now + Math.max(0, Math.round(delayMillis)), run);
  }

  at(millis: number, run: () => void): void {
    this.#push({ at: Math.max(millis, this.#now), order: this.#order++, run });
  }

  sleep(delayMillis: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMillis, resolve));
  }

  /**
   * Runs until the clock would pass `untilMillis`. Each task runs its promises to their next wait.
   * @throws Error after more tasks than any run needs
   */
  run(untilMillis: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let over = false;
      let left = 0;
      const step = (): void => {
        left -= 1;
        if (over) return;
        try {
          over = !this.#runNext(untilMillis);
        } catch (error) {
          over = true;
          reject(error);
        }
        if (over) resolve();
        else if (left === 0) burst();
      };
      const burst = (): void => {
        left = tasksPerBurst;
        for (let i = 0; i < tasksPerBurst; i++) setImmediate(step);
      };
      burst();
    });
  }

  /** False when the next task lies behind `untilMillis`: then the clock stands there. */
  #runNext(untilMillis: number): boolean {
    const next = this.#heap[0];
    if (!next || next.at > untilMillis) {
      this.#now = Math.max(this.#now, untilMillis);
      return false;
    }
    this.#pop();
    this.#done += 1;
    if (this.#done > mostTasks) throw new Error(`more than ${mostTasks} tasks until ${this.now()}`);
    this.#now = next.at;
    next.run();
    return true;
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let child = heap.push(task) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!earlier(heap[child], heap[parent])) break;
      swap(heap, child, parent);
      child = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      let first = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && earlier(heap[child], heap[first])) first = child;
      }
      if (first === parent) return;
      swap(heap, first, parent);
      parent = first;
    }
  }
}

const earlier = (a: Task | undefined, b: Task | undefined): boolean =>
  a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));

function swap(heap: Task[], a: number, b: number): void {
  const [x, y] = [heap[a], heap[b]];
  if (x && y) {
    heap[a] = y;
    heap[b] = x;
  }
}
