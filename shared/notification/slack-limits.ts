/** Slack's limits, each said once (docs.slack.dev, reference/block-kit; counted in characters unless a count of things). */
export const slackLimits = {
  blocks: 50,
  id: 255,
  sectionText: 3_000,
  fields: 10,
  fieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** chat.update refuses more than 4,000; chat.postMessage recommends no more. */
  text: 4_000,
  /** Undocumented: msg_blocks_too_long begins between 12,000 and 13,000 over all blocks (slackapi/bolt-js 2509, 2867). */
  totalBlocksText: 12_000,
} as const;

type Json = Readonly<Record<string, unknown>>;

/**
 * What Slack would refuse of a message or ephemeral answer, one sentence each; empty when it takes it. Checks the blocks
 * that Tocsin uses and calls every other one unknown, since Slack publishes no schema to check against.
 */
export function findSlackViolations(message: {
  readonly text: string;
  readonly blocks?: readonly unknown[];
}): string[] {
  const blocks = (message.blocks ?? []) as readonly Json[];
  return [
    ...atMost(message.text, slackLimits.text, 'text'),
    ...atMost(blocks, slackLimits.blocks, 'blocks'),
    ...unique(blocks.flatMap((block) => (block.block_id === undefined ? [] : [String(block.block_id)]))),
    ...blocks.flatMap((block, index) => blockViolations(block, `blocks[${index}]`)),
    ...atMost(allTexts(blocks).join(''), slackLimits.totalBlocksText, 'texts of all blocks'),
  ];
}

function blockViolations(block: Json, at: string): string[] {
  const id = atMost(block.block_id ?? '', slackLimits.id, `${at}.block_id`);
  switch (block.type) {
    case 'header':
      return [...id, ...textViolations(block.text, slackLimits.headerText, `${at}.text`)];
    case 'section': {
      const fields = (block.fields ?? []) as readonly unknown[];
      return [
        ...id,
        ...(block.text === undefined ? [] : textViolations(block.text, slackLimits.sectionText, `${at}.text`)),
        ...(block.text === undefined && fields.length === 0 ? [`${at} shows nothing`] : []),
        ...atMost(fields, slackLimits.fields, `${at}.fields`),
        ...fields.flatMap((field, i) => textViolations(field, slackLimits.fieldText, `${at}.fields[${i}]`)),
      ];
    }
    case 'context':
      return [...id, ...listViolations(block.elements, slackLimits.contextElements, at, contextViolations)];
    case 'actions':
      return [...id, ...listViolations(block.elements, slackLimits.actionsElements, at, buttonViolations)];
    default:
      return [`${at} has the unknown type ${String(block.type)}`];
  }
}

function listViolations(elements: unknown, max: number, at: string, check: (element: Json, at: string) => string[]) {
  const list = (elements ?? []) as readonly Json[];
  return [
    ...(list.length === 0 ? [`${at}.elements is empty`] : []),
    ...atMost(list, max, `${at}.elements`),
    ...unique(list.flatMap((element) => (element.action_id === undefined ? [] : [String(element.action_id)]))),
    ...list.flatMap((element, index) => check(element, `${at}.elements[${index}]`)),
  ];
}

const contextViolations = (element: Json, at: string) => textViolations(element, slackLimits.sectionText, at);

function buttonViolations(button: Json, at: string): string[] {
  const confirm = button.confirm as Json | undefined;
  return [
    ...(button.type === 'button' ? [] : [`${at} is no button`]),
    ...textViolations(button.text, slackLimits.buttonText, `${at}.text`),
    ...atMost(button.action_id ?? '', slackLimits.id, `${at}.action_id`),
    ...atMost(button.value ?? '', slackLimits.buttonValue, `${at}.value`),
    ...atMost(button.url ?? '', slackLimits.url, `${at}.url`),
    ...(confirm === undefined
      ? []
      : [
          ...textViolations(confirm.title, slackLimits.confirmTitle, `${at}.confirm.title`),
          ...textViolations(confirm.text, slackLimits.confirmText, `${at}.confirm.text`),
          ...textViolations(confirm.confirm, slackLimits.confirmButton, `${at}.confirm.confirm`),
          ...textViolations(confirm.deny, slackLimits.confirmButton, `${at}.confirm.deny`),
        ]),
  ];
}

function textViolations(value: unknown, max: number, at: string): string[] {
  const { type, text } = (value ?? {}) as Json;
  if (type !== 'mrkdwn' && type !== 'plain_text') return [`${at} is no text object`];
  if (typeof text !== 'string' || text.length === 0) return [`${at} is empty`];
  return atMost(text, max, at);
}

const atMost = (value: unknown, max: number, at: string): string[] => {
  const { length } = value as { readonly length: number };
  return length > max ? [`${at} has ${length}, at most ${max}`] : [];
};

const unique = (ids: readonly string[]): string[] =>
  ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`);

/** Every text that is shown, wherever it stands. */
const allTexts = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(allTexts);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'text' && typeof inner === 'string' ? [inner] : allTexts(inner),
  );
};
