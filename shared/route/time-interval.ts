/**
 * A time interval as Alertmanager has it (PROTOCOLS 4.3): the fields are ANDed, the entries of a field are ORed, and a field
 * that is absent (null) always holds. The instant is first converted to `timeZone`.
 */
export interface TimeInterval {
  /** Minutes of the day, half-open: [start, end); 1440 is 24:00. */
  readonly times: readonly MinuteRange[] | null;
  /** 0 is Sunday. Ranges are closed: both ends are in. */
  readonly weekdays: readonly NumberRange[] | null;
  /** 1 to 31, or -1 to -31 counted from the month's end. */
  readonly daysOfMonth: readonly NumberRange[] | null;
  readonly months: readonly NumberRange[] | null;
  readonly years: readonly NumberRange[] | null;
  /** IANA name; UTC unless the file says otherwise. */
  readonly timeZone: string;
}

export interface MinuteRange {
  readonly startMinute: number;
  readonly endMinute: number;
}

export interface NumberRange {
  readonly begin: number;
  readonly end: number;
}
