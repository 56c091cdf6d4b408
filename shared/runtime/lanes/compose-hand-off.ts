import { latest } from '../../kernel/instant.ts';
import { slackHandOff } from '../../notification/slack-hand-off.ts';
import type { SlackMessage } from '../../notification/slack-message.ts';
import type { ShiftRecord } from '../../on-call/hand-off.ts';
import { openAtHandOff } from '../../on-call/open-at-hand-off.ts';
import type { Override } from '../../on-call/override.ts';
import { countPages } from '../../on-call/person-page.ts';
import type { Schedule } from '../../on-call/schedule.ts';
import { onCallUntil } from '../../on-call/shift-change.ts';
import { listOpenIncidents } from '../../store/incident-store.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { loadPersonPages } from '../../store/person-page-store.ts';
import type { SlackDeps } from './slack-calls.ts';

/** People of a schedule whose pages are counted: one query each. */
const peopleLimit = 50;

/** The hand-off as it is true now: who takes over by which rule, what is open, and how often people were paged in the shift that ended. */
export async function composeHandOff(
  { table, policy, clock }: Pick<SlackDeps, 'table' | 'policy' | 'clock'>,
  shift: ShiftRecord,
  schedule: Schedule,
): Promise<SlackMessage> {
  const from = shift.from?.since ?? shift.since;
  const overrides = await loadOverrides(table, policy, from);
  const people = peopleOf(shift, schedule, overrides);
  const [open, ...records] = await Promise.all([
    listOpenIncidents(table),
    ...people.map((person) => loadPersonPages(table, person, from)),
  ]);
  const counts = people.map((person, index) => {
    const timeZone = policy.people[person]?.workingHours?.timeZone ?? schedule.timeZone;
    return countPages(person, records[index] ?? [], { from, to: shift.since, timeZone });
  });
  return slackHandOff({
    schedule: schedule.name,
    at: shift.since,
    from: shift.from?.person ?? null,
    since: from,
    to: shift.onCall,
    until: onCallUntil(schedule, overrides, latest(clock.now(), shift.since)),
    open: openAtHandOff(open, schedule.name, policy),
    counts,
  });
}

/** Whoever handed over, the members of its layers, and who took a part of the shift by an override. */
function peopleOf(
  { from, onCall }: ShiftRecord,
  schedule: Schedule,
  overrides: readonly Override[],
): readonly string[] {
  const named = [from?.person, onCall?.person].flatMap((person) => person ?? []);
  const took = overrides.filter((each) => each.schedule === schedule.name).map(({ person }) => person);
  const people = new Set([...named, ...took, ...schedule.layers.flatMap(({ members }) => members)]);
  return [...people].slice(0, peopleLimit);
}
