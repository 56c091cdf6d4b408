/** How long and how often a client of AWS tries. The SDK's own defaults wait for ever, so every client states these. */
export interface ClientPatience {
  readonly attempts: number;
  readonly connectMillis: number;
  readonly answerMillis: number;
}

/** Settings for a client's constructor. The request timeout only warns unless it is told to throw. */
export const patientClient = (patience: ClientPatience) => ({
  maxAttempts: patience.attempts,
  requestHandler: {
    connectionTimeout: patience.connectMillis,
    requestTimeout: patience.answerMillis,
    throwOnRequestTimeout: true,
  },
});

interface Client {
  readonly middlewareStack: { remove(name: string): boolean };
}

/**
 * The same client without the SDK's own log, which copies every input and output for a logger that nobody gave it: a tenth
 * of what a call costs. No body may reach a log anyway.
 */
export function withoutLog<T extends Client>(client: T): T {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
