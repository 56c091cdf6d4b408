import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cutText } from '#shared/notification/clean-text.ts';
import {
  codeMrkdwn,
  dateMrkdwn,
  escapeMrkdwn,
  escapeMrkdwnLines,
  linkMrkdwn,
  unescapeMrkdwn,
} from '#shared/notification/escape-slack.ts';
import { safeLink } from '#shared/notification/web-link.ts';
import { anyText } from '#test/support/hostile-texts.ts';

describe('text of others in Slack', () => {
  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U1> & <#C1>', '&lt;@U1&gt; &amp; &lt;#C1&gt;'],
    ['&lt;!here&gt;', '&amp;lt;!here&amp;gt;'],
    ['a\u202Eb\u200Bc\u0007d', 'abcd'],
    ['two\nlines\tand  blanks ', 'two lines and blanks'],
    ['half \uD83D', 'half \uFFFD'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
  ])('shows %j as %j', (text, shown) => {
    expect(escapeMrkdwn(text)).toBe(shown);
  });

  it('cuts before an entity, never inside it', () => {
    expect(escapeMrkdwn('ab&&', 7)).toBe('ab…');
    expect(escapeMrkdwn('ab&&', 8)).toBe('ab&amp;…');
    expect(escapeMrkdwn('ab&&', 12)).toBe('ab&amp;&amp;');
    expect(cutText('ab😀', 3)).toBe('ab…');
    expect(cutText('ab😀', 4)).toBe('ab😀');
  });

  it('never holds a mark that Slack reads, nor more than it may, whatever comes', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 10, max: 400 }), (text, max) => {
        for (const shown of [escapeMrkdwn(text, max), escapeMrkdwnLines(text, max), codeMrkdwn(text, max - 2)]) {
          expect(shown).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
          expect(shown.length).toBeLessThanOrEqual(max);
          expect(shown.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('is read again as it was written', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unescapeMrkdwn(escapeMrkdwn(text, 100_000))).toBe(cleanLine(text));
      }),
    );
  });

  it('cannot leave a code span', () => {
    expect(codeMrkdwn('a`b')).toBe("`a'b`");
    expect(codeMrkdwn('')).toBe('`""`');
  });

  it('draws an instant in the reader’s zone, with UTC for the rest', () => {
    expect(dateMrkdwn('2026-11-21T01:02:03.000Z')).toBe(
      '<!date^1795222923^{date_short_pretty} {time}|2026-11-21 01:02 UTC>',
    );
  });
});

describe('a link', () => {
  it.each([
    ['https://runbooks.example/a?b=c&d=e', 'https://runbooks.example/a?b=c&d=e'],
    [
      'http://prometheus.example:9090/graph?g0.expr=up{a="b"}|c',
      'http://prometheus.example:9090/graph?g0.expr=up%7Ba=%22b%22%7D%7Cc',
    ],
    ['https://user:word@runbooks.example/', 'https://runbooks.example/'],
    ['https://a.example/x>y<z', 'https://a.example/x%3Ey%3Cz'],
    ["https://a.example/(a)[b]'`", 'https://a.example/%28a%29%5Bb%5D%27%60'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['//a.example/', null],
    ['runbooks/checkout', null],
    ['https://', null],
    ['', null],
    [undefined, null],
    [`https://a.example/${'x'.repeat(2_000)}`, null],
  ])('to %j is %j', (address, link) => {
    expect(safeLink(address)).toBe(link);
  });

  it('is only its label when nobody should follow it', () => {
    expect(linkMrkdwn('javascript:alert(1)', 'Run<book')).toBe('Run&lt;book');
    expect(linkMrkdwn('https://a.example/?a=1&b=2|', 'a|b')).toBe('<https://a.example/?a=1&amp;b=2%7C|a/b>');
  });
});
