import type { DataStack } from '../data-stack.ts';
import type { ServiceFunction } from './service-function.ts';

/** What functions do with the bucket (shared/runtime/ports.ts, Blobs). */

/** An alert group too large for the queue is put under `spill/`. */
export function grantSpill({ bucket, bucketArn }: Pick<DataStack, 'bucket' | 'bucketArn'>, fn: ServiceFunction): void {
  fn.setVariable('BUCKET_NAME', bucket.bucketName);
  fn.allowWildcard('spillWrite', `${bucketArn}/spill/*`);
}

/** And read back. Only to a role that may list the bucket does S3 say that an object is absent instead of forbidden. */
export function grantReadSpilled(
  { bucket, bucketArn }: Pick<DataStack, 'bucket' | 'bucketArn'>,
  fn: ServiceFunction,
): void {
  fn.setVariable('BUCKET_NAME', bucket.bucketName);
  fn.allowWildcard('spillRead', `${bucketArn}/spill/*`);
  fn.allow(['s3:ListBucket'], [bucketArn]);
}

export function grantPublishStatus(
  { bucket, bucketArn }: Pick<DataStack, 'bucket' | 'bucketArn'>,
  fn: ServiceFunction,
): void {
  fn.setVariable('BUCKET_NAME', bucket.bucketName);
  fn.allowWildcard('statusWrite', `${bucketArn}/status/*`);
}
