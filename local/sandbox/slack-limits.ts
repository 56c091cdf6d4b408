/** Slack's limits on a message (PROTOCOLS 5.4 and 5.5), as the error code that Slack answers. Null: within all of them. */

type Part = Readonly<Record<string, unknown>>;

const maxBlocks = 50;
/** Undocumented total over all blocks: about 12 to 13 thousand characters. */
const maxBlocksCharacters = 13_000;
const maxTextCharacters = 40_000;

export function breaksSlackLimits(text: string, blocks: readonly unknown[]): string | null {
  if (text === '' && blocks.length === 0) return 'no_text';
  if (text.length > maxTextCharacters) return 'msg_too_long';
  if (blocks.length > maxBlocks || blocks.some((block) => !isValidBlock(asPart(block)))) return 'invalid_blocks';
  if (charactersOf(blocks) > maxBlocksCharacters) return 'msg_blocks_too_long';
  return null;
}

function isValidBlock(block: Part): boolean {
  if (typeof block.type !== 'string' || !isShort(block.block_id, 255)) return false;
  switch (block.type) {
    case 'header':
      return hasText(block.text, 150);
    case 'section':
      return isValidSection(block);
    case 'context':
      return partsOf(block.elements).length <= 10 && partsOf(block.elements).every((one) => hasText(one, 3_000));
    case 'actions':
      return partsOf(block.elements).length <= 25 && partsOf(block.elements).every(isValidElement);
    case 'markdown':
      return isShort(block.text, 12_000);
    default:
      return true;
  }
}

function isValidSection(block: Part): boolean {
  const fields = partsOf(block.fields);
  if (block.text === undefined && fields.length === 0) return false;
  if (block.text !== undefined && !hasText(block.text, 3_000)) return false;
  const accessory = block.accessory === undefined || isValidElement(asPart(block.accessory));
  return accessory && fields.length <= 10 && fields.every((field) => hasText(field, 2_000));
}

function isValidElement(element: Part): boolean {
  if (typeof element.type !== 'string' || !isShort(element.action_id, 255)) return false;
  if (element.type !== 'button') return partsOf(element.options).length <= 100;
  return hasText(element.text, 75) && isShort(element.value, 2_000) && isShort(element.url, 3_000);
}

function hasText(value: unknown, limit: number): boolean {
  const part = asPart(value);
  if (part.type === 'image') return true;
  return typeof part.text === 'string' && part.text.length > 0 && part.text.length <= limit;
}

const isShort = (value: unknown, limit: number): boolean =>
  value === undefined || (typeof value === 'string' && value.length <= limit);

const asPart = (value: unknown): Part => (typeof value === 'object' && value !== null ? (value as Part) : {});
const partsOf = (value: unknown): readonly Part[] => (Array.isArray(value) ? value.map(asPart) : []);

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charactersOf(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const texts = Object.entries(value).filter(([name]) => !['type', 'action_id', 'block_id', 'value'].includes(name));
  return texts.reduce((sum, [, one]) => sum + charactersOf(one), 0);
}
