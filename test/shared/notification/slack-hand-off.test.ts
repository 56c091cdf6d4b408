import { describe, expect, it } from 'vitest';
import type { Incident } from '#shared/incident/incident.ts';
import { type HandOff, slackHandOff } from '#shared/notification/slack-hand-off.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { openAtHandOff } from '#shared/on-call/open-at-hand-off.ts';
import { aPolicy, at } from '#test/support/decision-builders.ts';
import { hostileTexts } from '#test/support/hostile-texts.ts';
import { anIncident } from '#test/support/incident-builders.ts';

const nothing = { triggered: [], acknowledged: [] };
const aHandOff = (override: Partial<HandOff> = {}): HandOff => ({
  schedule: 'platform',
  at: at(0),
  from: 'alice',
  since: at(-86_400),
  to: { person: 'bob', by: { kind: 'layer', layer: 'nights' } },
  until: at(86_400),
  open: nothing,
  counts: [],
  ...override,
});
const linesOf = (handOff: HandOff): readonly string[] =>
  slackHandOff(handOff).blocks.flatMap((block) => ('text' in block && block.text ? block.text.text.split('\n') : []));

describe('the message of a hand-off', () => {
  it.each<[string, Partial<HandOff>, readonly [string, string]]>([
    [
      'nobody takes over',
      { to: null },
      [
        'Nobody is on call in platform after alice',
        'Pages to this schedule go to the next step or to the fallback until <!date^1772539200^{date_short_pretty} {time}|2026-03-03 12:00 UTC>.',
      ],
    ],
    [
      'nobody was on call before',
      { from: null, until: null },
      ['bob is on call in platform', 'bob is on call, by layer nights.'],
    ],
    [
      'an override fills a gap',
      { until: null, to: { person: 'bob', by: { kind: 'override', id: 'o', madeBy: 'Dora', replaced: null } } },
      ['alice hands platform over to bob', 'bob is on call, by an override of Dora.'],
    ],
  ])('says it when %s', (_, override, [title, rule]) => {
    const handOff = aHandOff(override);
    expect([slackHandOff(handOff).text, linesOf(handOff)[1]]).toEqual([title, rule]);
  });

  it('lists ten incidents of a kind and counts the rest', () => {
    const triggered = Array.from({ length: 12 }, (_, index) => anIncident({ number: index + 1 }));
    const lines = linesOf(aHandOff({ open: { triggered, acknowledged: [] } }));
    expect(lines.filter((line) => line.startsWith('• '))).toHaveLength(10);
    expect(lines).toContain('*Needs somebody (12)*');
    expect(lines).toContain('… and 2 more');
  });

  it('names who was paged most first, and nobody who was left in peace', () => {
    const count = (person: string, pages: number, nights: readonly string[]) => ({
      person,
      pages,
      incidents: 1,
      atNight: nights.length,
      nights: nights.map((night) => ({ night, pages: 1 })),
    });
    const counts = [count('alice', 1, []), count('bob', 7, ['2026-03-01', '2026-03-02']), count('carol', 0, [])];
    expect(linesOf(aHandOff({ counts })).slice(3)).toEqual([
      '*Who was paged (2)*',
      '• bob: 7 pages for 1 incident, 2 at night (2026-03-01: 1, 2026-03-02: 1)',
      '• alice: 1 page for 1 incident, none at night',
    ]);
  });

  it('is one that Slack takes, and pings nobody, whatever people write', () => {
    for (const text of hostileTexts) {
      const incident = anIncident({
        title: text,
        acknowledgedAt: at(0),
        acknowledgedBy: { kind: 'person', id: text, name: text },
      });
      const open = { triggered: Array(40).fill(incident), acknowledged: Array(40).fill(incident) };
      const nights = Array.from({ length: 40 }, () => ({ night: '2026-03-01', pages: 3 }));
      const counts = Array.from({ length: 40 }, () => ({ person: text, pages: 9, incidents: 2, atNight: 9, nights }));
      const by = { kind: 'override', id: text, madeBy: text, replaced: text } as const;
      const message = slackHandOff(aHandOff({ schedule: text, from: text, to: { person: text, by }, open, counts }));
      expect(findSlackViolations(message)).toEqual([]);
      expect(JSON.stringify([message.text, message.blocks]).replace(/<!date\^[^>]*>/g, '')).not.toMatch(/<[@!#]/);
    }
  });
});

describe('what is open at a hand-off', () => {
  const base = aPolicy();
  const team = base.teams.payments;
  if (!team) throw new Error('no team payments');
  const teams = { ...base.teams, payments: { ...team, roles: { ...team.roles, onCall: 'primary' } } };
  const open: readonly Incident[] = [
    anIncident({ number: 1, owner: 'payments', severity: 'SEV2', triggeredAt: at(-60) }),
    anIncident({ number: 2, owner: 'payments', severity: 'SEV1', triggeredAt: at(-30) }),
    anIncident({ number: 3, owner: 'payments', severity: 'SEV2', triggeredAt: at(-90) }),
    anIncident({ number: 4, owner: 'empty' }),
    anIncident({ number: 5, owner: 'payments', status: 'acknowledged', acknowledgedAt: at(-10) }),
    anIncident({ number: 6, owner: 'payments', status: 'acknowledged', acknowledgedAt: at(-999) }),
  ];
  const numbers = (schedule: string, given = open) => {
    const { triggered, acknowledged } = openAtHandOff(given, schedule, { teams });
    return [triggered, acknowledged].map((list) => list.map(({ number }) => number));
  };

  it('FIELD B17: is what the teams of the schedule own: the worst first, and the oldest acknowledgement first', () => {
    expect(numbers('primary')).toEqual([
      [2, 3, 1],
      [6, 5],
    ]);
  });

  it('is also what names the schedule in its pinned steps', () => {
    const pinned = anIncident().pinned;
    const targets = [{ kind: 'schedule', schedule: 'primary' }] as const;
    const escalation = { ...pinned.escalation, steps: [{ afterSeconds: 0, targets }] };
    const named = anIncident({ number: 7, owner: 'empty', pinned: { ...pinned, escalation } });
    expect(numbers('primary', [named])).toEqual([[7], []]);
  });

  it('is not what nobody owns, although its steps tell an owner', () => {
    const pinned = anIncident().pinned;
    const targets = [{ kind: 'owner', role: 'onCall' }] as const;
    const escalation = { ...pinned.escalation, steps: [{ afterSeconds: 0, targets }] };
    expect(numbers('primary', [anIncident({ owner: null, pinned: { ...pinned, escalation } })])).toEqual([[], []]);
  });

  it('is everything where no team has the schedule as a role', () => {
    expect(numbers('other')).toEqual([
      [2, 4, 3, 1],
      [6, 5],
    ]);
  });
});
