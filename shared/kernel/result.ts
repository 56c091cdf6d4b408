/** A parsed or checked value, or one sentence that says what is wrong with the input. Never thrown. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export const succeed = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (problem: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem });
