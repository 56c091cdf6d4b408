import type { APIGatewayProxyEvent } from 'aws-lambda';

/** What API Gateway hands to a door (PROTOCOLS 8.1): names in the caller's case, bodies base64 by their flag. */

/** Header names reach us as the caller wrote them, so they are compared without case. Null when absent. */
export function headerOf(event: Pick<APIGatewayProxyEvent, 'headers'>, name: string): string | null {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(event.headers ?? {})) {
    if (key.toLowerCase() === wanted && value !== undefined) return value;
  }
  return null;
}

/** The body's bytes as they were sent: what a signature or a size limit is about. */
export const bodyBytes = (event: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>): Buffer =>
  Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
