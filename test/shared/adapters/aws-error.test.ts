import { describe, expect, it } from 'vitest';
import { toAdapterError } from '#shared/adapters/aws-error.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';

const secret = 'x-amz-security-token:AAAA';

function sdkError(name: string, httpStatusCode: number): Error {
  const error = Object.assign(new Error(`words of the service ${secret}`), { $metadata: { httpStatusCode } });
  error.name = name;
  return error;
}

const nodeError = (code: string) => Object.assign(new Error(`connect ${code} ${secret}`), { code });

function named(name: string): Error {
  const error = new Error(secret);
  error.name = name;
  return error;
}

const cases: readonly (readonly [string, Error, AdapterError['reason']])[] = [
  ['throttling by DynamoDB', sdkError('ThrottlingException', 400), 'throttled'],
  ['throughput exceeded', sdkError('ProvisionedThroughputExceededException', 400), 'throttled'],
  ['the account limit', sdkError('RequestLimitExceeded', 400), 'throttled'],
  ['throttling by SQS', sdkError('RequestThrottled', 403), 'throttled'],
  ['throttling by S3', sdkError('SlowDown', 503), 'throttled'],
  ['any 429', sdkError('Whatever', 429), 'throttled'],
  ['a transaction on the same item', sdkError('TransactionConflictException', 400), 'conflict'],
  ['the same transaction still running', sdkError('TransactionInProgressException', 400), 'conflict'],
  ['an error inside DynamoDB', sdkError('InternalServerError', 500), 'unavailable'],
  ['any 5xx', sdkError('Whatever', 502), 'unavailable'],
  ['no listener', nodeError('ECONNREFUSED'), 'unavailable'],
  ['no such host', nodeError('ENOTFOUND'), 'unavailable'],
  ['credentials that could not be fetched', named('CredentialsProviderError'), 'unavailable'],
  ['credentials that ran out', sdkError('ExpiredTokenException', 400), 'unavailable'],
  ['a certificate that is not trusted', nodeError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'unavailable'],
  ['a connection that broke', nodeError('ECONNRESET'), 'timeout'],
  ['a socket that closed', nodeError('EPIPE'), 'timeout'],
  ['no answer in time', named('TimeoutError'), 'timeout'],
  ['an aborted call', named('AbortError'), 'timeout'],
  ['no permission', sdkError('AccessDeniedException', 400), 'refused'],
  ['no permission in S3', sdkError('AccessDenied', 403), 'refused'],
  ['a bad signature', sdkError('SignatureDoesNotMatch', 403), 'refused'],
  ['any 403', sdkError('Whatever', 403), 'refused'],
];

describe('an error of AWS', () => {
  it.for(cases)('%s is told by its reason, name and status, and by none of its words', ([, error, reason]) => {
    const adapterError = toAdapterError('svc', error);
    expect(adapterError).toBeInstanceOf(AdapterError);
    expect({ reason: adapterError.reason, cause: adapterError.cause }).toEqual({ reason, cause: error });
    expect(adapterError.retryable).toBe(reason !== 'refused');
    expect(adapterError.message).not.toContain(secret);
  });

  it('names our mistake in the words of the service when the request was invalid', () => {
    const error = sdkError('ValidationException', 400);
    error.message = 'Type mismatch for Index Key dueAt';
    expect(toAdapterError('dynamodb', error)).toMatchObject({
      reason: 'invalid',
      retryable: false,
      message: 'dynamodb: ValidationException HTTP 400: Type mismatch for Index Key dueAt',
    });
    expect(toAdapterError('dynamodb', new TypeError('not an item')).reason).toBe('invalid');
  });

  it('is told as invalid when it is no Error at all, and is left alone when it has its reason already', () => {
    expect(toAdapterError('svc', 'thrown text').reason).toBe('invalid');
    const known = new AdapterError('other', 'conflict', 'x');
    expect(toAdapterError('svc', known)).toBe(known);
  });

  it('tells the status and code', () => {
    expect(toAdapterError('sqs', sdkError('RequestThrottled', 403)).message).toBe('sqs: RequestThrottled HTTP 403');
    expect(toAdapterError('sqs', nodeError('ECONNRESET')).message).toBe('sqs: Error ECONNRESET');
  });
});
