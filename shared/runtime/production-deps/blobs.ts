import { once, requireEnv } from '../env.ts';
import type { Blobs } from '../ports.ts';

/** The module is loaded with the first object: receive-alerts spills rarely, and must start fast. */
export const s3Blobs = (): Blobs => {
  const blobs = once(async () => {
    const { makeBlobs } = await import('../../adapters/s3/blobs.ts');
    return makeBlobs({ bucketName: requireEnv('BUCKET_NAME') });
  });
  return {
    put: async (key, body, options) => (await blobs()).put(key, body, options),
    get: async (key) => (await blobs()).get(key),
  };
};
