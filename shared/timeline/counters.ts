import type { Commit, IncidentEvent } from './events.ts';

/** Attributes of the counter item behind `/metrics`: totals since the beginning, from the timeline alone. */
export type CounterName =
  | 'incidentsOpened'
  | 'incidentsReopened'
  | 'incidentsAcknowledged'
  | 'incidentsResolved'
  | 'pagesOwed'
  | 'pagesHandedOver'
  | 'pagesCancelled'
  | 'fallbackPaged';

export type Counters = Readonly<Partial<Record<CounterName, number>>>;

/** What the commits add to the totals; a counter that none of them moves is absent. */
export function countersOf(commits: readonly Commit[]): Counters {
  const counters: Partial<Record<CounterName, number>> = {};
  for (const event of commits.flatMap((commit) => commit.events)) {
    const counted = countOf(event);
    if (counted === null || counted.by === 0) continue;
    counters[counted.name] = (counters[counted.name] ?? 0) + counted.by;
  }
  return counters;
}

function countOf(event: IncidentEvent): { readonly name: CounterName; readonly by: number } | null {
  switch (event.type) {
    case 'IncidentTriggered':
      return { name: 'incidentsOpened', by: 1 };
    case 'IncidentReopened':
      return { name: 'incidentsReopened', by: 1 };
    case 'IncidentAcknowledged':
      return event.renews ? null : { name: 'incidentsAcknowledged', by: 1 };
    case 'IncidentResolved':
      return { name: 'incidentsResolved', by: 1 };
    case 'IncidentEscalated':
      return { name: 'pagesOwed', by: event.pages.length };
    case 'PageHandedOver':
      return { name: 'pagesHandedOver', by: 1 };
    case 'PageCancelled':
      return { name: 'pagesCancelled', by: 1 };
    case 'FallbackPaged':
      return { name: 'fallbackPaged', by: 1 };
    default:
      return null;
  }
}
