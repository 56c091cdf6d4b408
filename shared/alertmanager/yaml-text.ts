/** Just enough YAML to print a configuration: no library where a cold start counts. */

export type YamlValue = string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Everything but printable ASCII is escaped: what a parser calls a control character differs, and JavaScript's pairs are no characters. */
const unsafe = /[^\x20-\x7e]/gu;

function escapeCharacter(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** A double-quoted scalar: never read as a number, a date, a tag or the end of a block. */
export const quoteYaml = (text: string): string =>
  `"${text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll(unsafe, escapeCharacter)}"`;

const isScalar = (value: YamlValue): value is string | number | boolean => typeof value !== 'object';
const isList = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value);
const isEmpty = (value: YamlValue): boolean =>
  typeof value === 'object' && (isList(value) ? value.length : Object.keys(value).length) === 0;

const writeScalar = (value: string | number | boolean): string =>
  typeof value === 'string' ? quoteYaml(value) : String(value);

/** In one line where it fits one. */
function writeInline(value: YamlValue): string | null {
  if (isScalar(value)) return writeScalar(value);
  if (isEmpty(value)) return isList(value) ? '[]' : '{}';
  return isList(value) && value.every(isScalar) ? `[${value.map(writeScalar).join(', ')}]` : null;
}

/** The lines of a value; the keys of our own objects are plain words. */
function writeLines(value: YamlValue): readonly string[] {
  const inline = writeInline(value);
  if (inline !== null) return [inline];
  if (isList(value)) return value.flatMap((each) => hang('- ', writeLines(each)));
  return Object.entries(value as Readonly<Record<string, YamlValue>>).flatMap(([key, each]) => {
    const line = writeInline(each);
    return line === null ? [`${key}:`, ...hang('  ', writeLines(each))] : [`${key}: ${line}`];
  });
}

const hang = (first: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => (index === 0 ? first : '  ') + line);

export const writeYaml = (value: YamlValue): string => `${writeLines(value).join('\n')}\n`;
