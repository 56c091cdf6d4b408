import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matcher } from '#shared/alert/matcher.ts';
import { parseSilenceWish, type SilenceWish } from '#shared/notification/parse-silence-command.ts';
import { parseSlackCommand, type SlackCommand } from '#shared/notification/parse-slack-command.ts';
import { anyText } from '#test/support/hostile-texts.ts';

const help = (problem: Extract<SlackCommand, { kind: 'help' }>['problem']) => ({ kind: 'help', problem });

describe('the text behind /incident', () => {
  it.each<readonly [string, SlackCommand]>([
    ['list', { kind: 'list' }],
    ['ls', { kind: 'list' }],
    ['ack', { kind: 'acknowledge', number: null }],
    ['ack 42', { kind: 'acknowledge', number: 42 }],
    ['ack INC-42', { kind: 'acknowledge', number: 42 }],
    ['ack inc-42', { kind: 'acknowledge', number: 42 }],
    ['ack inc42', { kind: 'acknowledge', number: 42 }],
    ['ack #42', { kind: 'acknowledge', number: 42 }],
    ['  ACKNOWLEDGE   42  ', { kind: 'acknowledge', number: 42 }],
    ['resolve 7', { kind: 'resolve', number: 7 }],
    ['close 7', { kind: 'resolve', number: 7 }],
    ['escalate', { kind: 'escalate', number: null }],
    ['why 42', { kind: 'why', number: 42 }],
    ['show', { kind: 'show', number: null }],
    ['postmortem 42', { kind: 'postmortem', number: 42 }],
    ['severity 42 sev1', { kind: 'severity', number: 42, severity: 'SEV1' }],
    ['sev SEV2', { kind: 'severity', number: null, severity: 'SEV2' }],
    ['policy 42 move', { kind: 'move', number: 42 }],
    ['policy move INC-42', { kind: 'move', number: 42 }],
    ['policy move', { kind: 'move', number: null }],
    ['policy 42', { kind: 'show', number: 42 }],
    ['policy', { kind: 'show', number: null }],
    ['policy 42 mvoe', { kind: 'help', problem: { kind: 'not a number', command: 'policy', word: 'mvoe' } }],
    ['note 42 it was  DNS', { kind: 'note', number: 42, text: 'it was  DNS' }],
    ['note two\nlines', { kind: 'note', number: null, text: 'two\nlines' }],
    ['note 42 a &lt; b &amp;&amp; c &gt; d', { kind: 'note', number: 42, text: 'a < b && c > d' }],
    ['note &amp;lt;', { kind: 'note', number: null, text: '&lt;' }],
    ['update 42 identified we found it', { kind: 'update', number: 42, status: 'identified', text: 'we found it' }],
    ['update Monitoring it holds', { kind: 'update', number: null, status: 'monitoring', text: 'it holds' }],
  ])('%j is %j', (text, command) => {
    expect(parseSlackCommand(text)).toEqual(command);
  });

  /** Read in two parts, because the grammar of matchers is loaded with the first silence. */
  const readSilence = (text: string) => {
    const command = parseSlackCommand(text);
    return command.kind === 'silence' ? parseSilenceWish(command.text) : command;
  };
  const is = (name: string, value: string, operator: Matcher['operator'] = '=') => ({ name, operator, value });
  it.each<readonly [string, Partial<SilenceWish>]>([
    ['a=b 2h', { what: { matchers: [is('a', 'b')] }, seconds: 7200, comment: '' }],
    ['a=b,c!=d 2h why not', { what: { matchers: [is('a', 'b'), is('c', 'd', '!=')] }, comment: 'why not' }],
    ['a=b c=~"x y|z" 1h30m', { what: { matchers: [is('a', 'b'), is('c', 'x y|z', '=~')] }, seconds: 5400 }],
    ['a=b, c=d 2h', { what: { matchers: [is('a', 'b'), is('c', 'd')] } }],
    ['{a="2h, x",b=c} 2h 3h more', { what: { matchers: [is('a', '2h, x'), is('b', 'c')] }, comment: '3h more' }],
    ['a = "b" 2h', { what: { matchers: [is('a', 'b')] } }],
    ['a=\u201cb c\u201d 2h it\u201cs', { what: { matchers: [is('a', 'b c')] }, comment: 'it\u201cs' }],
    ['a=&lt;b&gt; 2h', { what: { matchers: [is('a', '<b>')] } }],
    ['foo.bar=1 2h', { what: { matchers: [is('foo.bar', '1')] } }],
    ['DiskFull 2h', { what: { matchers: [is('alertname', 'DiskFull')] } }],
    ['DiskFull env=prod 2h', { what: { matchers: [is('alertname', 'DiskFull'), is('env', 'prod')] } }],
    ['42 2h', { what: { incident: 42 } }],
    ['INC-42 2h deploy', { what: { incident: 42 }, comment: 'deploy' }],
    ['2h', { what: { incident: null } }],
  ])('silence %s', (text, wish) => {
    expect(readSilence(`silence ${text}`)).toMatchObject({ ok: true, value: wish });
  });

  it.each([
    ['silence', 'duration is missing'],
    ['silence a=b', 'duration is missing'],
    ['silence a=b 0s', 'duration is missing'],
    ['silence a=b 11y', 'duration is missing'],
    ['silence {} 2h', 'matcher cannot be read'],
    ['silence a=b nonsense" 2h', 'matcher cannot be read'],
  ])('%j cannot be read, and says why', (text, kind) => {
    expect(readSilence(text)).toMatchObject({ ok: false, problem: { kind } });
  });

  it.each([
    ['unsilence x', 'not a silence'],
    [
      `unsilence ${Array.from({ length: 11 }, (_, i) => `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`).join(' ')}`,
      'not a silence',
    ],
  ])('%j says why not', (text, kind) => {
    expect(parseSlackCommand(text)).toMatchObject({ kind: 'help', problem: { kind } });
  });

  it('unsilence takes ids, and none at all asks for the list', () => {
    const [one, two] = ['00000000-0000-7000-8000-000000000001', '01M7Y06DZJQM36BKEKAEWH1TZG'];
    expect(parseSlackCommand(`unsilence ${one},${two} ${one}`)).toEqual({ kind: 'unsilence', ids: [one, two] });
    for (const text of ['unsilence', 'unsilence list']) {
      expect(parseSlackCommand(text)).toEqual({ kind: 'unsilence', ids: [] });
    }
    expect(parseSlackCommand('silences')).toEqual({ kind: 'silences' });
  });

  it.each([
    ['', help(null)],
    ['   ', help(null)],
    ['help', help(null)],
    ['akc 42', help({ kind: 'unknown command', word: 'akc', nearest: 'ack' })],
    ['acknowlege 42', help({ kind: 'unknown command', word: 'acknowlege', nearest: 'acknowledge' })],
    ['resovle', help({ kind: 'unknown command', word: 'resovle', nearest: 'resolve' })],
    ['shwo', help({ kind: 'unknown command', word: 'shwo', nearest: 'show' })],
    ['pineapple', help({ kind: 'unknown command', word: 'pineapple', nearest: null })],
    ['constructor', help({ kind: 'unknown command', word: 'constructor', nearest: null })],
    ['__proto__ 1', help({ kind: 'unknown command', word: '__proto__', nearest: null })],
    ['ack forty-two', help({ kind: 'not a number', command: 'acknowledge', word: 'forty-two' })],
    ['ack 42 please', help({ kind: 'not a number', command: 'acknowledge', word: 'please' })],
    ['note 42', help({ kind: 'text is missing', command: 'note' })],
    ['update 42 identified', help({ kind: 'text is missing', command: 'update' })],
    ['update 42 fixed it', help({ kind: 'status is missing' })],
    ['severity 42 high', help({ kind: 'severity is missing' })],
  ])('%j is answered with help that says why', (text, expected) => {
    expect(parseSlackCommand(text)).toEqual(expected);
  });

  it('reads any text without an error, and no number that is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          anyText.map((text) => `ack ${text}`),
        ),
        (text) => {
          const command = parseSlackCommand(text);
          if ('number' in command && command.number !== null) expect(Number.isSafeInteger(command.number)).toBe(true);
        },
      ),
    );
  });
});
