import { compareTexts } from '../kernel/compare-texts.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import { type Incident, isOpen } from './incident.ts';

/** The first four page nobody by themselves; the others change who is paged. */
export type DueKind =
  | 'resolve deadline'
  | 'acknowledge deadline'
  | 'acknowledgement expiring'
  | 'update due'
  | 'step'
  | 'acknowledgement expires'
  | 'hold ends'
  | 'closing';

export interface Due {
  readonly kind: DueKind;
  readonly at: Instant;
}

/**
 * What is due of an incident, and when? Earliest first; of equal instants what is told comes before what pages. At most
 * one of each kind. `dueAt` is the instant of the last four, of which an incident waits for one at a time; the others
 * follow from its pinned policy, and an incident that earlier code pinned has none of them. All instants may be past: then
 * they are due now.
 */
export function duesOf(incident: Incident): readonly Due[] {
  const own = ownDue(incident);
  const dues = [...remindersOf(incident), ...(own === null ? [] : [own])];
  return dues.sort((a, b) => compareTexts(a.at, b.at));
}

/** When the timer of an incident must ask again at the latest; null: it has none. */
export const timerAt = (incident: Incident): Instant | null => duesOf(incident)[0]?.at ?? null;

/** When the present acknowledgement is said to expire, and from when on it can be renewed; null: it does not expire. */
export function announcesExpiryAt({ status, dueAt, pinned }: Incident): Instant | null {
  const lasts = pinned.acknowledgementExpiresSeconds;
  if (status !== 'acknowledged' || dueAt === null || lasts === null) return null;
  return addSeconds(dueAt, -Math.min(longestAnnouncementSeconds, lasts / 4));
}

/** Long enough to come to a computer, short enough not to be forgotten again. */
const longestAnnouncementSeconds = 600;

/** What `dueAt` is the instant of. */
function ownDue({ status, dueAt, heldUntil }: Incident): Due | null {
  if (dueAt === null) return null;
  switch (status) {
    case 'triggered':
      return { kind: 'step', at: dueAt };
    case 'acknowledged':
      return { kind: 'acknowledgement expires', at: dueAt };
    case 'resolved':
      return { kind: heldUntil === null ? 'closing' : 'hold ends', at: dueAt };
    case 'closed':
      return null;
  }
}

function remindersOf(incident: Incident): readonly Due[] {
  if (!isOpen(incident) || incident.pinned.updateEverySeconds === undefined) return [];
  const dues: readonly (readonly [DueKind, Instant | null])[] = [
    ['resolve deadline', resolveDeadlineOf(incident)],
    ['acknowledge deadline', acknowledgeDeadlineOf(incident)],
    ['acknowledgement expiring', incident.deadlines?.expiryAnnounced ? null : announcesExpiryAt(incident)],
    ['update due', updateDueOf(incident)],
  ];
  return dues.flatMap(([kind, at]) => (at === null ? [] : [{ kind, at }]));
}

/** Not before the present generation, which may have begun behind it: an incident that was resolved in time is re-opened. */
function resolveDeadlineOf({ openedAt, triggeredAt, pinned, deadlines }: Incident): Instant | null {
  const within = pinned.resolveWithinSeconds ?? null;
  if (within === null || deadlines?.resolveMissed) return null;
  return latest(addSeconds(deadlines?.resolveFrom ?? openedAt, within), triggeredAt);
}

function acknowledgeDeadlineOf({ status, triggeredAt, pinned, deadlines }: Incident): Instant | null {
  if (status !== 'triggered' || deadlines?.acknowledgeMissed) return null;
  return addSeconds(deadlines?.acknowledgeFrom ?? triggeredAt, pinned.acknowledgeWithinSeconds);
}

function updateDueOf({ status, acknowledgedAt, pinned, deadlines }: Incident): Instant | null {
  const every = pinned.updateEverySeconds ?? null;
  const from = deadlines?.updatesFrom ?? acknowledgedAt;
  return status !== 'acknowledged' || every === null || from === null ? null : addSeconds(from, every);
}
