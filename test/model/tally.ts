import type { Commit } from '#shared/timeline/events.ts';
import type { RanStep } from './words.ts';

/** How often the lives came to what: a model that never meets a rule proves nothing about it. */
export class Tally {
  commands = 0;
  commits = 0;
  readonly #counts = new Map<string, number>();

  note({ events }: Commit, told: readonly (RanStep | string)[]): void {
    this.commits += 1;
    for (const event of events) {
      if (event.type === 'GenerationStarted') this.#count(event.cause);
      else if (event.type !== 'IncidentEscalated' && event.type !== 'FallbackPaged') this.#count(event.type);
    }
    for (const each of told)
      if (typeof each === 'string') this.#count(each);
      else this.#noteStep(each);
  }

  #noteStep({ pages, skips, fallbacks, round, cause }: RanStep): void {
    this.#count(`step by ${cause}`);
    if (round > 2) this.#count('third round');
    for (const page of pages) this.#count(page.includes('not before') ? 'delayed page' : 'page');
    for (const skip of skips) this.#count(`skipped: ${skip.replace(/ \w+:.*/, '')}`);
    for (const fallback of fallbacks) this.#count(`fallback: ${fallback}`);
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  toString(): string {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, count]) => `${what} ${count}`)
      .join(', ');
  }
}
