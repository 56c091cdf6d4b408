import { describe, expect, it } from 'vitest';
import { networkOutcome } from '#shared/adapters/network-outcome.ts';

const withCode = (code: unknown, message = 'made-up-secret in a message') =>
  Object.assign(new Error(message), { code });
const named = (name: string) => Object.assign(new Error('late'), { name });

describe('an outcome without an answer', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'])(
    'surely was not sent after %s',
    (code) => {
      expect(networkOutcome(withCode(code))).toEqual({ outcome: 'failed', reason: code });
    },
  );

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'ERR_NEVER_SEEN'])(
    'may have been carried out after %s',
    (code) => {
      expect(networkOutcome(withCode(code))).toEqual({ outcome: 'unknown', reason: code });
    },
  );

  it('finds the code behind what fetch wraps around it', () => {
    const wrapped = new Error('outer', { cause: new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }) });
    expect(networkOutcome(wrapped)).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
  });

  it('finds the code of several addresses that were tried at once', () => {
    const several = new TypeError('fetch failed', {
      cause: new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]),
    });
    expect(networkOutcome(several)).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
  });

  it.each(['TimeoutError', 'AbortError'])('is out of time after a %s', (name) => {
    expect(networkOutcome(new Error('x', { cause: named(name) }))).toEqual({
      outcome: 'unknown',
      reason: 'no answer in time',
    });
  });

  it.each([new Error('made-up-secret'), withCode('made-up-secret'), withCode(7), null, undefined, 'made-up-secret'])(
    'never repeats free text (%#)',
    (error) => {
      expect(networkOutcome(error)).toEqual({ outcome: 'unknown', reason: 'no readable answer' });
    },
  );
});
