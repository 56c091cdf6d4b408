import { authenticateSource } from '../../adapters/alertmanager/authenticate.ts';
import { operatorSource, ownSource } from '../../config/defaults.ts';
import { namePattern } from '../../config/name.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Deps } from '../deps.ts';

export type CallerIdentity =
  | { readonly outcome: 'known'; readonly source: string }
  | { readonly outcome: 'unknown' }
  /** The secret could not be read: nobody can say whether the caller is known, so it must try again. */
  | { readonly outcome: 'undecided'; readonly error: AdapterError };

/**
 * Which source presents this Authorization header. A credential that is not known may be newer than our copy of the
 * secret, so it forces one fresh look before the refusal (the port bounds those looks to one per 10 s).
 */
export async function identifySource(
  deps: Pick<Deps, 'secrets'>,
  authorization: string | null,
): Promise<CallerIdentity> {
  try {
    const cached = authenticateSource(authorization, await deps.secrets.get('sources'));
    const source = cached ?? authenticateSource(authorization, await deps.secrets.get('sources', { fresh: true }));
    return source === null || !mayBeCalled(source) ? { outcome: 'unknown' } : { outcome: 'known', source };
  } catch (error) {
    if (error instanceof AdapterError) return { outcome: 'undecided', error };
    throw error;
  }
}

/**
 * The names of our own alerts and of those that operators post are nobody's, whatever the secret says; and a name that no policy file could hold would be
 * refused only later, by SNS or as too long a key, when its alerts had been accepted.
 */
const mayBeCalled = (source: string): boolean =>
  source !== ownSource && source !== operatorSource && namePattern.test(source);
