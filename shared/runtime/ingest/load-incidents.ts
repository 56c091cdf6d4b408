import type { Incident } from '../../incident/incident.ts';
import { assert } from '../../kernel/assert.ts';
import type { IncidentPointer } from '../../store/codec.ts';
import { loadIncidents, loadPointers } from '../../store/incident-store.ts';
import { incidentCounterKey } from '../../store/keys.ts';
import type { Table } from '../../store/table.ts';

/** Adds to `incidents` those of the ids that it does not hold yet; an id without an incident is left out. */
export async function addIncidents(
  table: Table,
  incidents: Map<string, Incident>,
  ids: readonly string[],
): Promise<void> {
  const missing = [...new Set(ids)].filter((id) => !incidents.has(id));
  for (const incident of await loadIncidents(table, missing)) {
    if (incident !== null) incidents.set(incident.id, incident);
  }
}

export async function addPointers(
  table: Table,
  pointers: Map<string, IncidentPointer | null>,
  incidentKeys: readonly string[],
): Promise<void> {
  const missing = [...new Set(incidentKeys)].filter((key) => !pointers.has(key));
  const loaded = await loadPointers(table, missing);
  for (const [index, key] of missing.entries()) pointers.set(key, loaded[index] ?? null);
}

/**
 * Takes `count` incident numbers from the counter, outside of any transaction: a counter inside would make every opening
 * wait for every other. A number that is not used after all leaves a gap.
 */
export async function takeNumbers(table: Table, count: number): Promise<readonly number[]> {
  if (count === 0) return [];
  const { newItem } = await table.write([{ kind: 'update', key: incidentCounterKey, add: { value: count } }]);
  const last = newItem?.value;
  assert(typeof last === 'number', 'the counter answers its new value');
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}
