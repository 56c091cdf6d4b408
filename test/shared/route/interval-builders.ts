import type { TimeInterval } from '#shared/route/time-interval.ts';

/** Holds always, in UTC, but for what a test says. */
export const interval = (fields: Partial<TimeInterval> = {}): TimeInterval => ({
  times: null,
  weekdays: null,
  daysOfMonth: null,
  months: null,
  years: null,
  timeZone: 'UTC',
  ...fields,
});

export const range = (begin: number, end = begin) => ({ begin, end });

/** `09:00-17:00` as minutes of the day. */
export function time(text: string): { startMinute: number; endMinute: number } {
  const [startMinute = 0, endMinute = 0] = text.split('-').map((clock) => {
    const [hours = 0, minutes = 0] = clock.split(':').map(Number);
    return hours * 60 + minutes;
  });
  return { startMinute, endMinute };
}
