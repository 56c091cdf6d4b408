import { makeSecrets } from '../../adapters/secrets/secrets.ts';
import { once, requireEnv } from '../env.ts';
import type { SecretName, Secrets } from '../ports.ts';

/** The environment variable that holds a secret's id: `SECRET_ID_SLACK`. */
export const secretIdVariable = (name: SecretName): string => `SECRET_ID_${name.toUpperCase()}`;

/** One cache in a process, whichever ports read from it. */
export const awsSecrets: () => Secrets = once(() =>
  makeSecrets({ idOf: (name) => requireEnv(secretIdVariable(name)), nowMillis: Date.now }),
);
