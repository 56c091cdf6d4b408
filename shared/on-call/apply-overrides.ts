import { compareTexts } from '../kernel/compare-texts.ts';
import { type Instant, isWithin } from '../kernel/instant.ts';
import type { OnCall } from './on-call.ts';
import type { Override } from './override.ts';

/** Does an override count at an instant? Not before its start, not from its end or its cancellation on. */
export const countsAt = ({ startsAt, endsAt, cancelledAt }: Override, at: Instant): boolean =>
  isWithin(at, startsAt, endsAt) && (cancelledAt === null || cancelledAt > at);

/** In the order in which they were made; made at one instant, by id, so that every reader finds the same order. */
export const inOrderMade = (overrides: readonly Override[]): readonly Override[] =>
  overrides.toSorted((a, b) => compareTexts(a.createdAt, b.createdAt) || compareTexts(a.id, b.id));

/**
 * Who is on call once the overrides that count at an instant are applied, one after the other, to whom the layers have. Of a swap one
 * half counts at an instant: turns of two layers can lie over each other, and the other half would swap back.
 */
export function applyOverrides(byLayers: OnCall | null, ordered: readonly Override[], at: Instant): OnCall | null {
  let onCall = byLayers;
  let swappedBy: string | null = null;
  for (const override of ordered) {
    const person = onCall?.person ?? null;
    if (!countsAt(override, at) || (override.replaces !== null && override.replaces !== person)) continue;
    if (swappedBy !== null && override.swapId === swappedBy) continue;
    const { id, createdBy } = override;
    swappedBy = override.swapId;
    onCall = { person: override.person, by: { kind: 'override', id, madeBy: createdBy.name, replaced: person } };
  }
  return onCall;
}
