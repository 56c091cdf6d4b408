import type { Policy } from '../config/policy.ts';
import { earliest, type Instant } from '../kernel/instant.ts';
import { createSilence } from '../silence/decide-silence.ts';
import type { Silence } from '../silence/silence.ts';
import { compileSilences, type SilenceIndex } from '../silence/silence-index.ts';
import {
  draftOccurrence,
  isStale,
  occurrenceId,
  type WantedOccurrence,
  wantedOccurrences,
} from '../silence/window-silences.ts';

/**
 * The silences of an instant: what is stored, without that of maintenance windows which the file no longer has, and the
 * occurrences of its windows that nobody has stored yet, because they lie further ahead than the sweep makes them.
 */
export function silencesAt({ maintenanceWindows }: Policy, stored: readonly Silence[], at: Instant): SilenceIndex {
  const known = new Map(stored.map((silence) => [silence.id, silence]));
  const kept = stored.filter((silence) => silence.endsAt > at && !isStale(silence, maintenanceWindows));
  const missing = wantedOccurrences(maintenanceWindows, at)
    .filter(({ occurrence }) => occurrence.startsAt <= at)
    .flatMap((wanted) => makeOccurrence(wanted, known, at));
  return compileSilences([...kept, ...missing]);
}

/** None for one that was made before: it counts as it is stored, also when a person has ended it. */
function makeOccurrence(
  wanted: WantedOccurrence,
  known: ReadonlyMap<string, Silence>,
  at: Instant,
): readonly Silence[] {
  let revision = 0;
  while (known.get(occurrenceId(wanted, revision))?.origin?.withdrawnAt !== undefined) revision += 1;
  const id = occurrenceId(wanted, revision);
  if (known.has(id)) return [];
  const now = earliest(wanted.occurrence.startsAt, at);
  const decision = createSilence(draftOccurrence(wanted), { now, id });
  return decision.outcome === 'accepted' ? [decision.silence] : [];
}
