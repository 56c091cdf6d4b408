import { type FauxqsServer, startFauxqs } from 'fauxqs';

/** SQS, SNS and S3 in this process, in memory. Whoever starts it stops it. */
export async function startLocalAws() {
  const server: FauxqsServer = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  return {
    server,
    /** For the constructors of clients. */
    settings: {
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
  };
}
