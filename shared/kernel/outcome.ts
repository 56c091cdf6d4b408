/**
 * What a decision answers: never a bare boolean, so that a caller can say why and a test can assert why.
 * `unchanged` is normal (a second acknowledgement), `rejected` is a refusal to be told politely; neither is an error.
 */
export type Outcome<Accepted, UnchangedReason extends string, RejectedReason extends string> =
  | ({ readonly outcome: 'accepted' } & Accepted)
  | { readonly outcome: 'unchanged'; readonly reason: UnchangedReason }
  | { readonly outcome: 'rejected'; readonly reason: RejectedReason };

export const unchanged = <R extends string>(reason: R) => ({ outcome: 'unchanged', reason }) as const;
export const rejected = <R extends string>(reason: R) => ({ outcome: 'rejected', reason }) as const;
