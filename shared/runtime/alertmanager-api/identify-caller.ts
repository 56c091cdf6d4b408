import { mayAct, type Role } from '../api/operator.ts';
import { identifyOperatorInAddress } from '../api/operator-in-address.ts';
import type { Deps } from '../deps.ts';
import { identifySource } from '../receive/identify-source.ts';

export type Caller =
  | { readonly kind: 'source'; readonly name: string }
  | { readonly kind: 'operator'; readonly name: string; readonly role: Role };

export type CallerIdentity =
  | { readonly outcome: 'known'; readonly caller: Caller }
  | { readonly outcome: 'unknown' }
  /** A secret could not be read: nobody can say whether the caller is known, so it must try again. */
  | { readonly outcome: 'undecided'; readonly error: Error };

/** Who calls: a source, by the credential with which it also sends alerts, or an operator. */
export async function identifyCaller(
  deps: Pick<Deps, 'secrets'>,
  authorization: string | null,
): Promise<CallerIdentity> {
  const source = await identifySource(deps, authorization);
  if (source.outcome === 'undecided') return source;
  if (source.outcome === 'known') return { outcome: 'known', caller: { kind: 'source', name: source.source } };
  const identity = await identifyOperatorInAddress(deps, authorization);
  return identity.outcome === 'known'
    ? { outcome: 'known', caller: { kind: 'operator', ...identity.operator } }
    : identity;
}

/** A source is a tool of those who run Tocsin, and may what a responder may: amtool makes silences with its credential. */
export const mayCall = (caller: Caller, needed: Role): boolean =>
  caller.kind === 'source' || mayAct(caller.role, needed);
