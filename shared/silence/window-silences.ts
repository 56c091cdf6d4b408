import { hashOf, uuidOf } from '../kernel/hash.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { MaintenanceWindow } from './maintenance-window.ts';
import type { Silence, SilenceOrigin } from './silence.ts';
import type { SilenceDraft } from './validate-silence.ts';
import { occurrencesOf, type WindowOccurrence } from './window-occurrences.ts';

/** Occurrences that begin within this time stand among the silences already, where people and their tools see them coming. */
export const aheadSeconds = 48 * 3600;

/** An occurrence as the policy file has it now. */
export interface WantedOccurrence {
  readonly window: MaintenanceWindow;
  readonly occurrence: WindowOccurrence;
  readonly definition: string;
}

/** What the window says, but for its comment: an edit of anything else replaces its occurrences. */
export const definitionOf = ({ comment: _, ...said }: MaintenanceWindow): string =>
  hashOf(
    JSON.stringify([
      said.name,
      said.matchers.map(({ name, operator, value }) => [name, operator, value]),
      [said.timeZone, said.start, said.durationSeconds, said.from, said.until],
      Object.entries(said.recurrence).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );

/** All that run at `now` or begin soon. */
export const wantedOccurrences = (windows: readonly MaintenanceWindow[], now: Instant): readonly WantedOccurrence[] =>
  windows.flatMap((window) => {
    const definition = definitionOf(window);
    return occurrencesOf(window, now, addSeconds(now, aheadSeconds)).map((occurrence) => ({
      window,
      occurrence,
      definition,
    }));
  });

/**
 * The same for every sweep, so that an occurrence is made once: also when a person has ended it. `revision` counts how often
 * it was withdrawn, because the file lost the window and has it again.
 */
export const occurrenceId = ({ window, occurrence, definition }: WantedOccurrence, revision: number): string =>
  uuidOf('maintenance window', window.name, definition, occurrence.date, String(revision));

export const draftOccurrence = ({ window, occurrence, definition }: WantedOccurrence): SilenceDraft => ({
  matchers: window.matchers,
  startsAt: occurrence.startsAt,
  endsAt: occurrence.endsAt,
  createdBy: `maintenance window ${window.name}`,
  comment: window.comment,
  origin: { kind: 'maintenance', window: window.name, definition },
});

/** A silence that a window made and that no window of the file would make any more. */
export function isStale({ origin }: Silence, windows: readonly MaintenanceWindow[]): boolean {
  if (origin === undefined) return false;
  return !windows.some((window) => window.name === origin.window && definitionOf(window) === origin.definition);
}

/** The origin of one that is ended because of the file, and not by a person. */
export const withdrawn = (origin: SilenceOrigin, now: Instant): SilenceOrigin => ({ ...origin, withdrawnAt: now });
