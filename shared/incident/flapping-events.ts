import { earliest } from '../kernel/instant.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { FlappingChange } from './commands.ts';

/** What the timeline tells of alerts that begin to flap or cease to: one event for all that began, one for each cause of an end. */
export function flappingEvents(changes: readonly FlappingChange[]): readonly IncidentEvent[] {
  const events: IncidentEvent[] = [];
  const began = changes.flatMap((each) => (each.change === 'began' ? [each] : []));
  const [first] = began;
  if (first !== undefined) {
    const since = began.reduce((earliestYet, each) => earliest(earliestYet, each.since), first.since);
    events.push({ type: 'FlappingBegan', since, ...summed(began) });
  }
  for (const cause of ['calm', 'suppressed'] as const) {
    const ended = changes.filter((each) => each.change === 'ended' && each.cause === cause);
    if (ended.length > 0) events.push({ type: 'FlappingEnded', cause, ...summed(ended) });
  }
  return events;
}

const summed = (changes: readonly FlappingChange[]) => ({
  transitions: changes.reduce((sum, { transitions }) => sum + transitions, 0),
  alerts: changes.map(({ source, fingerprint }) => ({ source, fingerprint })),
});
