import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { Fact } from './ledger.ts';
import type { PersonsCommand } from './people-model.ts';
import type { Input } from './reference.ts';

export interface TakenInput {
  readonly input: Input;
  /** The incident number that the product gave when this input opened one: a name, not a decision. */
  readonly opened: number | null;
}

/** Commands of people by the id that they were sent with. */
export type Commands = ReadonlyMap<string, PersonsCommand>;

/** A command that a client or a queue repeats is carried out once. */
export function checkCommandsOnce(facts: readonly Fact[], report: (violation: string) => void): void {
  const ids = facts.flatMap((fact) => (fact.kind === 'commit' && fact.after.commandId ? [fact.after.commandId] : []));
  for (const [id, { length }] of Map.groupBy(ids, (each) => each))
    if (length > 1) report(`the command ${id} was carried out ${length} times`);
}

/**
 * Reads the inputs, in the order in which the product took them, off the ledger: alerts by their records, commands by id. Their
 * instants are those of the decisions, which a slow write follows by a little.
 */
export function readInputs(facts: readonly Fact[], commands: Commands): readonly TakenInput[] {
  return [...Map.groupBy(facts, ({ tx }) => tx).values()].flatMap((transaction) => [
    ...alertInputs(transaction),
    ...transaction.flatMap((fact) => commandInputs(fact, commands)),
  ]);
}

/** A suppressed alert counts as ended, and fires again when the suppression is lifted. */
const fires = (record: { readonly status: string; readonly suppressedBy: unknown } | null): boolean =>
  record !== null && record.status === 'firing' && record.suppressedBy === null;

/** Those that fire come first, as DESIGN section 3 has it; the first of a group names the incident that was opened. */
function alertInputs(transaction: readonly Fact[]): readonly TakenInput[] {
  const decided = transaction.find((fact) => fact.kind === 'commit');
  const opened = openedByGroup(transaction);
  const began: Extract<Input, { kind: 'fires' }>[] = [];
  const ended: TakenInput[] = [];
  for (const fact of transaction) {
    if (fact.kind !== 'alert' || fires(fact.before) === fires(fact.after)) continue;
    const { labels, fingerprint: alert } = fact.after;
    const group = labels.group ?? '';
    const at = decided ? toEpochMillis(decided.after.at) : fact.at;
    const severity = labels.severity === 'critical' ? 'SEV1' : 'SEV2';
    if (fires(fact.after)) began.push({ at, kind: 'fires', group, alert, severity });
    else ended.push({ input: { at, kind: 'ends', group, alert }, opened: null });
  }
  began.sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0));
  const named = began.map((input) => {
    const number = opened.get(input.group) ?? null;
    opened.delete(input.group);
    return { input, opened: number };
  });
  return [...named, ...ended];
}

function openedByGroup(transaction: readonly Fact[]): Map<string, number> {
  const opened = new Map<string, number>();
  for (const fact of transaction) {
    if (fact.kind !== 'incident' || fact.before !== null) continue;
    const [, group = ''] = /group="(\d+)"/.exec(fact.after.incidentKey) ?? [];
    opened.set(group, fact.after.number);
  }
  return opened;
}

function commandInputs(fact: Fact, commands: Commands): readonly TakenInput[] {
  if (fact.kind !== 'commit') return [];
  const { commandId, events, incidentNumber: incident } = fact.after;
  const at = toEpochMillis(fact.after.at);
  const taken = (input: Input): readonly TakenInput[] => [{ input, opened: null }];
  if (events.some((event) => event.type === 'IncidentReopened' && event.cause === 'hold ended'))
    return taken({ at, kind: 'hold ended', incident });
  if (events.some(({ type }) => type === 'AcknowledgementExpired')) return taken({ at, kind: 'expired', incident });
  const command = commandId === null ? undefined : commands.get(commandId);
  if (command?.action === 'acknowledge') return taken({ at, kind: 'acknowledge', incident, seen: command.seen });
  return command?.action === 'resolve' || command?.action === 'escalate'
    ? taken({ at, kind: command.action, incident })
    : [];
}
