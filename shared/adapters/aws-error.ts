import { AdapterError, type AdapterErrorReason } from '../kernel/adapter-error.ts';

/** Error names of the AWS services that Tocsin calls, by what the caller can do (each service's API reference, "Errors"). */
const reasonByName: Readonly<Record<string, AdapterErrorReason>> = {
  TransactionConflictException: 'conflict',
  TransactionInProgressException: 'conflict',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  'AWS.SimpleQueueService.RequestThrottled': 'throttled',
  TooManyRequestsException: 'throttled',
  LimitExceededException: 'throttled',
  ExecutionLimitExceeded: 'throttled',
  KMSThrottlingException: 'throttled',
  OverLimit: 'throttled',
  SlowDown: 'throttled',
  InternalServerError: 'unavailable',
  InternalServiceError: 'unavailable',
  InternalFailure: 'unavailable',
  ServiceUnavailable: 'unavailable',
  // Credentials that could not be fetched or have run out are renewed by the runtime: the call was surely not made.
  CredentialsProviderError: 'unavailable',
  ExpiredToken: 'unavailable',
  ExpiredTokenException: 'unavailable',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  RequestTimeoutException: 'timeout',
  AbortError: 'timeout',
  AccessDenied: 'refused',
  AccessDeniedException: 'refused',
  AuthorizationError: 'refused',
  AuthorizationErrorException: 'refused',
  UnrecognizedClientException: 'refused',
  InvalidClientTokenId: 'refused',
  InvalidAccessKeyId: 'refused',
  InvalidSignatureException: 'refused',
  SignatureDoesNotMatch: 'refused',
  MissingAuthenticationToken: 'refused',
  OptInRequired: 'refused',
};

/** Node's connection errors. A connection that was never made carried nothing out; one that broke may have. */
const reasonByCode: Readonly<Record<string, AdapterErrorReason>> = {
  ECONNREFUSED: 'unavailable',
  ENOTFOUND: 'unavailable',
  EAI_AGAIN: 'unavailable',
  EHOSTUNREACH: 'unavailable',
  ENETUNREACH: 'unavailable',
  EADDRNOTAVAIL: 'unavailable',
  EMFILE: 'unavailable',
  ECONNRESET: 'timeout',
  ECONNABORTED: 'timeout',
  EPIPE: 'timeout',
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
};

/**
 * Sorts whatever an AWS SDK call threw into the closed reasons. The message holds the error's name and status; the service's own
 * words are added only for `invalid`, where they name our mistake (a signature error would repeat a session token).
 */
export function toAdapterError(service: string, error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  const { name, status, code, message } = describe(error);
  const reason =
    reasonByName[name] ?? reasonByStatus(status) ?? (code === null ? 'invalid' : reasonByCode[code]) ?? 'unavailable';
  const facts = [name, code, status === null ? null : `HTTP ${status}`].filter((fact) => fact !== null).join(' ');
  return new AdapterError(service, reason, reason === 'invalid' ? `${facts}: ${message}` : facts, { cause: error });
}

function reasonByStatus(status: number | null): AdapterErrorReason | null {
  if (status === null) return null;
  if (status >= 500) return 'unavailable';
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'refused';
  return status >= 400 ? 'invalid' : null;
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { name: 'unknown', status: null, code: null, message: 'not an Error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { name: error.name, status: statusOf(error), code, message: error.message };
}

function statusOf(error: Error): number | null {
  const metadata = '$metadata' in error ? error.$metadata : null;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return null;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null;
}
