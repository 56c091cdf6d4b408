import type { Between } from './expected-pages.ts';

/**
 * Who is on call in the simulation's schedule, written apart from the product: alice, dave and erin take turns of 40 min from midnight
 * in Berlin (23:00 UTC in March), frank has 11:00 to 11:30 there, and whoever took over last is above them. Carol and dave
 * are not paged for SEV2 between 09:20 and 10:20 UTC.
 */

const minute = 60_000;
const turnsStartAt = Date.parse('2026-03-01T23:00:00Z');
const turn = 40 * minute;
const members = ['alice', 'dave', 'erin'] as const;
const lunch = { from: Date.parse('2026-03-02T10:00:00Z'), until: Date.parse('2026-03-02T10:30:00Z') };
export const quietTime = {
  from: Date.parse('2026-03-02T09:20:00Z'),
  until: Date.parse('2026-03-02T10:20:00Z'),
} as const;

/** Somebody took over, as the person meant it. */
export interface TakenOver {
  readonly person: string;
  readonly from: number;
  readonly until: number;
  /** When Tocsin took the command: of two that overlap the later counts. */
  readonly madeAt: number;
  readonly cancelledAt: number | null;
}

/** What was decided shortly before may not have been read yet by a decision that was under way. */
const underWay = minute;

export class Roster {
  readonly overrides: readonly TakenOver[];

  constructor(overrides: readonly TakenOver[]) {
    this.overrides = [...overrides].sort((a, b) => a.madeAt - b.madeAt);
  }

  /** Whom a step may page that runs within this time: one person, or several where it is open when it ran and what it knew. */
  onCall({ from, by }: Between): readonly string[] {
    const known = this.#edges(from - underWay, by);
    const instants = known.filter((at) => at >= from);
    return [...new Set(instants.flatMap((at) => known.map((knownAt) => this.#personAt(at, knownAt))))];
  }

  #personAt(at: number, knownAt: number): string {
    let person: string = members[Math.floor((at - turnsStartAt) / turn) % members.length] ?? 'nobody';
    if (at >= lunch.from && at < lunch.until) person = 'frank';
    for (const { person: other, from, until, madeAt, cancelledAt } of this.overrides) {
      const isKnown = madeAt <= knownAt && (cancelledAt === null || cancelledAt > knownAt);
      if (isKnown && at >= from && at < until) person = other;
    }
    return person;
  }

  /** The ends of a time, and each instant in it at which something changes. */
  #edges(from: number, by: number): readonly number[] {
    const turns = Array.from({ length: 40 }, (_, n) => turnsStartAt + n * turn);
    const ofOverrides = this.overrides.flatMap((each) => [each.from, each.until, each.madeAt, each.cancelledAt ?? 0]);
    const within = [...turns, lunch.from, lunch.until, ...ofOverrides].filter((edge) => edge > from && edge < by);
    return [from, from + underWay, by, ...within];
  }
}
