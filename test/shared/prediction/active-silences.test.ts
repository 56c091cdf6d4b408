import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { silencesAt } from '#shared/prediction/active-silences.ts';
import { createSilence, expireSilence } from '#shared/silence/decide-silence.ts';
import type { MaintenanceWindow } from '#shared/silence/maintenance-window.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { activeSilencesFor } from '#shared/silence/silence-index.ts';
import { draftOccurrence, occurrenceId, wantedOccurrences, withdrawn } from '#shared/silence/window-silences.ts';
import { aPolicy, noon } from '#test/support/decision-builders.ts';

const window: MaintenanceWindow = {
  name: 'patches',
  matchers: [{ name: 'team', operator: '=', value: 'db' }],
  comment: 'patches',
  timeZone: 'UTC',
  start: '11:00',
  durationSeconds: 7_200,
  recurrence: { kind: 'daily' },
  from: null,
  until: null,
};
const policy = aPolicy({ maintenanceWindows: [window] });

const activeAt = (at: string, stored: readonly Silence[], of = policy) =>
  activeSilencesFor(silencesAt(of, stored, at), { team: 'db' }, at).map(({ id, endsAt }) => `${id} ${endsAt}`);

/** Today's occurrence, as the sweep makes it. */
function stored(revision = 0): Silence {
  const [wanted] = wantedOccurrences([window], noon);
  if (wanted === undefined) throw new Error('there is one');
  const decision = createSilence(draftOccurrence(wanted), {
    now: addSeconds(noon, -86_400),
    id: occurrenceId(wanted, revision),
  });
  if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
  return decision.silence;
}
const ended = (silence: Silence): Silence => {
  const decision = expireSilence(silence, addSeconds(noon, -60), 'alice');
  if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
  return decision.silence;
};

describe('B29: the silences of an instant', () => {
  it('are those of maintenance windows too, however far ahead', () => {
    const inAYear = '2027-03-02T12:00:00.000Z';
    expect(activeAt(inAYear, [])).toEqual([expect.stringContaining('2027-03-02T13:00:00.000Z')]);
    expect(activeAt(addSeconds(inAYear, 3_600), [])).toEqual([]);
  });

  it('count each occurrence once, as it is stored', () => {
    expect(activeAt(noon, [stored()])).toEqual([`${stored().id} ${stored().endsAt}`]);
    expect(activeAt(noon, [ended(stored())])).toEqual([]);
  });

  it('are made anew of a window that left the file and returned, and not of one that left', () => {
    const gone = {
      ...ended(stored()),
      origin: withdrawn(stored().origin ?? { kind: 'maintenance', window: '' }, noon),
    };
    expect(activeAt(noon, [gone])).toEqual([`${stored(1).id} ${stored(1).endsAt}`]);
    expect(activeAt(noon, [stored()], aPolicy())).toEqual([]);
  });
});
