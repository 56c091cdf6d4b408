import { describe, expect, it } from 'vitest';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';

const text = (length: number, type = 'mrkdwn') => ({ type, text: 'x'.repeat(length) });
const section = (length: number) => ({ type: 'section', text: text(length) });
const button = (more: object = {}) => ({ type: 'button', action_id: 'a', text: text(5, 'plain_text'), ...more });
const confirm = (title: number, body: number, yes: number, no: number) => ({
  title: text(title, 'plain_text'),
  text: text(body, 'plain_text'),
  confirm: text(yes, 'plain_text'),
  deny: text(no, 'plain_text'),
});
const blocks = (...list: unknown[]) => ({ text: 'x', blocks: list });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

/** Each limit at its edge, then one past it (PROTOCOLS 5.5). */
describe("the checker of Slack's limits", () => {
  it.each<readonly [string, object, object]>([
    ['text', { text: 'x'.repeat(4_000) }, { text: 'x'.repeat(4_001) }],
    ['blocks', blocks(...many(50, () => section(1))), blocks(...many(51, () => section(1)))],
    ['section text', blocks(section(3_000)), blocks(section(3_001))],
    ['an empty text', blocks(section(1)), blocks(section(0))],
    ['an empty section', blocks(section(1)), blocks({ type: 'section' })],
    [
      'fields',
      blocks({ type: 'section', fields: many(10, () => text(1)) }),
      blocks({ type: 'section', fields: many(11, () => text(1)) }),
    ],
    ['a field', blocks({ type: 'section', fields: [text(2_000)] }), blocks({ type: 'section', fields: [text(2_001)] })],
    [
      'a header',
      blocks({ type: 'header', text: text(150, 'plain_text') }),
      blocks({ type: 'header', text: text(151) }),
    ],
    [
      'context elements',
      blocks({ type: 'context', elements: many(10, () => text(1)) }),
      blocks({ type: 'context', elements: many(11, () => text(1)) }),
    ],
    [
      'actions elements',
      blocks({ type: 'actions', elements: many(25, (index) => button({ action_id: `a${index}` })) }),
      blocks({ type: 'actions', elements: many(26, (index) => button({ action_id: `a${index}` })) }),
    ],
    ['no elements', blocks({ type: 'actions', elements: [button()] }), blocks({ type: 'actions', elements: [] })],
    [
      'a button label',
      blocks({ type: 'actions', elements: [button({ text: text(75, 'plain_text') })] }),
      blocks({ type: 'actions', elements: [button({ text: text(76, 'plain_text') })] }),
    ],
    [
      'a button value',
      blocks({ type: 'actions', elements: [button({ value: 'x'.repeat(2_000) })] }),
      blocks({ type: 'actions', elements: [button({ value: 'x'.repeat(2_001) })] }),
    ],
    [
      'a button url',
      blocks({ type: 'actions', elements: [button({ url: 'x'.repeat(3_000) })] }),
      blocks({ type: 'actions', elements: [button({ url: 'x'.repeat(3_001) })] }),
    ],
    [
      'a confirm title',
      blocks({ type: 'actions', elements: [button({ confirm: confirm(100, 300, 30, 30) })] }),
      blocks({ type: 'actions', elements: [button({ confirm: confirm(101, 300, 30, 30) })] }),
    ],
    [
      'a confirm text',
      blocks({ type: 'actions', elements: [button({ confirm: confirm(100, 300, 30, 30) })] }),
      blocks({ type: 'actions', elements: [button({ confirm: confirm(100, 301, 30, 30) })] }),
    ],
    [
      'confirm buttons',
      blocks({ type: 'actions', elements: [button({ confirm: confirm(100, 300, 30, 30) })] }),
      blocks({ type: 'actions', elements: [button({ confirm: confirm(100, 300, 30, 31) })] }),
    ],
    [
      'an action twice',
      blocks({ type: 'actions', elements: [button(), button({ action_id: 'b' })] }),
      blocks({ type: 'actions', elements: [button(), button()] }),
    ],
    [
      'a block id twice',
      blocks({ ...section(1), block_id: 'a' }, { ...section(1), block_id: 'b' }),
      blocks({ ...section(1), block_id: 'a' }, { ...section(1), block_id: 'a' }),
    ],
    [
      'a block id',
      blocks({ ...section(1), block_id: 'x'.repeat(255) }),
      blocks({ ...section(1), block_id: 'x'.repeat(256) }),
    ],
    ['all texts', blocks(...many(4, () => section(3_000))), blocks(...many(4, () => section(3_000)), section(1))],
    ['a known type', blocks(section(1)), blocks({ type: 'carousel' })],
  ])('takes %s at the edge and refuses it past the edge', (_name, taken, refused) => {
    const violations = (message: object) => findSlackViolations({ text: 'x', ...message });
    expect(violations(taken)).toEqual([]);
    expect(violations(refused)).toHaveLength(1);
  });
});
