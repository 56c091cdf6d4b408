import type { RequestListener } from 'node:http';
import { extname } from 'node:path/posix';
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { statusHeaders } from '#shared/status-page/status-headers.ts';
import { sendProblem } from './answers.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.atom': 'application/atom+xml; charset=utf-8',
  '.rss': 'application/rss+xml; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves the status page's files out of the bucket, as the deployed site does: `/status/` is `status/index.html`. */
export function statusSite(s3: S3Client, bucket: string): RequestListener {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendProblem(response, 405, 'The status page can only be read.');
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/status') {
      response.writeHead(301, { ...statusHeaders, location: '/status/' });
      return void response.end();
    }
    const key = pathname.endsWith('/') ? `${pathname.slice(1)}index.html` : pathname.slice(1);
    const file = await readObject(s3, bucket, key);
    if (file === null) return sendProblem(response, 404, `The status page has no ${pathname} (yet).`);
    response.writeHead(200, {
      ...statusHeaders,
      'content-type': file.contentType ?? contentTypes[extname(key)] ?? 'application/octet-stream',
      'cache-control': file.cacheControl ?? 'no-cache',
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  };
}

async function readObject(s3: S3Client, bucket: string, key: string) {
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const body = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
    return { body, contentType: object.ContentType, cacheControl: object.CacheControl };
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
}
