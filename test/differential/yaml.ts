/** What YAML does not print as it is; line breaks of Unicode too, which some readers fold. */
const unprintable = /[^\n\x20-\x7e\u00a1-\u02ff\u0370-\u05ff\u3040-\ud7ff\u{10000}-\u{1fffd}]/gu;

/** A double-quoted YAML text. JSON would write a character beyond the first plane as two escapes, which YAML refuses. */
export function quoteYaml(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replace(unprintable, (sign) => {
      const code = (sign.codePointAt(0) ?? 0).toString(16);
      return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
    });
  return `"${escaped}"`;
}
