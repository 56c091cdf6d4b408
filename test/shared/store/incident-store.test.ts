import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { commitWrites, pointerOf } from '#shared/store/commit-writes.ts';
import { findIncidentId } from '#shared/store/find-incident.ts';
import { dispatchedWrite } from '#shared/store/incident-items.ts';
import {
  listOpenIncidents,
  loadIncident,
  loadPage,
  loadPages,
  loadPointers,
  loadTimeline,
} from '#shared/store/incident-store.ts';
import { commitKey, dueShardOf, incidentKeyOf } from '#shared/store/keys.ts';
import { makeMemoryTable } from '#shared/store/memory-table.ts';
import { changePageWrites, claimPageWrites, endPageWrites } from '#shared/store/page-store.ts';
import { ConditionFailed } from '#shared/store/table.ts';
import { aCommit, anIncident, aPage, openedAt } from '#test/support/incident-builders.ts';
import { onCallPolicy } from '#test/support/on-call-builders.ts';

const policy = { reopenWithinSeconds: 900, retentionDays: 400, people: {} };

async function storeOpened() {
  const table = makeMemoryTable();
  const incident = anIncident();
  const opening = { before: null, after: incident, commit: aCommit(), pages: [aPage()], pointerBefore: null, policy };
  await table.write(commitWrites(opening));
  return { table, incident };
}

const sweptAt = async (table: ReturnType<typeof makeMemoryTable>, kind: string) =>
  (await table.queryIndex({ index: 'due', partition: dueShardOf('incident-00000000001') })).items
    .filter((entry) => entry.kind === kind)
    .map((entry) => entry.dueAt);

describe('a stored incident', () => {
  it('reads back whole by id and by number, without keys and index attributes', async () => {
    const { table, incident } = await storeOpened();
    expect(await loadIncident(table, incident.id)).toEqual(incident);
    expect(await findIncidentId(table, 42)).toBe(incident.id);
    expect(await findIncidentId(table, 43)).toBe(null);
    expect(await loadTimeline(table, incident.id)).toEqual([aCommit()]);
    expect(await loadPages(table, incident.id)).toEqual([aPage()]);
    expect(await loadPage(table, aPage())).toEqual(aPage());
    expect(await listOpenIncidents(table)).toEqual([incident]);
    expect(await loadPointers(table, [incident.incidentKey, 'another key'])).toEqual([
      { schema: 1, incidentId: incident.id, incidentNumber: 42, state: 'open', reopenUntil: null },
      null,
    ]);
  });

  it('keeps that nothing is due, and then stands in no work list', async () => {
    const table = makeMemoryTable();
    const after = anIncident({ dueAt: null });
    await table.write(commitWrites({ before: null, after, commit: aCommit(), pages: [], pointerBefore: null, policy }));
    expect(await loadIncident(table, after.id)).toEqual(after);
    expect(await sweptAt(table, 'incident')).toEqual([]);
  });

  it('is looked at by the sweep a minute after its timer, and so is a commit that nobody dispatched', async () => {
    const { table, incident } = await storeOpened();
    expect(await sweptAt(table, 'incident')).toEqual([addSeconds(incident.dueAt ?? '', 60)]);
    expect(await sweptAt(table, 'commit')).toEqual([addSeconds(openedAt, 60)]);
    await table.write([dispatchedWrite(aCommit())]);
    expect(await sweptAt(table, 'commit')).toEqual([]);
    const [commit] = await table.get([commitKey(incident.id, 1, '')]);
    expect(commit?.undispatched).toBe(undefined);
  });

  it('is opened once: the second opener and a writer of an old version are refused', async () => {
    const { table, incident } = await storeOpened();
    const again = { before: null, after: anIncident({ id: 'incident-00000000002', number: 43 }), pages: [], policy };
    await expect(
      table.write(commitWrites({ ...again, commit: aCommit({ incidentId: again.after.id }), pointerBefore: null })),
    ).rejects.toThrow(ConditionFailed);
    const after = anIncident({ version: 3 });
    const pointerBefore = pointerOf(incident, policy);
    const stale = {
      before: anIncident({ version: 2 }),
      after,
      commit: aCommit({ version: 3 }),
      pages: [],
      pointerBefore,
    };
    await expect(table.write(commitWrites({ ...stale, policy }))).rejects.toThrow(ConditionFailed);
    expect(await loadIncident(table, incident.id)).toEqual(incident);
  });

  it('keeps its key after the resolve as long as a refire re-opens it, holds included', async () => {
    const { table, incident } = await storeOpened();
    const resolvedAt = addSeconds(openedAt, 100);
    const resolved = anIncident({ version: 2, status: 'resolved', resolvedAt, heldUntil: addSeconds(openedAt, 1900) });
    await table.write(
      commitWrites({
        before: incident,
        after: resolved,
        commit: aCommit({ version: 2 }),
        pages: [],
        pointerBefore: pointerOf(incident, policy),
        policy,
      }),
    );
    const [pointer] = await loadPointers(table, [incident.incidentKey]);
    expect(pointer).toMatchObject({ state: 'resolved', reopenUntil: addSeconds(openedAt, 1900) });
    expect(await listOpenIncidents(table)).toEqual([]);
    expect(pointerOf(anIncident({ status: 'resolved', resolvedAt }), policy).reopenUntil).toBe(
      addSeconds(resolvedAt, 900),
    );
  });

  it('can be re-opened for as long as the longest cooldown of a person whom it paged, but not for that of SEV1', () => {
    const [resolvedAt, severity] = [addSeconds(openedAt, 100), 'SEV2'] as const;
    const paged = (person: string) => ({ person, at: openedAt, severity });
    const pagedPeople = [paged('alice'), paged('bob'), paged('gone')];
    const resolved = anIncident({ status: 'resolved', resolvedAt, severity, pagedPeople });
    const { alice, bob, carol } = onCallPolicy({
      alice: { cooldownSeconds: 3_600 },
      bob: { cooldownSeconds: 7_200 },
      carol: { cooldownSeconds: 86_400 },
    }).people;
    if (!alice || !bob || !carol) throw new Error('no people');
    const until = (incident: typeof resolved) =>
      pointerOf(incident, { ...policy, people: { alice, bob, carol } }).reopenUntil;
    expect(until(resolved)).toBe(addSeconds(resolvedAt, 7_200));
    expect(until({ ...resolved, severity: 'SEV1' })).toBe(addSeconds(resolvedAt, 900));
    expect(until(anIncident({ status: 'resolved', resolvedAt, severity }))).toBe(addSeconds(resolvedAt, 900));
  });

  it('never takes its key back from a later incident that is open', () => {
    const later = pointerOf(anIncident({ id: 'incident-00000000009' }), policy);
    const reopened = { before: anIncident({ status: 'resolved' }), after: anIncident({ version: 2 }), pages: [] };
    const writes = commitWrites({ ...reopened, commit: aCommit({ version: 2 }), pointerBefore: later, policy });
    expect(writes.map((write) => write.kind === 'put' && write.item.kind)).toEqual(['incident', 'commit']);
  });
});

describe('a page of the ledger', () => {
  const claimed = aPage({ version: 2, state: 'claimed', leaseUntil: addSeconds(openedAt, 95), attempts: 1 });

  it('is claimed once, and not when the incident is acknowledged or in another generation', async () => {
    const { table, incident } = await storeOpened();
    await table.write(claimPageWrites(aPage(), claimed));
    await expect(table.write(claimPageWrites(aPage(), claimed))).rejects.toThrow(ConditionFailed);
    for (const change of [{ status: 'acknowledged' }, { status: 'triggered', generation: 2 }]) {
      await table.write([{ kind: 'update', key: incidentKeyOf(incident.id), set: change }]);
      const next = { ...claimed, version: 3 };
      await expect(table.write(claimPageWrites(claimed, next))).rejects.toThrow(ConditionFailed);
    }
    expect(await loadPage(table, aPage())).toEqual(claimed);
  });

  it('is due at its deadline, never inside a lease, and no more when it has ended', async () => {
    const { table } = await storeOpened();
    expect(await sweptAt(table, 'page')).toEqual([addSeconds(openedAt, 60)]);
    await table.write(changePageWrites(aPage(), claimed));
    expect(await sweptAt(table, 'page')).toEqual([addSeconds(openedAt, 95)]);
    const ended = aPage({ version: 3, state: 'handed over', endedAt: openedAt });
    await table.write(endPageWrites(claimed, ended, aCommit({ part: 'page-1' })));
    expect(await sweptAt(table, 'page')).toEqual([]);
    expect((await loadTimeline(table, ended.incidentId)).map((commit) => commit.part)).toEqual(['', 'page-1']);
  });
});
