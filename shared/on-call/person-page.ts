import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import { readLocalMillis } from '../kernel/local-clock.ts';
import { addDays, type LocalDate, localDateOf } from '../kernel/local-time.ts';

/** One page that was handed over to a person: what fatigue is counted from. */
export interface PersonPage {
  readonly schema: 1;
  readonly person: string;
  /** When it was handed over. */
  readonly at: Instant;
  readonly incidentNumber: number;
  readonly severity: Severity;
  /** `targetKey` of the page: by which way it came. */
  readonly target: string;
}

/** The night on the clocks of a person, in minutes of the day: from 22:00 to before 08:00 of the next day. Most people sleep then. */
export const night = { startMinute: 22 * 60, endMinute: 8 * 60 } as const;

const minuteMillis = 60_000;
const minutesInDay = 1_440;

/** The date on which the night began in which an instant lies; null by day. */
export function nightOf(at: Instant, timeZone: string): LocalDate | null {
  const minute = Math.floor(readLocalMillis(at, timeZone) / minuteMillis) % minutesInDay;
  const today = localDateOf(at, timeZone);
  if (minute >= night.startMinute) return today;
  return minute < night.endMinute ? addDays(today, -1) : null;
}

/** How often somebody was interrupted. */
export interface PageCount {
  readonly person: string;
  readonly pages: number;
  /** Distinct incidents that these pages were for. */
  readonly incidents: number;
  readonly atNight: number;
  /** Nights with pages, in order. */
  readonly nights: readonly { readonly night: LocalDate; readonly pages: number }[];
}

/** Counts the pages of one person from one instant to before another, by the nights of a zone. */
export function countPages(
  person: string,
  records: readonly PersonPage[],
  { from, to, timeZone }: { readonly from: Instant; readonly to: Instant; readonly timeZone: string },
): PageCount {
  const counted = records.filter((record) => record.person === person && from <= record.at && record.at < to);
  const nights = new Map<LocalDate, number>();
  for (const { at } of counted) {
    const date = nightOf(at, timeZone);
    if (date !== null) nights.set(date, (nights.get(date) ?? 0) + 1);
  }
  const perNight = [...nights].map(([date, pages]) => ({ night: date, pages }));
  return {
    person,
    pages: counted.length,
    incidents: new Set(counted.map(({ incidentNumber }) => incidentNumber)).size,
    atNight: perNight.reduce((sum, { pages }) => sum + pages, 0),
    nights: perNight.sort((a, b) => (a.night < b.night ? -1 : 1)),
  };
}
