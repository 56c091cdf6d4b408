import type { Actor } from '../incident/incident.ts';
import { hashOf } from '../kernel/hash.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { ChangeContext, OverrideDecision } from '../on-call/decide-override.ts';
import { loadOverrideBook, saveOverrides } from '../store/override-store.ts';
import { decideAgain, type TryLimits } from './decide-again.ts';
import type { Deps } from './deps.ts';

export type ChangeOverridesDeps = Pick<Deps, 'table' | 'policy' | 'clock' | 'random' | 'log'>;

/** One command of a person about overrides. */
export interface OverrideCommand {
  readonly actor: Actor;
  /** A repeated command has the same: it is carried out once. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly askedAt: Instant;
}

/** Who repeats a command does it within a day. What it finds done may be over by then, so that is read too. */
const repeatsWithinSeconds = 86_400;
/** Ten hex digits, so that people can type them: among a thousand overrides two are alike once in ten million. */
const idLength = 10;

/**
 * Load, decide, save: two calls of the table, in sequence. Loads and decides again when somebody made or cancelled any override
 * meanwhile, so that what an answer says of others is true, and of two overrides one is surely the later.
 * @throws AdapterError `conflict` when others changed them each time
 */
export async function changeOverrides<Decision extends OverrideDecision>(
  deps: ChangeOverridesDeps,
  { actor, commandId, correlationId, askedAt }: OverrideCommand,
  limits: TryLimits,
  decide: (context: ChangeContext) => Decision,
): Promise<Decision> {
  const { table, policy, clock } = deps;
  const decision = await decideAgain(deps, limits, async () => {
    const book = await loadOverrideBook(table, addSeconds(askedAt, -repeatsWithinSeconds));
    const id = hashOf('override', commandId).slice(0, idLength);
    const decided = decide({ policy, overrides: book.overrides, now: clock.now(), actor, id });
    if (decided.outcome === 'accepted') await saveOverrides(table, book, decided.overrides, policy);
    return decided;
  });
  const { outcome } = decision;
  if (decision.outcome === 'rejected') {
    deps.log.info('overrides stay as they are', { correlationId, by: actor.name, outcome, reason: decision.reason });
    return decision;
  }
  for (const { id, schedule, person, startsAt, endsAt, cancelledAt } of decision.overrides) {
    const override = { id, schedule, person, startsAt, endsAt, cancelledAt };
    deps.log.info('override of a schedule', { correlationId, by: actor.name, outcome, ...override });
  }
  return decision;
}
