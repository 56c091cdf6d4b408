import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { commitPrefix } from '#shared/store/keys.ts';
import { region } from '../engines/queues.ts';

/** The event source's filter, the same as infra/ gives Lambda: inserts of commits. */
export const isCommitInsert = (record: StreamRecord): boolean =>
  record.eventName === 'INSERT' && record.dynamodb?.Keys?.sk?.S?.startsWith(commitPrefix) === true;

/** Stream records as Lambda hands them to a function. */
export const toStreamEvent = (records: readonly StreamRecord[], streamArn: string): DynamoDBStreamEvent => ({
  Records: records.map((record) => toRecord(record, streamArn)),
});

type Image = NonNullable<StreamRecord['dynamodb']>['NewImage'];
/** The SDK's attribute values are Lambda's, but for binary ones, which this table has none of. */
const toImage = (image: Image) => image as unknown as Record<string, AttributeValue>;

function toRecord(record: StreamRecord, streamArn: string): DynamoDBRecord {
  const { Keys, NewImage, SequenceNumber, SizeBytes, ApproximateCreationDateTime } = record.dynamodb ?? {};
  return {
    ...(record.eventID && { eventID: record.eventID }),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    eventSourceARN: streamArn,
    awsRegion: region,
    dynamodb: {
      ...(Keys && { Keys: toImage(Keys) }),
      ...(NewImage && { NewImage: toImage(NewImage) }),
      ...(SequenceNumber && { SequenceNumber }),
      ...(SizeBytes !== undefined && { SizeBytes }),
      ...(ApproximateCreationDateTime && {
        ApproximateCreationDateTime: Math.floor(ApproximateCreationDateTime.getTime() / 1000),
      }),
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

/** Position in `records` of the first that failed, by Lambda's rule: the lowest one named; all for a malformed answer. */
export function firstFailure(records: readonly StreamRecord[], answer: unknown): number | null {
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return null;
  const failures = answer.batchItemFailures;
  if (failures === null || failures === undefined) return null;
  if (!Array.isArray(failures)) return 0;
  const positions = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    records.findIndex((record) => record.dynamodb?.SequenceNumber === failure?.itemIdentifier),
  );
  return positions.length === 0 ? null : Math.max(0, Math.min(...positions));
}
