import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface OwnAnswer {
  readonly status: 404 | 413 | 503;
  readonly title: string;
  readonly detail: string;
  /** Seconds; only where a repeat helps. */
  readonly retryAfterSeconds?: number;
}

/** Alertmanager sends a 5xx again and gives up on everything else, 429 and 403 included (PROTOCOLS 1.4). */
const tryAgain: OwnAnswer = {
  status: 503,
  title: 'Service unavailable',
  detail: 'The request could not be taken now. Nothing of it is lost if you send it again.',
  retryAfterSeconds: 1,
};

/** What API Gateway answers by itself: no load and no fault of ours may look final to a sender (DESIGN section 4). */
export const gatewayResponses: readonly { readonly type: string; readonly answer: OwnAnswer }[] = [
  { type: 'THROTTLED', answer: tryAgain },
  { type: 'QUOTA_EXCEEDED', answer: tryAgain },
  { type: 'INTEGRATION_FAILURE', answer: tryAgain },
  { type: 'INTEGRATION_TIMEOUT', answer: tryAgain },
  { type: 'API_CONFIGURATION_ERROR', answer: tryAgain },
  { type: 'DEFAULT_5XX', answer: tryAgain },
  {
    // API Gateway's name for a path or a method that it does not know.
    type: 'MISSING_AUTHENTICATION_TOKEN',
    answer: { status: 404, title: 'Not found', detail: 'There is nothing at this path, or not for this method.' },
  },
  {
    type: 'REQUEST_TOO_LARGE',
    answer: {
      status: 413,
      title: 'Request too large',
      detail:
        'The gateway takes 10 MB and the alert door 5 MB. Set max_alerts in the webhook receiver, or group by more labels.',
    },
  },
];

export function addGatewayResponses(api: RestApi): void {
  for (const { type, answer } of gatewayResponses) {
    const { status, title, detail, retryAfterSeconds } = answer;
    api.addGatewayResponse(type, {
      type: ResponseType.of(type),
      statusCode: String(status),
      // A value in single quotes is a constant.
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        'Cache-Control': "'no-store'",
        ...(retryAfterSeconds !== undefined && { 'Retry-After': `'${retryAfterSeconds}'` }),
      },
      // The key is the type that API Gateway falls back to, whatever the caller accepts; the header says what it is.
      templates: { 'application/json': JSON.stringify({ type: 'about:blank', title, status, detail }) },
    });
  }
}
