import { describe, expect, it } from 'vitest';
import { createSilence, expireSilence, updateSilence } from '#shared/silence/decide-silence.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { type SilenceDraft, type SilenceRefusal, validateSilence } from '#shared/silence/validate-silence.ts';
import { draft, matcher, noon, one, silence, three, two } from './silence-builders.ts';

describe('a silence is refused with a reason', () => {
  const rows: readonly [Partial<SilenceDraft>, SilenceRefusal, string][] = [
    [{ matchers: [] }, 'no matchers', 'a silence needs at least one matcher'],
    [
      { matchers: Array.from({ length: 65 }, (_, i) => matcher(`n${i}`, '=', 'x')) },
      'too many matchers',
      'a silence has at most 64 matchers',
    ],
    [{ matchers: [matcher('', '=', 'x')] }, 'matcher without a label name', 'a matcher needs the name of a label'],
    [
      { matchers: [matcher('a', '=', 'é'.repeat(2049))] },
      'matcher too long',
      "a matcher's label name has at most 1024 bytes, its value 4096",
    ],
    [
      { matchers: [matcher('a', '=~', '(')] },
      'bad regular expression',
      'the regular expression "(" of label "a" cannot be read: missing closing ) at character 1',
    ],
    [
      { matchers: [matcher('a', '=', '')] },
      'matches everything',
      'at least one matcher must not match the empty string',
    ],
    [
      { matchers: [matcher('a', '=~', '.*'), matcher('b', '=~', 'x|')] },
      'matches everything',
      'at least one matcher must not match the empty string',
    ],
    [{ startsAt: two, endsAt: two }, 'start not before end', 'start time must be before end time'],
    [{ startsAt: '2026-11-20T10:00:00.000Z', endsAt: noon }, 'end in the past', "end time can't be in the past"],
    [
      { matcherSets: [[matcher('a', '=~', '.*')]] },
      'matches everything',
      'at least one matcher must not match the empty string',
    ],
    [{ matcherSets: [[]] }, 'no matchers', 'a silence needs at least one matcher'],
    [
      { annotations: { ticket: 'x'.repeat(8187) } },
      'annotations too long',
      'a silence has at most 32 annotations of 8192 bytes in all',
    ],
    [{ createdBy: 'x'.repeat(257) }, 'creator too long', "the creator's name has at most 256 bytes"],
    [{ comment: 'x'.repeat(4097) }, 'comment too long', 'a comment has at most 4096 bytes'],
  ];
  it.each(rows)('%j: %s', (changes, reason, problem) => {
    expect(validateSilence(draft(changes), noon)).toEqual({ ok: false, reason, problem });
    expect(createSilence(draft(changes), { now: noon, id: 'new' })).toEqual({ outcome: 'rejected', reason, problem });
  });

  it.each([
    [[matcher('foo', '!=', 'bar')]],
    [[matcher('foo', '!~', '.+')]],
    [[matcher('foo', '=', ''), matcher('bar', '=', 'x')]],
    [[matcher('foo', '=~', '.+')]],
  ])('but %j may be silenced', (matchers) => {
    expect(validateSilence(draft({ matchers, comment: '' }), noon)).toEqual({ ok: true });
  });
});

describe('making a silence', () => {
  it('stores it at version 1, with texts that are safe to show', () => {
    expect(createSilence(draft({ comment: 'x\u202ey', createdBy: 'a\u0000' }), { now: noon, id: 'new' })).toEqual({
      outcome: 'accepted',
      silence: silence({ version: 1, id: 'new', comment: 'xy', createdBy: 'a\ufffd' }),
      replaced: null,
    });
  });

  it('lets it begin now when it should have begun before', () => {
    const decision = createSilence(draft({ startsAt: noon, endsAt: three }), { now: one, id: 'new' });
    expect(decision).toEqual({
      outcome: 'accepted',
      silence: silence({ version: 1, id: 'new', startsAt: one, endsAt: three, createdAt: one, updatedAt: one }),
      replaced: null,
    });
  });
});

describe('ending a silence', () => {
  const halfPast = '2026-11-20T13:30:00.000Z';
  it('ends an active one now', () => {
    expect(expireSilence(silence(), halfPast, 'bob')).toEqual({
      outcome: 'accepted',
      silence: silence({ version: 5, endsAt: halfPast, updatedAt: halfPast, endedBy: 'bob' }),
      replaced: null,
    });
  });

  it('leaves a pending one without length', () => {
    expect(expireSilence(silence(), noon, 'bob')).toEqual({
      outcome: 'accepted',
      silence: silence({ version: 5, startsAt: noon, endsAt: noon, updatedAt: noon, endedBy: 'bob' }),
      replaced: null,
    });
  });

  it('changes nothing when it is expired', () => {
    expect(expireSilence(silence(), two, 'bob')).toEqual({ outcome: 'unchanged', reason: 'already expired' });
  });
});

describe('changing a silence', () => {
  const halfPast = '2026-11-20T13:30:00.000Z';
  const update = (changes: Partial<SilenceDraft>, now: string) =>
    updateSilence(silence(), draft(changes), { now, id: 'new' });
  const accepted = (changes: Parameters<typeof silence>[0], replaced: unknown = null) => ({
    outcome: 'accepted',
    silence: silence(changes),
    replaced,
  });
  const fresh = { version: 1, id: 'new', createdAt: halfPast, updatedAt: halfPast, startsAt: halfPast };
  const expired = silence({ version: 5, endsAt: halfPast, updatedAt: halfPast, endedBy: 'ada' });

  it('keeps the id of an active one that starts in the same second', () => {
    expect(update({ startsAt: '2026-11-20T13:00:00.900Z', endsAt: three, comment: 'longer' }, halfPast)).toEqual(
      accepted({ version: 5, endsAt: three, comment: 'longer', updatedAt: halfPast }),
    );
  });

  it('replaces an active one that should start at another second', () => {
    expect(update({ startsAt: '2026-11-20T13:00:01.000Z' }, halfPast)).toEqual(accepted(fresh, expired));
  });

  it('replaces one that gets other matchers', () => {
    const matchers = [matcher('alertname', '=', 'Memory')];
    expect(update({ matchers }, halfPast)).toEqual(accepted({ ...fresh, matchers }, expired));
    const more = [...silence().matchers, ...matchers];
    expect(update({ matchers: more }, halfPast)).toEqual(accepted({ ...fresh, matchers: more }, expired));
  });

  it('keeps the id of a pending one that starts from now on', () => {
    expect(update({ startsAt: noon }, noon)).toEqual(accepted({ version: 5, startsAt: noon, updatedAt: noon }));
  });

  it('replaces a pending one that should have started', () => {
    const earlier = '2026-11-20T11:59:59.999Z';
    expect(update({ startsAt: earlier }, noon)).toEqual(
      accepted(
        { version: 1, id: 'new', startsAt: noon },
        silence({ version: 5, startsAt: noon, endsAt: noon, updatedAt: noon, endedBy: 'ada' }),
      ),
    );
  });

  it('makes a new one of an expired one, which stays as it is', () => {
    expect(update({ startsAt: two, endsAt: three }, two)).toEqual(
      accepted({ version: 1, id: 'new', startsAt: two, endsAt: three, createdAt: two, updatedAt: two }),
    );
  });

  const memory = [matcher('alertname', '=', 'Memory')];
  const several = silence({ matcherSets: [memory] });
  const change = (before: Silence, changes: Partial<SilenceDraft>) =>
    updateSilence(before, draft(changes), { now: halfPast, id: 'new' });

  it('compares all of its sets', () => {
    const kept = change(several, { matcherSets: [memory], comment: 'both' });
    expect(kept).toEqual(accepted({ ...several, version: 5, comment: 'both', updatedAt: halfPast }));
    const replaced = { ...several, version: 5, endsAt: halfPast, updatedAt: halfPast, endedBy: 'ada' };
    expect(change(several, {})).toEqual(accepted(fresh, replaced));
    expect(change(several, { matchers: memory, matcherSets: [silence().matchers] })).toEqual(
      accepted({ ...fresh, matchers: memory, matcherSets: [silence().matchers] }, replaced),
    );
  });

  it('keeps what a caller that knows matchers only cannot say, and drops annotations that it leaves out', () => {
    const origin = { kind: 'maintenance', window: 'nightly' } as const;
    const untilResolved = { source: 'main', fingerprint: 'f1' };
    const before = silence({
      origin,
      untilResolved,
      annotations: { ticket: 'OPS-1' },
      expiryTold: { at: one, to: 'ada' },
    });
    expect(change(before, { comment: 'x' })).toEqual(
      accepted({
        origin,
        untilResolved,
        comment: 'x',
        version: 5,
        updatedAt: halfPast,
        expiryTold: { at: one, to: 'ada' },
      }),
    );
    expect(change(before, { endsAt: three })).toEqual(
      accepted({ origin, untilResolved, endsAt: three, version: 5, updatedAt: halfPast }),
    );
    expect(change(before, { matchers: memory })).toMatchObject({ silence: expect.not.objectContaining({ origin }) });
  });

  it('refuses an end that is past, also for an active one', () => {
    expect(update({ startsAt: one, endsAt: halfPast }, halfPast)).toMatchObject({ reason: 'end in the past' });
  });

  it('refuses what could not be made', () => {
    expect(update({ matchers: [] }, halfPast)).toEqual({
      outcome: 'rejected',
      reason: 'no matchers',
      problem: 'a silence needs at least one matcher',
    });
  });
});
