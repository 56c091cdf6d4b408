import { describe, expect, it } from 'vitest';
import { applyChange, joinGroup, leaveGroup } from '#shared/alert/apply-change.ts';
import { incoming, noon, peerB, record, resolvedRecord } from './alert-builders.ts';

const later = '2026-11-20T12:10:00.000Z';
const received = '2026-11-20T12:09:45.000Z';
const context = { source: 'prod', groupId: 'group-2', externalURL: peerB, receivedAt: received, now: later };
const news = incoming({
  annotations: { summary: 'fuller' },
  startsAt: '2026-11-20T12:09:00.000Z',
  generatorURL: 'http://replica-2.example/graph',
});
const newText = {
  annotations: { summary: 'fuller' },
  generatorURL: 'http://replica-2.example/graph',
  annotationsAt: later,
};
const beginning = {
  ...newText,
  startsAt: '2026-11-20T12:09:00.000Z',
  changedAt: later,
  heardAt: received,
  externalURL: peerB,
  groups: ['group-2'],
  incidentIds: [],
  routePath: null,
};

describe('the record after a change', () => {
  it('begins at version 1, unjudged, when an alert fires for the first time', () => {
    expect(applyChange(news, null, { kind: 'fired', why: '' }, context)).toEqual(record({ ...beginning, version: 1 }));
  });

  it('holds no group when the copy came through the API', () => {
    expect(applyChange(news, null, { kind: 'fired', why: '' }, { ...context, groupId: null }).groups).toEqual([]);
  });

  it('was never heard of later than now, so that a door whose clock runs ahead makes old news of nothing', () => {
    const ahead = { ...context, receivedAt: '2026-11-20T13:10:00.000Z' };
    expect(applyChange(news, null, { kind: 'fired', why: '' }, ahead).heardAt).toBe(later);
  });

  it('begins anew, one version on, when an alert fires again', () => {
    expect(applyChange(news, resolvedRecord(), { kind: 'refired', why: '' }, context)).toEqual(
      record({ ...beginning, version: 8 }),
    );
  });

  it('keeps everything but the text, and joins the group, when only annotations changed', () => {
    expect(applyChange(news, record(), { kind: 'annotations', why: '' }, context)).toEqual(
      record({ ...newText, version: 8, groups: ['group-1', 'group-2'] }),
    );
  });

  it('belongs to nothing, and keeps its start and route, when its source resolved it', () => {
    const resolved = { ...news, status: 'resolved', endsAt: '2026-11-20T12:09:30.000Z' } as const;
    const ended = resolvedRecord({
      ...newText,
      version: 8,
      resolvedAt: later,
      endsAt: '2026-11-20T12:09:30.000Z',
      changedAt: later,
      heardAt: received,
      externalURL: peerB,
    });
    expect(applyChange(resolved, record(), { kind: 'resolved', why: '' }, context)).toEqual(ended);
    expect(applyChange(resolved, null, { kind: 'resolved before trigger', why: '' }, context)).toEqual({
      ...ended,
      version: 1,
      startsAt: '2026-11-20T12:09:00.000Z',
      routePath: null,
    });
  });

  it('refuses annotations of an alert that does not fire: that is a bug of ours', () => {
    expect(() => applyChange(news, resolvedRecord(), { kind: 'annotations', why: '' }, context)).toThrow(
      'only a firing alert gets new annotations',
    );
  });
});

describe('an alert is held by the groups that bring it', () => {
  it('joins a group once, and only while it fires', () => {
    expect([
      joinGroup(record(), 'group-0'),
      joinGroup(record(), 'group-1'),
      joinGroup(resolvedRecord(), 'group-1'),
    ]).toEqual([record({ version: 8, groups: ['group-0', 'group-1'] }), null, null]);
  });

  it('stays while another group holds it', () => {
    expect(leaveGroup(record({ groups: ['group-1', 'group-2'] }), 'group-1', later)).toEqual(
      record({ version: 8, groups: ['group-2'] }),
    );
  });

  it('ends with "source went quiet" when the last group lets it go', () => {
    expect(leaveGroup(record(), 'group-1', later)).toEqual(
      record({
        version: 8,
        status: 'resolved',
        resolvedAt: later,
        endReason: 'source went quiet',
        changedAt: later,
        groups: [],
        incidentIds: [],
      }),
    );
  });

  it('is not ended by a group that does not hold it, or twice', () => {
    expect([leaveGroup(record(), 'group-2', noon), leaveGroup(resolvedRecord(), 'group-1', noon)]).toEqual([
      null,
      null,
    ]);
  });
});
