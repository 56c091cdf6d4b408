import type { Policy } from '../config/policy.ts';
import { longestCooldown } from '../escalation/person-cooldown.ts';
import { type Incident, isOpen } from '../incident/incident.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import type { PageRow } from '../notification/page.ts';
import type { Commit } from '../timeline/events.ts';
import { expiresAfter, type IncidentPointer, toItem } from './codec.ts';
import { commitItem, incidentItem, pageItem } from './incident-items.ts';
import { incidentNumberKey, incidentPointerKey } from './keys.ts';
import { itemAbsent, versionIs, type Write, when } from './table.ts';

export interface CommitToStore {
  /** Null when this commit opens the incident. */
  readonly before: Incident | null;
  readonly after: Incident;
  readonly commit: Commit;
  readonly pages: readonly PageRow[];
  /** The pointer as read; when it was not read, `pointerOf(before)`: a wrong guess fails the condition. */
  readonly pointerBefore: IncidentPointer | null;
  readonly policy: ReopenPolicy & Pick<Policy, 'retentionDays'>;
}

type ReopenPolicy = Pick<Policy, 'reopenWithinSeconds' | 'people'>;

/**
 * One decision as one transaction: state, commit with its timeline events, owed pages, pointer. Each write is conditional,
 * so that of two deciders one wins whole and the other loads again.
 */
export function commitWrites(input: CommitToStore): readonly Write[] {
  const { before, after, commit, pages } = input;
  const writes: Write[] = [
    { kind: 'put', item: incidentItem(after), condition: before === null ? itemAbsent : versionIs(before.version) },
    { kind: 'put', item: commitItem(commit), condition: itemAbsent },
    ...pages.map((page): Write => ({ kind: 'put', item: pageItem(page), condition: itemAbsent })),
    ...pointerWrites(input),
  ];
  if (before === null) {
    const number = { schema: 1, incidentId: after.id, number: after.number } as const;
    writes.push({
      kind: 'put',
      item: toItem(incidentNumberKey(after.number), 'incident number', number),
      condition: itemAbsent,
    });
  }
  return writes;
}

/** What the pointer of an incident's key should say about it: an invariant, so that a caller need not read it. */
export function pointerOf(incident: Incident, policy: ReopenPolicy): IncidentPointer {
  const { id: incidentId, number: incidentNumber } = incident;
  if (isOpen(incident)) return { schema: 1, incidentId, incidentNumber, state: 'open', reopenUntil: null };
  return { schema: 1, incidentId, incidentNumber, state: 'resolved', reopenUntil: reopenUntil(incident, policy) };
}

/** Closed is final. The cooldown of its route or of a person and a hold count when they end later than the ordinary time to re-open. */
function reopenUntil(incident: Incident, policy: ReopenPolicy): Instant {
  if (incident.closedAt !== null) return incident.closedAt;
  const cooldown = Math.max(incident.pinned.cooldownSeconds ?? 0, longestCooldown(incident, policy));
  const within = Math.max(policy.reopenWithinSeconds, cooldown);
  const afterResolve = addSeconds(incident.resolvedAt ?? incident.openedAt, within);
  return incident.heldUntil === null ? afterResolve : latest(afterResolve, incident.heldUntil);
}

function pointerWrites({ before, after, pointerBefore, policy }: CommitToStore): readonly Write[] {
  const pointer = pointerOf(after, policy);
  if (before !== null && pointerBefore !== null && pointerBefore.incidentId !== after.id) {
    // The key went to a later incident: ours takes it back only by re-opening, and never from one that is open. Who opens
    // always claims the pointer: one that said "open" of an incident that has just resolved is old, and the claim fails.
    if (pointer.state !== 'open' || pointerBefore.state === 'open') return [];
  }
  if (pointerBefore !== null && samePointer(pointerBefore, pointer)) return [];
  const cleanUp = pointer.reopenUntil === null ? {} : expiresAfter(pointer.reopenUntil, policy.retentionDays);
  return [
    {
      kind: 'put',
      item: toItem(incidentPointerKey(after.incidentKey), 'incident pointer', pointer, cleanUp),
      condition:
        pointerBefore === null
          ? itemAbsent
          : when(
              { attribute: 'incidentId', is: '=', value: pointerBefore.incidentId },
              { attribute: 'state', is: '=', value: pointerBefore.state },
            ),
    },
  ];
}

const samePointer = (a: IncidentPointer, b: IncidentPointer): boolean =>
  a.incidentId === b.incidentId && a.state === b.state && a.reopenUntil === b.reopenUntil;
