import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { SecretName, Secrets } from '../../runtime/ports.ts';
import { patientClient, withoutLog } from '../aws-client.ts';
import { toAdapterError } from '../aws-error.ts';

const service = 'secrets-manager';
/** A caller with an unknown credential cannot make us ask the service more often than this. */
const freshAtMostEveryMillis = 10_000;
/** A rotated secret is in use after this at the latest, also where nobody asks for a fresh one. */
const keepMillis = 300_000;

export interface SecretsOptions {
  readonly idOf: (name: SecretName) => string;
  readonly nowMillis: () => number;
  readonly client?: Pick<SecretsManagerClient, 'send'>;
}

/** 2 tries of 0.5 s to connect and 1 s to answer: 3 s, which with SQS's 6 s stays within the 10 s of receive-alerts. */
const makeClient = () =>
  withoutLog(new SecretsManagerClient(patientClient({ attempts: 2, connectMillis: 500, answerMillis: 1000 })));

type Secret = Readonly<Record<string, unknown>>;

interface Held {
  readonly value: Secret | null;
  readonly readAtMillis: number;
  /** The last look and how it ended: answered again to whoever asks for a fresh one within 10 s. */
  readonly askedAtMillis: number;
  readonly error: AdapterError | null;
}

/**
 * Secrets with a cache. A value that was read once is kept in use while the service cannot be read, so that alerts are still taken; but
 * who asks for a fresh one gets the error, because "not known" may only be said of what was really looked up.
 */
export function makeSecrets({ idOf, nowMillis, client = makeClient() }: SecretsOptions): Secrets {
  const held = new Map<SecretName, Held>();
  const asking = new Map<SecretName, Promise<Held>>();

  async function ask(name: SecretName, before: Held | undefined): Promise<Held> {
    const askedAtMillis = nowMillis();
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: idOf(name) }));
      return { value: parseSecret(name, SecretString), readAtMillis: askedAtMillis, askedAtMillis, error: null };
    } catch (error) {
      const { value = null, readAtMillis = askedAtMillis } = before ?? {};
      return { value, readAtMillis, askedAtMillis, error: toAdapterError(service, error) };
    }
  }

  /** Concurrent looks at one secret share one call. */
  function look(name: SecretName): Promise<Held> {
    const running = asking.get(name);
    if (running !== undefined) return running;
    const started = ask(name, held.get(name))
      .then((found) => {
        held.set(name, found);
        return found;
      })
      .finally(() => asking.delete(name));
    asking.set(name, started);
    return started;
  }

  function isDue({ value, readAtMillis, askedAtMillis }: Held, fresh: boolean): boolean {
    if (value === null) return true;
    const isWanted = fresh || nowMillis() - readAtMillis >= keepMillis;
    return isWanted && nowMillis() - askedAtMillis >= freshAtMostEveryMillis;
  }

  return {
    async get(name, { fresh = false } = {}) {
      const known = held.get(name);
      const found = known === undefined || isDue(known, fresh) ? await look(name) : known;
      if (found.error !== null && (fresh || found.value === null)) throw found.error;
      if (found.value === null) throw new AdapterError(service, 'unavailable', `the secret ${name} was not read`);
      return found.value;
    },
  };
}

/** The text never reaches an error: JSON.parse would quote it. */
function parseSecret(name: SecretName, text: string | undefined): Secret {
  const value = parseObject(text ?? '');
  if (value === null) throw new AdapterError(service, 'invalid', `the secret ${name} is not a JSON object`);
  return value;
}

function parseObject(text: string): Secret | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
