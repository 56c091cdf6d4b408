import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ingestMessage } from '#shared/runtime/ingest/ingest-message.ts';
import { pageUnprocessed } from '#shared/runtime/ingest/page-unprocessed.ts';
import type { IngestDeps } from '#shared/runtime/ingest/save-unit.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import type { IngestMessage } from '#shared/runtime/messages.ts';
import { s3Blobs } from '#shared/runtime/production-deps/blobs.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import { isFifo } from '#shared/runtime/queue-settings.ts';
import { handleBatch } from '#shared/runtime/sqs-batch.ts';

/** From the ingest queue, in order per message group, and from that of releases: load, judge, decide, save. What cannot ever succeed pages the fallback. */
export const makeHandler =
  (deps: IngestDeps) =>
  (event: SQSEvent): Promise<SQSBatchResponse> =>
    handleBatch<IngestMessage>(
      event.Records,
      { fifo: isFifo(event.Records), onDeadLetter: (record, reason) => pageUnprocessed(deps, record.body, reason) },
      deps,
      (message) => ingestMessage(deps, message),
    );

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues, blobs: s3Blobs });
