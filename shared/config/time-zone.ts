/** Whether this is an IANA zone: `Intl` knows the same ones as the runtime that will decide with them. */
export function isTimeZone(name: string): boolean {
  // An offset such as +02:00 is none: it knows no clock changes.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Ends every problem with a zone. */
export const timeZoneFix = 'Write an IANA name such as Europe/Berlin or UTC.';
