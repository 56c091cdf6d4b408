import { operatorSource } from '../../config/defaults.ts';
import { mayAct } from '../api/operator.ts';
import { identifyOperatorInAddress } from '../api/operator-in-address.ts';
import type { Deps } from '../deps.ts';
import { type CallerIdentity, identifySource } from './identify-source.ts';

/**
 * Who posts alerts: a source with its credential, or an operator whose role may act. What operators post is a source of its
 * own, so that nobody ends another source's alerts by a slip; who means a source's alerts uses that source's credential.
 */
export async function identifyPoster(
  deps: Pick<Deps, 'secrets'>,
  authorization: string | null,
): Promise<CallerIdentity> {
  const caller = await identifySource(deps, authorization);
  if (caller.outcome !== 'unknown') return caller;
  const identity = await identifyOperatorInAddress(deps, authorization);
  if (identity.outcome === 'undecided') return identity;
  const mayPost = identity.outcome === 'known' && mayAct(identity.operator.role, 'responder');
  return mayPost ? { outcome: 'known', source: operatorSource } : { outcome: 'unknown' };
}
