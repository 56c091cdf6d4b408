import { earliest } from '../kernel/instant.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { Incident } from './incident.ts';

type FlappingEvent = Extract<IncidentEvent, { type: 'FlappingBegan' | 'FlappingEnded' }>;

/** How many members flap, and since when the first of them does. Nothing is kept when all are calm. */
export function evolveFlapping(incident: Incident, event: FlappingEvent): Incident {
  const { flapping, ...calm } = incident;
  const { length } = event.alerts;
  if (event.type === 'FlappingBegan') {
    const { alerts = 0, since = event.since, transitions = 0 } = flapping ?? {};
    return {
      ...calm,
      flapping: {
        alerts: alerts + length,
        since: earliest(since, event.since),
        transitions: transitions + event.transitions,
      },
    };
  }
  if (flapping === undefined || flapping.alerts <= length) return calm;
  return { ...calm, flapping: { ...flapping, alerts: flapping.alerts - length } };
}
