import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import type { Incident } from '#shared/incident/incident.ts';
import {
  accepted,
  acknowledges,
  at,
  carryOut,
  decide,
  dora,
  isOpened,
  joins,
  noon,
  play,
  resolves,
} from '#test/support/decision-builders.ts';

const note = (text: string): IncidentCommand => ({ type: 'AddNote', text });
const tells = (text: string): IncidentCommand => ({ type: 'PublishStatus', status: 'monitoring', text });
const closed = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)], [{ type: 'CloseIncident' }, at(90)]);

describe('what people write', () => {
  it('is on the timeline, also after the end', () => {
    const noted = accepted({ type: 'NoteAdded', by: dora, text: 'Rolled back.\nWatching.' });
    expect(decide(isOpened('SEV1'), note('  Rolled back.\r\nWatching. '), at(60))).toEqual(noted);
    expect(decide(closed, note('Rolled back.\nWatching.'), at(120))).toEqual(noted);
    expect(decide(closed, { type: 'RecordPostmortem' }, at(120))).toEqual(
      accepted({ type: 'PostmortemDrafted', by: dora }),
    );
  });

  it('is told to the public until the incident is closed', () => {
    const resolved = play([joins('SEV1', ['a']), noon], [resolves(['a']), at(60)]);
    const { incident, commit } = carryOut(resolved, tells('Fixed.'), at(90));
    expect(commit.events).toEqual([{ type: 'StatusPublished', by: dora, status: 'monitoring', text: 'Fixed.' }]);
    expect(incident.statusUpdate).toEqual({ status: 'monitoring', text: 'Fixed.', at: at(90) });
    expect(decide(closed, tells('Fixed.'), at(120))).toEqual({ outcome: 'rejected', reason: 'incident is closed' });
  });

  it('is cut with a mark at 3,000 characters', () => {
    for (const command of [note('x'.repeat(3001)), tells('x'.repeat(3001))]) {
      const decision = decide(isOpened('SEV1'), command, at(60));
      const [event] = decision.outcome === 'accepted' ? decision.events : [];
      expect(event && 'text' in event ? event.text : null).toBe(`${'x'.repeat(2999)}…`);
    }
    expect(decide(isOpened('SEV1'), note('x'.repeat(3000)), at(60))).toEqual(
      accepted({ type: 'NoteAdded', by: dora, text: 'x'.repeat(3000) }),
    );
  });

  it.each(['', ' \n\t ', '\u202e\u200b'])('is refused when nothing of it can be seen: %j', (text) => {
    const refused = { outcome: 'rejected', reason: 'text is empty' };
    expect(decide(isOpened('SEV1'), note(text), at(60))).toEqual(refused);
    expect(decide(isOpened('SEV1'), tells(text), at(60))).toEqual(refused);
  });
});

describe('a command that is retried', () => {
  it('is carried out once', () => {
    const first = carryOut(isOpened('SEV1'), note('Hello'), at(60), { commandId: 'action-1' }).incident;
    expect(decide(first, note('Hello'), at(61), { commandId: 'action-1' })).toEqual({
      outcome: 'unchanged',
      reason: 'command repeated',
    });
    expect(decide(first, acknowledges, at(61), { commandId: 'action-2' }).outcome).toBe('accepted');
  });

  it('is remembered for twenty commands', () => {
    const ids = Array.from({ length: 21 }, (_, i) => `action-${i}`);
    const last = ids.reduce<Incident>(
      (so, commandId, i) => carryOut(so, note('Hello'), at(i), { commandId }).incident,
      isOpened('SEV1'),
    );
    expect(last.recentCommandIds).toEqual(ids.slice(1));
  });
});
