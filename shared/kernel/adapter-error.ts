/** Why a call to the outside failed. Closed, because it is also a metric dimension. */
export type AdapterErrorReason =
  | 'conflict' // another transaction touched the same item at the same time: try again
  | 'throttled' // the service asks for less: try again later
  | 'unavailable' // 5xx or no connection: the call was surely not carried out, or is safe to repeat
  | 'timeout' // no answer in time: carried out or not, nobody knows
  | 'refused' // credentials or permission
  | 'invalid'; // the request can never succeed as it is

/** The one error that adapters throw. Never holds a secret: adapters put only ids and statuses into the message. */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  readonly service: string;
  readonly reason: AdapterErrorReason;
  readonly retryable: boolean;
  constructor(service: string, reason: AdapterErrorReason, message: string, options?: { cause?: unknown }) {
    super(`${service}: ${message}`, options);
    this.service = service;
    this.reason = reason;
    this.retryable = reason !== 'invalid' && reason !== 'refused';
  }
}

/** True for what passes by itself (throttle, conflict, 5xx, network): such a message is never dead-lettered. */
export const isTransient = (error: unknown): boolean => error instanceof AdapterError && error.retryable;
