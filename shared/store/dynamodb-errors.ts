import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { toAdapterError } from '../adapters/aws-error.ts';
import { AdapterError, type AdapterErrorReason } from '../kernel/adapter-error.ts';
import { itemFromWire } from './attribute-values.ts';
import { ConditionFailed } from './table.ts';

export const service = 'dynamodb';

/** Codes of a cancelled transaction (API reference, TransactWriteItems, "TransactionCanceledException"). */
const reasonByCode: Readonly<Record<string, AdapterErrorReason>> = {
  TransactionConflict: 'conflict',
  ProvisionedThroughputExceeded: 'throttled',
  ThrottlingError: 'throttled',
  ItemCollectionSizeLimitExceeded: 'invalid',
  ValidationError: 'invalid',
};

/** What a failed write means: ConditionFailed when somebody else decided first, else an AdapterError. */
export function writeError(error: unknown): ConditionFailed | AdapterError {
  if (error instanceof ConditionalCheckFailedException) {
    return new ConditionFailed([{ index: 0, item: error.Item === undefined ? null : itemFromWire(error.Item) }]);
  }
  return error instanceof TransactionCanceledException ? cancelled(error) : toAdapterError(service, error);
}

/** A failed condition is final whatever else went wrong; then the first reason in the order of the writes counts. */
function cancelled(error: TransactionCanceledException): ConditionFailed | AdapterError {
  const reasons = error.CancellationReasons ?? [];
  const failures = reasons.flatMap((reason, index) =>
    reason.Code === 'ConditionalCheckFailed'
      ? [{ index, item: reason.Item === undefined ? null : itemFromWire(reason.Item) }]
      : [],
  );
  if (failures.length > 0) return new ConditionFailed(failures);
  const index = reasons.findIndex((reason) => reason.Code !== undefined && reason.Code !== 'None');
  return transactionError(reasons[index], index, error);
}

function transactionError(reason: CancellationReason | undefined, index: number, cause: Error): AdapterError {
  const code = reason?.Code ?? 'no reason given';
  const kind = reasonByCode[code] ?? 'unavailable';
  const words = kind === 'invalid' ? `: ${reason?.Message ?? ''}` : '';
  return new AdapterError(service, kind, `transaction cancelled at write ${index}, ${code}${words}`, { cause });
}
