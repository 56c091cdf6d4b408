/** Days as our own keys name them, Monday first. */
export const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type WeekdayName = (typeof weekdayNames)[number];

/** 1 is Monday. */
export const isoWeekday = (name: WeekdayName): number => weekdayNames.indexOf(name) + 1;

/** Each once, in the order of the week. */
export const isoWeekdays = (names: readonly WeekdayName[]): readonly number[] =>
  [...new Set(names.map(isoWeekday))].sort((a, b) => a - b);
