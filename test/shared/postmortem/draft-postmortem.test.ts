import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { draftPostmortem } from '#shared/postmortem/draft-postmortem.ts';
import { escapeMarkdown } from '#shared/postmortem/escape-markdown.ts';
import { anyIncident, anyText } from '#test/support/hostile-texts.ts';
import { aCommit, anIncident, aPage, openedAt } from '#test/support/incident-builders.ts';

const alice = { kind: 'person', id: 'U1', name: 'alice' } as const;
const tocsin = { kind: 'tocsin', id: 'tocsin', name: 'Tocsin' } as const;

const input = {
  incident: anIncident({
    version: 4,
    title: 'HighErrorRate | <checkout>',
    status: 'resolved',
    service: 'checkout',
    owner: 'payments',
    firstAcknowledgedAt: addSeconds(openedAt, 270),
    resolvedAt: addSeconds(openedAt, 3_900),
    resolvedBy: alice,
    resolveReason: 'by a person',
    firing: 0,
    alertsTotal: 3,
    reopenings: 1,
  }),
  commits: [
    aCommit({
      version: 1,
      events: [
        {
          type: 'IncidentEscalated',
          step: 1,
          round: 1,
          cause: 'timer',
          by: tocsin,
          pages: [
            {
              step: 1,
              round: 1,
              target: { kind: 'person', person: 'alice', lane: 'slack' },
              deadlineAt: addSeconds(openedAt, 60),
            },
          ],
          informedChannels: [],
          skipped: [],
          why: 'step 1 of default',
        },
        { type: 'TimerSet', dueAt: addSeconds(openedAt, 300), part: 1 },
      ],
    }),
    aCommit({
      version: 1,
      part: 'page-1',
      at: addSeconds(openedAt, 2),
      events: [
        { type: 'PageHandedOver', step: 1, round: 1, target: 'person:alice', generation: 1, claimedAt: openedAt },
      ],
    }),
    aCommit({
      version: 2,
      at: addSeconds(openedAt, 270),
      events: [{ type: 'IncidentAcknowledged', by: alice, expiresAt: null }],
    }),
    aCommit({
      version: 3,
      at: addSeconds(openedAt, 300),
      events: [{ type: 'NoteAdded', by: alice, text: 'it is *DNS*\n# really <b>' }],
    }),
  ],
  pages: [aPage({ state: 'handed over', attempts: 1, endedAt: addSeconds(openedAt, 2) })],
  now: addSeconds(openedAt, 86_400),
};

describe('the draft of a postmortem', () => {
  it('tells what is known, cites each fact, and asks for the rest', () => {
    expect(draftPostmortem(input)).toBe(`# Postmortem of INC-42: HighErrorRate \\| &lt;checkout&gt;

_Draft of 2026-11-22 01:00 UTC, from version 4 of the timeline. It is about causes, not culprits: assume that everybody did their best with what they knew then._

## Summary

| | |
| --- | --- |
| Severity | SEV1 |
| Status | resolved |
| Service | checkout |
| Owner | payments |
| Began | 2026-11-21 01:00 UTC |
| Time to acknowledge | 4 min 30 s |
| Time to resolve | 1 h 5 min |
| Resolved | 2026-11-21 02:05 UTC by alice (by a person) |
| Alerts | 3 in all, 0 firing |
| Opened again | 1 |
| Decided by | route root, policy file abcdef012345 |

## What happened

_In two or three sentences for somebody who was not there: what broke, who felt it, what ended it._

## Timeline

- 2026-11-21 01:00:00 UTC Escalation step 1: pages alice. (c1)
- 2026-11-21 01:00:02 UTC The page to alice was handed over at 2026-11-21T01:00:02.000Z. (c1 page-1)
- 2026-11-21 01:04:30 UTC Acknowledged by alice. (c2)
- 2026-11-21 01:05:00 UTC alice noted: it is \\*DNS\\* \\# really &lt;b&gt; (c3)

## Who was paged

| Owed | To | Generation, step, round | Outcome | Why |
| --- | --- | --- | --- | --- |
| 2026-11-21 01:00:00 UTC | alice | 1, 1, 1 | handed over after 2 s | step 1 of default |

## Impact

_Who noticed, how many, for how long, and what could they not do? How do we know?_

## Causes

_What had to be true together for this to happen? What made it possible, and what set it off? Ask "how", not "who"._

## Detection and response

_Did the first alert tell the truth? Did the right people know in time? What did they have to find out that a runbook could have said? What slowed them down?_

## What went well

_What limited the damage, and was it luck?_

## Action items

| Action | Kind (prevent, detect, soften) | Owner | Due |
| --- | --- | --- | --- |
|  |  |  |  |
`);
  });

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [3_600, '1 h'],
    [3_661, '1 h 1 min'],
    [90_061, '1 d 1 h'],
    [86_400, '1 d'],
  ])('says %i seconds as %j', (seconds, words) => {
    const incident = { ...input.incident, firstAcknowledgedAt: addSeconds(openedAt, seconds) };
    expect(draftPostmortem({ ...input, incident })).toContain(`| Time to acknowledge | ${words} |`);
  });

  it('says what did not happen yet', () => {
    const draft = draftPostmortem({ incident: anIncident(), commits: [], pages: [], now: addSeconds(openedAt, 7_200) });
    for (const line of [
      '| Time to acknowledge | not acknowledged yet |',
      '| Time to resolve | open for 2 h |',
      '| Resolved | not yet |',
      'Nothing is stored.',
      'Nobody was paged.',
    ]) {
      expect(draft.split('\n')).toContain(line);
    }
  });

  it('tells a missed deadline and a renewal, and leaves out how often an update was due', () => {
    const commits = [
      aCommit({
        events: [{ type: 'DeadlineMissed', deadline: 'acknowledge', withinSeconds: 900, pages: false }],
      }),
      aCommit({ version: 2, events: [{ type: 'UpdateDue', everySeconds: 1800, acknowledgedBy: alice }] }),
      aCommit({ version: 3, events: [{ type: 'IncidentAcknowledged', by: alice, expiresAt: null, renews: true }] }),
    ];
    expect(draftPostmortem({ ...input, commits }).match(/^- \d.* \(c\d\)$/gm)).toEqual([
      '- 2026-11-21 01:00:00 UTC Nobody acknowledged within 15m, the time that its severity gives. (c1)',
      '- 2026-11-21 01:00:00 UTC Acknowledgement renewed by alice. (c3)',
    ]);
  });

  it('is the same text for the same input', () => {
    expect(draftPostmortem(structuredClone(input))).toBe(draftPostmortem(input));
  });

  it('keeps its shape, whatever alerts and people write', () => {
    const shape = (draft: string) =>
      draft
        .split('\n')
        .filter((line) => /^(#|\||-)/.test(line))
        .map((line) => [/^(#+|\||-)/.exec(line)?.[0], line.replaceAll('\\|', '').split('|').length]);
    fc.assert(
      fc.property(anyIncident, anyText, (incident, text) => {
        const draft = (title: string, words: string) =>
          draftPostmortem({
            incident: { ...incident, title, service: words, owner: words, routePath: words },
            commits: [aCommit({ events: [{ type: 'NoteAdded', by: { ...alice, name: words }, text: words }] })],
            pages: [aPage({ target: `person:${words}`, why: words })],
            now: openedAt,
          });
        expect(shape(draft(text, text))).toEqual(shape(draft('title', 'words')));
        expect(draft(text, text)).not.toMatch(/<[^>]*>/);
      }),
    );
  });

  it('lets no text become Markdown', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const bare = escapeMarkdown(text).replace(/\\[\\`*_{}[\]#|~$]|&(amp|lt|gt);/g, '');
        expect(bare).not.toMatch(/[\\`*_{}[\]#|~$<>&\n]/);
      }),
    );
  });
});
