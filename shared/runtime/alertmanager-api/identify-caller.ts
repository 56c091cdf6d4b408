import { identifyOperator, mayAct, type Operator, type Role } from '../api/operator.ts';
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

/**
 * Who calls: a source, by the credential with which it also sends alerts, or an operator. An operator's token may also be the password
 * of Basic with their name, because Alertmanager's clients take user and password in an address and nothing else there.
 */
export async function identifyCaller(
  deps: Pick<Deps, 'secrets'>,
  authorization: string | null,
): Promise<CallerIdentity> {
  const source = await identifySource(deps, authorization);
  if (source.outcome === 'undecided') return source;
  if (source.outcome === 'known') return { outcome: 'known', caller: { kind: 'source', name: source.source } };
  const basic = readBasic(authorization);
  const operator = await identifyOperator(deps, basic === null ? authorization : `Bearer ${basic.password}`);
  if (operator.outcome !== 'known') return operator;
  return isNamed(basic, operator.operator)
    ? { outcome: 'known', caller: { kind: 'operator', ...operator.operator } }
    : { outcome: 'unknown' };
}

const isNamed = (basic: { readonly user: string } | null, { name }: Operator): boolean =>
  basic === null || basic.user === name;

function readBasic(authorization: string | null): { readonly user: string; readonly password: string } | null {
  const [, encoded] = /^\s*basic\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { user: text.slice(0, Math.max(0, colon)), password: text.slice(colon + 1) };
}

/** A source is a tool of those who run Tocsin, and may what a responder may: amtool makes silences with its credential. */
export const mayCall = (caller: Caller, needed: Role): boolean =>
  caller.kind === 'source' || mayAct(caller.role, needed);
