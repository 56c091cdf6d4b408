/** For `sort`: by UTF-16 units, which for instants, dates and ids of ours is their order. */
export const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
