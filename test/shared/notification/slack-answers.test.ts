import { describe, expect, it } from 'vitest';
import type { RejectedReason, UnchangedReason } from '#shared/incident/commands.ts';
import { parseSlackCommand } from '#shared/notification/parse-slack-command.ts';
import { buttonOf, readButtonValue, writeButtonValue } from '#shared/notification/slack-buttons.ts';
import {
  answerHelp,
  answerList,
  answerStranger,
  answerTaken,
  answerWhichIncident,
} from '#shared/notification/slack-command-answers.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { answerPostmortem } from '#shared/notification/slack-look-answers.ts';
import { answerOutcome } from '#shared/notification/slack-outcome-answer.ts';
import { answerWhy } from '#shared/notification/slack-why-answer.ts';
import { anIncident, openedAt } from '#test/support/incident-builders.ts';

const alice = { kind: 'person', id: 'U1', name: 'alice <!here>' } as const;
const acknowledged = anIncident({ status: 'acknowledged', acknowledgedBy: alice, acknowledgedAt: openedAt });
const date = '<!date^1795223100^{date_short_pretty} {time}|2026-11-21 01:05 UTC>';

const sentences: Readonly<Record<UnchangedReason | RejectedReason, string>> = {
  'already acknowledged': 'INC-42 is already acknowledged by alice &lt;!here&gt;: nothing to do.',
  'already resolved': 'INC-42 is already resolved: nothing to do.',
  'already closed': 'INC-42 is already closed: nothing to do.',
  'command repeated': 'That was already done for INC-42.',
  'nothing changed': 'Nothing changed for INC-42.',
  'same severity': 'INC-42 has that severity already.',
  'not due yet': 'Nothing is due for INC-42 yet.',
  'nothing is due': 'Nothing is due for INC-42 yet.',
  'timer is stale': 'INC-42 has moved on since.',
  'no such incident': 'There is no such incident (INC-42). `/incident list` shows what is open.',
  'incident is resolved': 'INC-42 is resolved, so this is not possible any more.',
  'incident is closed': 'INC-42 is closed, so this is not possible any more.',
  'incident is not resolved': 'INC-42 is not resolved yet: resolve it first.',
  'alerts still fire': 'INC-42 has alerts that still fire, so it stays as it is.',
  'severity has risen': 'INC-42 is now SEV1, worse than what you saw: look at it and press again.',
  'button is of an earlier generation':
    'INC-42 was triggered again since this message: look at it and use the button of the new one.',
  'no further step': 'INC-42 has no further step to escalate to.',
  'policy file has changed':
    "Today's policy file is another one than you saw: look with `/incident show` and press again.",
  'severity never pages': 'SEV1 pages nobody, so INC-42 cannot be escalated. Raise its severity first.',
  'text is empty': 'The text is empty: write something after the command.',
};

describe('the answer to a command', () => {
  it.each(Object.entries(sentences))('explains %j and says how the incident stands', (reason, sentence) => {
    const outcome = { outcome: 'rejected', reason: reason as RejectedReason } as const;
    expect(answerOutcome('acknowledge', outcome, acknowledged, 42)).toEqual({
      response_type: 'ephemeral',
      replace_original: false,
      text: `${sentence} It is SEV1, acknowledged by alice &lt;!here&gt;.`,
    });
  });

  it.each([
    ['acknowledge', 'You acknowledged INC-42.'],
    ['resolve', 'You resolved INC-42 while 1 of its alerts still fire.'],
    ['escalate', 'You escalated INC-42.'],
    ['severity', 'You changed the severity of INC-42.'],
    ['move', "You moved INC-42 to today's policy file; nobody is paged for that."],
    ['note', 'Noted on INC-42.'],
    ['update', 'Published on the status page for INC-42.'],
  ] as const)('confirms %s', (command, sentence) => {
    const { text } = answerOutcome(command, { outcome: 'accepted' }, anIncident(), 42);
    expect(text).toBe(`${sentence} It is SEV1, triggered; next page ${date}.`);
  });

  it('names the number that was asked for when there is no such incident', () => {
    const outcome = { outcome: 'rejected', reason: 'no such incident' } as const;
    expect(answerOutcome('acknowledge', outcome, null, 7).text).toBe(
      'There is no such incident (INC-7). `/incident list` shows what is open.',
    );
  });

  it('says when a resolved incident with firing alerts opens again', () => {
    const held = anIncident({ status: 'resolved', heldUntil: '2026-11-21T01:05:00.000Z' });
    expect(answerOutcome('resolve', { outcome: 'accepted' }, held, 42).text).toBe(
      `You resolved INC-42 while 1 of its alerts still fire. It is resolved, and opens again ${date} if its alerts still fire then.`,
    );
  });

  it('lists what is open, the most severe first', () => {
    const blocks = answerList([
      anIncident({ number: 1, severity: 'SEV3', title: 'third' }),
      anIncident({ number: 2, severity: 'SEV1', title: 'first' }),
      anIncident({ number: 3, severity: 'SEV2', title: 'second', status: 'acknowledged' }),
    ]).blocks;
    const since = '(1 firing, since <!date^1795222800^{date_short_pretty} {time}|2026-11-21 01:00 UTC>)';
    expect(blocks?.map((block) => (block.type === 'section' ? block.text?.text : block.type))).toEqual([
      '*3 incidents are open*',
      [
        `*INC-2* SEV1 triggered: first ${since}`,
        `*INC-3* SEV2 acknowledged: second ${since}`,
        `*INC-1* SEV3 triggered: third ${since}`,
      ].join('\n'),
    ]);
    expect(answerList([]).text).toBe('No incident is open.');
  });

  it('suggests the command that was meant', () => {
    const command = parseSlackCommand('resovle');
    const { text } = answerHelp(command.kind === 'help' ? command.problem : null);
    expect(text.split('\n')[0]).toBe('I do not know `resovle`. Did you mean `/incident resolve`?');
  });

  it.each([
    { kind: 'not a number', command: 'acknowledge', word: '<!here>' },
    { kind: 'text is missing', command: 'note' },
    { kind: 'status is missing' },
    { kind: 'severity is missing' },
    null,
  ] as const)('shows the usage after %j', (problem) => {
    const answer = answerHelp(problem);
    expect(answer.text).toContain('`/incident ack 42` acknowledge: paging stops');
    expect(answer.text).not.toContain('<!');
    expect(findSlackViolations(answer)).toEqual([]);
  });

  it('asks which incident is meant', () => {
    expect(answerWhichIncident([]).text).toBe('No incident is open. Name one by its number, such as `INC-42`.');
    expect(answerWhichIncident([anIncident(), anIncident({ number: 43, title: 'b' })]).text).toBe(
      'More than one incident is open: name one, such as `INC-42`. INC-42 HighErrorRate; INC-43 b',
    );
  });

  it('explains pages in their order, and who is next', () => {
    const lines = Array.from({ length: 22 }, (_, index) => ({ at: openedAt, text: `line ${index}.` }));
    const texts = answerWhy(anIncident(), lines).blocks?.map((block) =>
      block.type === 'section' ? block.text?.text : block.type,
    );
    const at = '<!date^1795222800^{date_short_pretty} {time}|2026-11-21 01:00 UTC>';
    expect(texts).toEqual([
      '*Why INC-42 paged whom*\nRoute `root` gave it to escalation policy `default` of policy file `abcdef012345`.',
      [
        "…2 earlier lines are in the API's timeline",
        ...lines.slice(2).map(({ text }) => `${at} ${text}`),
        `Next: step 1 pages alice ${date}`,
      ].join('\n'),
    ]);
  });

  it('shows the beginning of a postmortem as it is', () => {
    const answer = answerPostmortem(
      anIncident(),
      '# Title\n`code` <b>',
      'https://tocsin.example/v1/incidents/42/postmortem',
    );
    expect(answer.blocks?.map((block) => (block.type === 'section' ? block.text?.text : block.type))).toEqual([
      'The postmortem of INC-42 is drafted. The whole draft: `https://tocsin.example/v1/incidents/42/postmortem`',
      "```\n# Title\n'code' &lt;b&gt;\n```",
    ]);
  });

  it('is only for the person who asked', () => {
    expect([answerTaken(), answerStranger()].map((answer) => answer.response_type)).toEqual(['ephemeral', 'ephemeral']);
  });
});

describe("a button's value", () => {
  it('comes back as it was written', () => {
    const value = { incidentId: 'incident-00000000001', number: 42, severity: 'SEV2', generation: 3 } as const;
    expect(readButtonValue(writeButtonValue(value))).toEqual(value);
  });

  it.each(['', 'x', 'a 42 SEV5 1', 'a 42 SEV1', 'a -1 SEV1 1', 'a 42 SEV1 1 more', 'a/b 42 SEV1 1', 'a 42 SEV1 1e9'])(
    'is refused when it is %j',
    (text) => {
      expect(readButtonValue(text)).toBeNull();
    },
  );

  it.each([
    ['tocsin:acknowledge', 'acknowledge'],
    ['tocsin:escalate', 'escalate'],
    ['tocsin:resolve', 'resolve'],
    ['tocsin:delete', null],
    ['acknowledge', null],
  ])('the action %s is the button %s', (actionId, button) => {
    expect(buttonOf(actionId)).toBe(button);
  });
});
