import { el, link } from './dom.js';
import { mrkdwn } from './mrkdwn.js';

/**
 * Draws Block Kit blocks as Slack would. `context` is `{names, press}`: `press(action)` is called with a button's or menu's
 * own fields when somebody uses it.
 */
export function drawBlocks(blocks, context) {
  return blocks.map((block) => drawBlock(block, context));
}

function drawBlock(block, context) {
  switch (block.type) {
    case 'header':
      return el('div', { class: 'block block-header' }, drawText(block.text, context));
    case 'section':
      return drawSection(block, context);
    case 'context':
      return el(
        'div',
        { class: 'block block-context' },
        between((block.elements ?? []).map((one) => drawText(one, context))),
      );
    case 'actions':
      return el(
        'div',
        { class: 'block block-actions' },
        (block.elements ?? []).map((one) => drawElement(one, block, context)),
      );
    case 'divider':
      return el('hr');
    case 'markdown':
      return el('div', { class: 'block' }, String(block.text ?? ''));
    default:
      return el('div', { class: 'block quiet' }, `(${block.type} block)`);
  }
}

function drawSection(block, context) {
  const parts = [];
  if (block.text) parts.push(el('div', {}, drawText(block.text, context)));
  if (block.fields) {
    parts.push(
      el(
        'div',
        { class: 'fields' },
        block.fields.map((field) => el('div', {}, drawText(field, context))),
      ),
    );
  }
  const body = el('div', {}, parts);
  if (!block.accessory) return el('div', { class: 'block' }, body);
  return el(
    'div',
    { class: 'block with-accessory' },
    body,
    el('div', {}, drawElement(block.accessory, block, context)),
  );
}

export function drawText(text, context) {
  if (!text) return [];
  if (text.type === 'mrkdwn') return mrkdwn(text.text, context.names);
  if (text.type === 'image') return [`[${text.alt_text ?? 'image'}]`];
  return mrkdwn(escaped(text.text ?? ''), context.names);
}

/** plain_text knows emoji, but no marks: those are hidden from the reader of mrkdwn. */
const escaped = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, (mark) => `${mark}\u200b`);

function between(parts) {
  return parts.flatMap((part, index) => (index === 0 ? part : ['  ', ...part]));
}

function drawElement(element, block, context) {
  const base = { type: element.type, action_id: element.action_id, block_id: block.block_id };
  if (element.type === 'button') return drawButton(element, base, context);
  const options = element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
  if (options.length === 0) return el('span', { class: 'quiet' }, `(${element.type})`);
  return el(
    'select',
    {
      'aria-label': element.placeholder?.text ?? 'Choose',
      onchange: (event) => {
        const chosen = options[event.target.selectedIndex - 1];
        if (chosen) context.press({ ...base, selected_option: chosen });
      },
    },
    el('option', { value: '' }, element.placeholder?.text ?? '...'),
    options.map((option) => el('option', { value: option.value }, option.text?.text ?? option.value)),
  );
}

function drawButton(element, base, context) {
  const style = element.style === 'primary' ? 'slack-primary' : element.style === 'danger' ? 'slack-danger' : '';
  const label = drawText(element.text, context);
  if (element.url && !element.action_id) return link(element.url, ...label);
  const onclick = async (event) => {
    const question = element.confirm ? `${element.confirm.title?.text}\n\n${element.confirm.text?.text}` : null;
    if (question !== null && !window.confirm(question)) return;
    if (element.url && /^https?:/.test(element.url)) window.open(element.url, '_blank', 'noreferrer');
    const button = event.currentTarget;
    button.disabled = true;
    await context.press({ ...base, value: element.value, text: element.text });
    button.disabled = false;
  };
  return el('button', { type: 'button', class: style, 'data-action': element.action_id, onclick }, ...label);
}
