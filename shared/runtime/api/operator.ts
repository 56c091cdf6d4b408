import { createHash, timingSafeEqual } from 'node:crypto';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Deps } from '../deps.ts';

/** Each may do what the ones before it may: a viewer reads, a responder acts, an admin does everything. */
const roles = ['viewer', 'responder', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Operator {
  readonly name: string;
  readonly role: Role;
}

export type OperatorIdentity =
  | { readonly outcome: 'known'; readonly operator: Operator }
  | { readonly outcome: 'unknown' }
  /** The secret could not be read: nobody can say whether the caller is known, so it must try again. */
  | { readonly outcome: 'undecided'; readonly error: AdapterError };

export const mayAct = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/**
 * Which operator presents this Authorization header. A token that is not known may be newer than our copy of the secret,
 * so it forces one fresh look before the refusal (the port bounds those looks to one per 10 s).
 */
export async function identifyOperator(
  deps: Pick<Deps, 'secrets'>,
  authorization: string | null,
): Promise<OperatorIdentity> {
  return findOperator(deps, (operators) => authenticateOperator(authorization, operators));
}

/** The operator whom `find` knows among those of the secret, or of its newest version. */
export async function findOperator(
  deps: Pick<Deps, 'secrets'>,
  find: (operators: Readonly<Record<string, unknown>>) => Operator | null,
): Promise<OperatorIdentity> {
  try {
    const operator =
      find(await deps.secrets.get('operators')) ?? find(await deps.secrets.get('operators', { fresh: true }));
    return operator === null ? { outcome: 'unknown' } : { outcome: 'known', operator };
  } catch (error) {
    if (error instanceof AdapterError) return { outcome: 'undecided', error };
    throw error;
  }
}

/**
 * Every token of every operator is compared, each in constant time over SHA-256 digests, so that neither length nor
 * position nor a near miss shows in the time taken.
 * @param operators the secret `operators`: name to `{token, role}`; an entry that is not of this shape lets nobody in
 */
export function authenticateOperator(
  authorization: string | null,
  operators: Readonly<Record<string, unknown>>,
): Operator | null {
  const presented = digest(bearerToken(authorization));
  return findInConstantTime(operators, ({ token }) => timingSafeEqual(presented, digest(token)));
}

interface OperatorEntry {
  readonly name: string;
  readonly token: string;
}

/** Asks of every operator, also behind the one that was meant. */
export function findInConstantTime(
  operators: Readonly<Record<string, unknown>>,
  isMeant: (entry: OperatorEntry) => boolean,
): Operator | null {
  let found: Operator | null = null;
  for (const [name, entry] of Object.entries(operators)) {
    const { token, role } = isRecord(entry) ? entry : {};
    if (typeof token !== 'string' || token === '') continue;
    const known = roles.find((each) => each === role);
    if (isMeant({ name, token }) && known !== undefined) found = { name, role: known };
  }
  return found;
}

/** The scheme's case is free (RFC 9110). Empty when there is no token, which no operator has. */
export function bearerToken(authorization: string | null): string {
  const [, token = ''] = /^\s*bearer\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  return token;
}

export const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
