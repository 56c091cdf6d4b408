import type { AlertId } from '../../alert/alert.ts';
import { type GroupWait, maxWaiting } from '../../alert/group-wait.ts';
import { isOpen } from '../../incident/incident.ts';
import { isWorse } from '../../incident/severity.ts';
import { addSeconds, earliest, type Instant, secondsBetween } from '../../kernel/instant.ts';
import type { RoutedAlert } from '../../route/route.ts';
import { groupWaitWrite, loadGroupWaits } from '../../store/group-wait-store.ts';
import type { Table, Write } from '../../store/table.ts';
import { type LoadedIncidents, ownerOf } from './incident-work.ts';
import type { PlannedAlert } from './plan-alert.ts';

/** Alerts to tell at one instant. */
export interface Release {
  readonly incidentKey: string;
  readonly until: Instant;
  readonly alerts: readonly AlertId[];
}

export interface HeldBack {
  readonly planned: readonly PlannedAlert[];
  readonly writes: readonly Write[];
  readonly releases: readonly Release[];
}

interface HoldContext {
  readonly now: Instant;
  /** When the alerts came to the door: a queue's delay is no part of the wait. */
  readonly acceptedAt: Instant;
}

/** A wait that ends this soon is over: the clock that sent the release may run ahead of ours. */
const almostOverSeconds = 2;
/** The members of a group whose wait was just over are about to open its incident: who comes now comes with them. */
const justOverSeconds = 60;

/**
 * Posted alerts are told together (PROTOCOLS 4.2): those that would open an incident once their group has waited
 * `group_wait`, those that join an open one at the next tick of `group_interval` since its opening. Never held back: a worse
 * severity than the incident's, what comes back from a silence, and what a group of `maxWaiting` cannot hold. An alert
 * that several routes take is told as soon as the first of them tells.
 */
export async function holdBack(
  table: Table,
  routed: readonly PlannedAlert[],
  loaded: LoadedIncidents,
  context: HoldContext,
): Promise<HeldBack> {
  const going = routed.filter((planned) => !stillWaits(planned, context.now));
  const fresh = going.filter(({ before, joins }) => before?.status !== 'firing' && joins.some(isGrouped));
  const keys = [...new Set(fresh.flatMap(({ joins }) => joins.map(({ incidentKey }) => incidentKey)))];
  const waits = new Waits(keys, await loadGroupWaits(table, keys));
  const planned = going.map((each) => (fresh.includes(each) ? hold(each, waits, loaded, context) : each));
  return { planned, writes: waits.writes(), releases: waits.releases() };
}

const isGrouped = ({ grouping }: RoutedAlert): boolean => grouping !== undefined;

/** Judged again before its group tells, an alert that no silence holds back waits on. */
function stillWaits({ task, before, joins }: PlannedAlert, now: Instant): boolean {
  if (task.endsWait) return false;
  const earlier = before?.status === 'firing' ? before.suppressedBy : null;
  return joins.length > 0 && earlier?.kind === 'group wait' && addSeconds(now, almostOverSeconds) < earlier.until;
}

function hold(planned: PlannedAlert, waits: Waits, loaded: LoadedIncidents, context: HoldContext): PlannedAlert {
  const { after, joins, row, flap } = planned;
  // An alert that flaps holds its incident open: it is told.
  if (after === null || row === null || flap !== undefined) return planned;
  const tellings = joins.map((join) => ({ join, until: tellAt(join, after.startsAt, { waits, loaded, context }) }));
  const [first, ...others] = tellings.flatMap(({ join, until }) => (until === null ? [] : [{ join, until }]));
  if (first === undefined || others.length + 1 < tellings.length) return planned;
  const soonest = others.reduce((a, b) => (b.until < a.until ? b : a), first);
  if (!waits.add(soonest.join.incidentKey, soonest.until, planned.task)) return planned;
  const why = `${row.why}; its group tells at ${soonest.until} what it knows by then`;
  return {
    ...planned,
    after: { ...after, incidentIds: [], suppressedBy: { kind: 'group wait', until: soonest.until } },
    joins: [],
    row: { ...row, outcome: 'suppressed', why },
  };
}

interface Around {
  readonly waits: Waits;
  readonly loaded: LoadedIncidents;
  readonly context: HoldContext;
}

/** Null: now. */
function tellAt(join: RoutedAlert, startsAt: Instant, { waits, loaded, context }: Around): Instant | null {
  const { grouping, incidentKey, severity } = join;
  if (grouping === undefined) return null;
  const { now, acceptedAt } = context;
  const owner = ownerOf(incidentKey, loaded, now);
  const isTold = owner !== null && isOpen(owner);
  if (isTold && isWorse(severity, owner.severity)) return null;
  const pending = waits.pending(incidentKey, now);
  if (pending !== null) return pending;
  if (isTold) return nextTick(owner.openedAt, grouping.intervalSeconds, now);
  if (waits.isJustOver(incidentKey, now) || addSeconds(startsAt, grouping.waitSeconds) <= now) return null;
  const until = addSeconds(earliest(acceptedAt, now), grouping.waitSeconds);
  return until <= now ? null : until;
}

function nextTick(openedAt: Instant, intervalSeconds: number, now: Instant): Instant | null {
  if (intervalSeconds <= 0) return null;
  const ticks = Math.floor(secondsBetween(openedAt, now) / intervalSeconds) + 1;
  return addSeconds(openedAt, ticks * intervalSeconds);
}

/** What waits by incident key: as loaded, and what this unit adds. */
class Waits {
  readonly #stored: ReadonlyMap<string, GroupWait | null>;
  readonly #added = new Map<string, { readonly until: Instant; readonly alerts: AlertId[] }>();

  constructor(keys: readonly string[], stored: readonly (GroupWait | null)[]) {
    this.#stored = new Map(keys.map((key, index) => [key, stored[index] ?? null]));
  }

  /** Until when the key waits already. */
  pending(key: string, now: Instant): Instant | null {
    const until = this.#added.get(key)?.until ?? this.#stored.get(key)?.until;
    return until !== undefined && until > now ? until : null;
  }

  isJustOver(key: string, now: Instant): boolean {
    const until = this.#stored.get(key)?.until;
    return until !== undefined && until <= now && now < addSeconds(until, justOverSeconds);
  }

  /** False when so many wait that it is told at once. */
  add(key: string, until: Instant, { source, fingerprint }: AlertId): boolean {
    const added = this.#added.get(key) ?? { until, alerts: [] };
    if (this.#waitingBefore(key, until).length + added.alerts.length >= maxWaiting) return false;
    added.alerts.push({ source, fingerprint });
    this.#added.set(key, added);
    return true;
  }

  writes(): readonly Write[] {
    return [...this.#added].map(([incidentKey, { until, alerts }]) => {
      const before = this.#stored.get(incidentKey) ?? null;
      const waiting = [...this.#waitingBefore(incidentKey, until), ...alerts];
      const version = (before?.version ?? 0) + 1;
      return groupWaitWrite(before, { schema: 1, version, incidentKey, until, alerts: waiting });
    });
  }

  releases(): readonly Release[] {
    return [...this.#added].map(([incidentKey, added]) => ({ incidentKey, ...added }));
  }

  /** Only of the same wait: those of an earlier one have been told. */
  #waitingBefore(key: string, until: Instant): readonly AlertId[] {
    const stored = this.#stored.get(key);
    return stored?.until === until ? stored.alerts : [];
  }
}
