import type { Logger } from '@aws-lambda-powertools/logger';
import { AdapterError } from '../kernel/adapter-error.ts';
import type { Log, LogFields } from './observe.ts';

/**
 * `Log` over Powertools. What must not be logged (secrets, bodies, headers) is never handed in: nothing is redacted by guessing here.
 * An error among the fields is cut to name, reason and message: a stack or a nested request could carry more.
 */
export function makeLog(logger: Pick<Logger, 'info' | 'warn' | 'error'>): Log {
  return {
    info: (message, fields) => logger.info(message, plainFields(fields)),
    warn: (message, fields) => logger.warn(message, plainFields(fields)),
    error: (message, fields) => logger.error(message, plainFields(fields)),
  };
}

const plainFields = (fields: LogFields = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? describeError(value) : value]),
  );

/** What a log line and a dead-letter reason may say of an error. */
export function describeError(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { name: 'unknown', message: 'something that is no Error was thrown' };
  const reason = error instanceof AdapterError ? { reason: error.reason } : {};
  return { name: error.name, ...reason, message: error.message };
}
