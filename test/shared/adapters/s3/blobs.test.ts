import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBlobs } from '#shared/adapters/s3/blobs.ts';
import { startLocalAws } from '#test/support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
let client: S3Client;

beforeAll(async () => {
  aws = await startLocalAws();
  client = new S3Client(aws.settings);
  aws.server.createBucket('bucket');
});
afterAll(async () => {
  client.destroy();
  await aws.server.stop();
});

describe('blobs in S3', () => {
  it('gives back what was put, with its headers, and null for what is not there', async () => {
    const blobs = makeBlobs({ bucketName: 'bucket', client });
    const body = `é\u{1F600}${'x'.repeat(2_000_000)}`;
    await blobs.put('spill/a b', body);
    await blobs.put('status/index.html', '<p>', { contentType: 'text/html', cacheControl: 'max-age=60' });
    expect(await blobs.get('spill/a b')).toBe(body);
    expect(await blobs.get('spill/none')).toBeNull();
    const head = await client.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'status/index.html' }));
    expect([head.ContentType, head.CacheControl]).toEqual(['text/html', 'max-age=60']);
  });

  it('answers other failures as AdapterErrors, never as absence', async () => {
    const blobs = makeBlobs({ bucketName: 'no-such-bucket', client });
    const refusal = { name: 'AdapterError', service: 's3', reason: 'invalid' };
    await expect(blobs.get('a')).rejects.toMatchObject(refusal);
    await expect(blobs.put('a', 'b')).rejects.toMatchObject(refusal);
  });
});
