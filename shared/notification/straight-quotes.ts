/** Phones make curly quotes of straight ones. */
export const straightQuotes = (text: string): string => text.replaceAll(/[\u201c\u201d\u201e]/g, '"');
