/** SEV1 is the worst. The words and their meaning: DESIGN section 5. */
export type Severity = 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4';

export const severities = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const satisfies readonly Severity[];

export const isSeverity = (text: string): text is Severity => (severities as readonly string[]).includes(text);

/** True when `a` is more severe than `b`. */
export const isWorse = (a: Severity, b: Severity): boolean => a < b;

export const worst = (a: Severity, b: Severity): Severity => (a <= b ? a : b);
