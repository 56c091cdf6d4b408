import type { Person } from '../config/policy.ts';
import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import { isInAnyInterval } from '../route/in-time-interval.ts';
import { horizonOf, nextBoundary } from '../route/next-boundary.ts';
import type { LivePeople } from './live-people.ts';
import { nextWorkingInstant } from './working-hours.ts';

/**
 * Does a person prefer not to be paged for this severity now? Null: no; else why and until when, in words. Never for SEV1,
 * whatever is written.
 */
export function explainQuiet(person: Person, severity: Severity, policy: LivePeople, now: Instant): string | null {
  const { quiet } = person;
  if (quiet === undefined || severity === 'SEV1' || !quiet.severities.includes(severity)) return null;
  if (quiet.outsideWorkingHours) {
    const worksAt = nextWorkingInstant(person.workingHours ?? policy.workingHours, now);
    if (worksAt > now) return `quiet outside working hours until ${worksAt}`;
  }
  const during = quiet.during.find((name) => isInAnyInterval(policy.timeIntervals[name] ?? [], now));
  return during === undefined ? null : `quiet during ${during}${untilText(policy, during, now)}`;
}

/** Nothing where no end is known yet. */
function untilText({ timeIntervals }: LivePeople, name: string, now: Instant): string {
  const until = nextBoundary(timeIntervals[name] ?? [], now);
  return until === horizonOf(now) ? '' : ` until ${until}`;
}
