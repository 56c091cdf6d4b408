/**
 * JSON of ASCII characters only, others as `\uXXXX`. SQS refuses some characters (U+0000 to U+001F but tab and line ends, U+FFFE, U+FFFF),
 * which would make an alert that holds one a permanent error; escaped, a lone surrogate survives too.
 */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
