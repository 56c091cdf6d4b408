import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Blobs } from '../../runtime/ports.ts';
import { patientClient, withoutLog } from '../aws-client.ts';
import { toAdapterError } from '../aws-error.ts';

const service = 's3';

export interface BlobsOptions {
  readonly bucketName: string;
  readonly client?: S3Client;
}

/** 2 tries of 1 s to connect and 2 s to begin to answer: 6 s in the worst case, within the 10 s of receive-alerts. */
const makeClient = () =>
  withoutLog(new S3Client(patientClient({ attempts: 2, connectMillis: 1000, answerMillis: 2000 })));

/** Objects of one bucket. S3 tells an absent object from a forbidden one only to a role that may list the bucket. */
export function makeBlobs({ bucketName, client = makeClient() }: BlobsOptions): Blobs {
  return {
    async put(key, body, { contentType, cacheControl } = {}) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucketName,
            Key: key,
            Body: body,
            ...(contentType !== undefined && { ContentType: contentType }),
            ...(cacheControl !== undefined && { CacheControl: cacheControl }),
          }),
        );
      } catch (error) {
        throw toAdapterError(service, error);
      }
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
        return Body === undefined ? '' : await Body.transformToString('utf-8');
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw toAdapterError(service, error);
      }
    },
  };
}
