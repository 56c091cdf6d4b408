import { fromEpochMillis } from '#shared/kernel/instant.ts';
import { nameOfPage } from './check-ledger.ts';
import { type Fact, factsOf } from './ledger.ts';
import { readInputs } from './read-inputs.ts';
import type { Run } from './run.ts';

interface Line {
  readonly at: number;
  readonly text: string;
}

/** What happened to one incident, line by line: what the reference was told, and what the product stored. */
export function traceIncident(run: Run, number: number): readonly string[] {
  const facts = factsOf(run.world);
  const lines = [...toldLines(facts, run, number), ...facts.flatMap((fact) => storedLine(fact, number))];
  return lines.sort((a, b) => a.at - b.at).map(({ at, text }) => `${fromEpochMillis(at).slice(11, 23)} ${text}`);
}

function toldLines(facts: readonly Fact[], { people }: Run, number: number): readonly Line[] {
  const first = facts.find((fact) => fact.kind === 'incident' && fact.after.number === number);
  const [, group] = first?.kind === 'incident' ? (/group="(\d+)"/.exec(first.after.incidentKey) ?? []) : [];
  return readInputs(facts, people.commands)
    .filter(({ input }) => ('incident' in input ? input.incident === number : input.group === group))
    .map(({ input: { at, ...told }, opened }) => ({ at, text: `told    ${JSON.stringify({ ...told, opened })}` }));
}

function storedLine(fact: Fact, number: number): readonly Line[] {
  if (fact.kind === 'page' && fact.after.incidentNumber === number)
    return [{ at: fact.at, text: `page    ${fact.after.state} (${fact.after.attempts}): ${nameOfPage(fact.after)}` }];
  if (fact.kind !== 'commit' || fact.after.incidentNumber !== number) return [];
  const { version, part, generation, commandId, events } = fact.after;
  const what = events.map(({ type }) => type).join(', ');
  return [{ at: fact.at, text: `commit  ${version} ${part} generation ${generation} ${commandId ?? ''}: ${what}` }];
}
