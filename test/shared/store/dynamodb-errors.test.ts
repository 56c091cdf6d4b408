import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { writeError } from '#shared/store/dynamodb-errors.ts';
import { ConditionFailed } from '#shared/store/table.ts';

const wireItem = { pk: { S: 'P' }, sk: { S: 'a' }, version: { N: '7' } };
const item = { pk: 'P', sk: 'a', version: 7 };

const cancelled = (...codes: readonly (string | { Code: string; Item?: typeof wireItem; Message?: string })[]) =>
  writeError(
    new TransactionCanceledException({
      $metadata: { httpStatusCode: 400 },
      message: 'Transaction cancelled',
      CancellationReasons: codes.map((code) => (typeof code === 'string' ? { Code: code } : code)),
    }),
  );

describe('a write that DynamoDB refused', () => {
  it('failed its condition: with the item found, or none', () => {
    const refused = (Item?: typeof wireItem) =>
      writeError(
        new ConditionalCheckFailedException({ $metadata: {}, message: 'failed', ...(Item !== undefined && { Item }) }),
      );
    expect(refused(wireItem)).toEqual(new ConditionFailed([{ index: 0, item }]));
    expect(refused()).toEqual(new ConditionFailed([{ index: 0, item: null }]));
  });

  it('failed conditions in a transaction: all of them, and they outweigh a conflict', () => {
    const failed = { Code: 'ConditionalCheckFailed', Item: wireItem };
    expect(cancelled('None', failed, 'TransactionConflict', 'ConditionalCheckFailed')).toEqual(
      new ConditionFailed([
        { index: 1, item },
        { index: 3, item: null },
      ]),
    );
  });

  it.for([
    ['TransactionConflict', 'conflict', true],
    ['ThrottlingError', 'throttled', true],
    ['ProvisionedThroughputExceeded', 'throttled', true],
    ['ValidationError', 'invalid', false],
    ['ItemCollectionSizeLimitExceeded', 'invalid', false],
    ['SomethingNew', 'unavailable', true],
  ] as const)('was cancelled for %s, which is %s', ([code, reason, retryable]) => {
    const error = cancelled('None', 'None', code);
    expect(error).toMatchObject({ name: 'AdapterError', service: 'dynamodb', reason, retryable });
    expect(error.message).toContain(`write 2, ${code}`);
  });

  it('tells the words of DynamoDB only where they name our mistake', () => {
    expect(cancelled({ Code: 'ValidationError', Message: 'Type mismatch' }).message).toBe(
      'dynamodb: transaction cancelled at write 0, ValidationError: Type mismatch',
    );
    expect(cancelled({ Code: 'TransactionConflict', Message: 'secret' }).message).not.toContain('secret');
  });
});
