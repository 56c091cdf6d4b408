import { straightQuotes } from './straight-quotes.ts';

/** Who would be told: of such an alert, or next of an incident (null: the only one that is open). */
export interface WhoWish {
  /** Labels as the person typed them; null: the incident is meant. */
  readonly labels: string | null;
  readonly number: number | null;
  /** As typed, to be read on the policy's clocks; null: now. */
  readonly at: string | null;
}

/** `who severity=critical,service=checkout at 2027-03-28T01:30`, `who 42`, `who`. Blanks part labels too. */
export function parseWho(text: string): WhoWish {
  const [, about = '', at = null] =
    /^(.*?)(?:(?:^|\s+)at\s+(\S+(?:\s+\d\d:\d\d)?))?$/s.exec(straightQuotes(text).trim()) ?? [];
  const [, digits] = /^(?:INC-?|#)?(\d{1,9})$/i.exec(about) ?? [];
  if (about === '' || digits !== undefined)
    return { labels: null, number: digits === undefined ? null : Number(digits), at };
  const labels = about.replaceAll(/("(?:\\.|[^"\\])*")|[\s,]+/g, (_, quoted?: string) => quoted ?? ',');
  return { labels, number: null, at };
}
