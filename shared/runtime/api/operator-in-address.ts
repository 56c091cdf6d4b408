import type { Deps } from '../deps.ts';
import { identifyOperator, type OperatorIdentity } from './operator.ts';

/**
 * The operator of a client of Alertmanager: by token, or by Basic with their name and the token as password, because such clients
 * take user and password in an address and nothing else there.
 */
export async function identifyOperatorInAddress(
  deps: Pick<Deps, 'secrets'>,
  authorization: string | null,
): Promise<OperatorIdentity> {
  const basic = readBasic(authorization);
  if (basic === null) return identifyOperator(deps, authorization);
  const identity = await identifyOperator(deps, `Bearer ${basic.password}`);
  return identity.outcome === 'known' && identity.operator.name !== basic.user ? { outcome: 'unknown' } : identity;
}

function readBasic(authorization: string | null): { readonly user: string; readonly password: string } | null {
  const [, encoded] = /^\s*basic\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { user: text.slice(0, Math.max(0, colon)), password: text.slice(colon + 1) };
}
