import { act } from './api.js';
import { drawBlocks, drawText } from './blocks.js';
import { byId, el } from './dom.js';

/** A Slack modal: input blocks become fields, everything else is drawn as in a message. */

let shown = null;
let user = '';
const context = { names: (id) => id, press: async () => {} };

export function drawModal(open, person) {
  user = person;
  const dialog = byId('modal');
  if (open === null) {
    shown = null;
    if (dialog.open) dialog.close();
    return;
  }
  if (shown === open.id) return;
  shown = open.id;
  const { view } = open;
  byId('modal-title').textContent = view.title?.text ?? '';
  byId('modal-submit').textContent = view.submit?.text ?? 'Submit';
  byId('modal-submit').hidden = !view.submit;
  byId('modal-errors').textContent = '';
  byId('modal-blocks').replaceChildren(
    ...(view.blocks ?? []).flatMap((block) =>
      block.type === 'input' ? [drawInput(block)] : drawBlocks([block], context),
    ),
  );
  if (!dialog.open) dialog.showModal();
}

function drawInput(block) {
  const { element } = block;
  const options = element.options ?? [];
  const attributes = {
    'data-block': block.block_id,
    'data-action': element.action_id,
    'data-kind': element.type,
    required: !block.optional,
  };
  const initial = element.initial_value ?? '';
  const field =
    options.length > 0
      ? el(
          'select',
          attributes,
          options.map((option) =>
            el(
              'option',
              { value: option.value, selected: option.value === element.initial_option?.value },
              option.text.text,
            ),
          ),
        )
      : element.multiline
        ? el('textarea', { ...attributes, rows: 4, maxlength: element.max_length }, initial)
        : el('input', { ...attributes, value: initial, maxlength: element.max_length });
  return el('label', {}, drawText(block.label, context), field);
}

export function wireModal() {
  byId('modal-close').addEventListener('click', () => act('close-view', {}));
  byId('modal').addEventListener('cancel', () => act('close-view', {}));
  byId('modal-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = {};
    for (const field of byId('modal-blocks').querySelectorAll('[data-block]')) {
      const { block, action, kind } = field.dataset;
      values[block] = {
        [action]:
          kind === 'plain_text_input'
            ? { type: kind, value: field.value || null }
            : { type: kind, selected_option: { value: field.value, text: { type: 'plain_text', text: field.value } } },
      };
    }
    const result = await act('submit-view', { values, user });
    byId('modal-errors').textContent = result.ok ? '' : (result.text ?? 'Not taken.');
  });
}
