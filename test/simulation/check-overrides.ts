import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Report } from './check-ledger.ts';
import type { Fact } from './ledger.ts';
import type { MeantOverride } from './overrides-model.ts';
import type { TakenOver } from './roster.ts';

const minute = 60_000;
/** A command may wait in its queue, and its worker may have to try again. */
const takenWithin = 3 * minute;

/** Each override is what a person meant, once; answers them for the reference, which takes only their instants from the product. */
export function readOverrides(
  facts: readonly Fact[],
  meant: ReadonlyMap<string, MeantOverride>,
  report: Report,
): readonly TakenOver[] {
  const latest = new Map<string, Override>();
  for (const fact of facts) if (fact.kind === 'override') latest.set(fact.after.id, fact.after);
  const taken: TakenOver[] = [];
  for (const [reason, made] of Map.groupBy(latest.values(), (override) => override.reason)) {
    const wish = meant.get(reason);
    if (!wish) report(`nobody made the override "${reason}"`);
    if (made.length > 1) report(`the override "${reason}" was made ${made.length} times`);
    if (wish) taken.push(...made.map((override) => takenOver(override, wish, report)));
  }
  return taken;
}

function takenOver(override: Override, wish: MeantOverride, report: Report): TakenOver {
  const { reason, person, replaces } = override;
  const madeAt = toEpochMillis(override.createdAt);
  const from = wish.from ?? toEpochMillis(override.startsAt);
  // Minutes count from when the person asked, whatever the command waited for.
  const until = (wish.from ?? wish.askedAt - (wish.askedAt % 1000)) + wish.minutes * minute;
  if (person !== wish.person || replaces !== null) report(`the override "${reason}" is not for ${wish.person}`);
  if (wish.from === null && (from < wish.askedAt || from > wish.askedAt + takenWithin))
    report(`the override "${reason}", asked for at ${wish.askedAt}, begins at ${from}`);
  if (toEpochMillis(override.startsAt) !== from || toEpochMillis(override.endsAt) !== until)
    report(`the override "${reason}" is from ${override.startsAt} to ${override.endsAt}, not as it was meant`);
  const cancelledAt = override.cancelledAt === null ? null : toEpochMillis(override.cancelledAt);
  return { person: wish.person, from, until, madeAt, cancelledAt };
}
