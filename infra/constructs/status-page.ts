import { AwsIntegration, type MethodOptions, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { statusHeaders } from '#shared/status-page/status-headers.ts';
import type { DataStack } from '../data-stack.ts';
import { acknowledgeWildcard, wildcardStatement } from '../wildcards.ts';
import { grantPublishStatus } from './blobs.ts';
import type { Gateway } from './gateway.ts';
import type { Lanes } from './lanes.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';

export interface StatusPageProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly gateway: Gateway;
  readonly lanes: Lanes;
}

const header = (name: string): string => `method.response.header.${name}`;

/** Headers of every answer: a constant stands in single quotes, which may hold others (`'default-src 'none''`). */
const safeHeaders = Object.fromEntries(
  Object.entries(statusHeaders).map(([name, value]) => [header(name), `'${value}'`]),
);
const copiedHeaders = Object.fromEntries(
  ['content-type', 'cache-control', 'etag', 'last-modified'].map((name) => [
    header(name),
    `integration.response.header.${name}`,
  ]),
);

const problem = (status: 404 | 503, title: string, detail: string) => {
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  return {
    statusCode: String(status),
    // S3 explains itself in XML; what is for nobody to read is replaced.
    responseTemplates: { 'application/xml': body, 'application/json': body },
    responseParameters: { ...safeHeaders, [header('content-type')]: "'application/problem+json'" },
  };
};

const integrationResponses = [
  { statusCode: '200', responseParameters: { ...safeHeaders, ...copiedHeaders } },
  // The role may not list the bucket, so S3 calls an absent file forbidden: both are 404 for the public.
  { ...problem(404, 'Not found', 'The status page has no such file (yet).'), selectionPattern: '4\\d{2}' },
  {
    ...problem(503, 'Service unavailable', 'The status page cannot be read now: try again.'),
    selectionPattern: '5\\d{2}',
  },
];

const allowedHeaders = (parameters: Readonly<Record<string, string>>): Record<string, boolean> =>
  Object.fromEntries(Object.keys(parameters).map((name) => [name, true]));

/** Stage 7: static files in the bucket, written by publish-status and read by the public through the gateway. */
export class StatusPage extends Construct {
  constructor(scope: Construct, id: string, { foundation, data, gateway, lanes }: StatusPageProps) {
    super(scope, id);
    const fn = new ServiceFunction(this, 'Publish', {
      foundation,
      name: 'publish-status',
      environment: { PUBLIC_URL: gateway.publicUrl },
    });
    lanes.queue('status-updates').feed(fn, { sends: true });
    lanes.grantSend(fn, ['sns-pages']);
    // A page dead-lettered in a lane goes to the fallback by one more condition, whichever lane it was.
    data.table.grant(fn, ['get', 'query', 'put', 'check']);
    grantPublishStatus(data, fn);

    const reader = new Role(this, 'Reader', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'The public may read the status page.',
    });
    const files = `${data.bucketArn}/status/*`;
    reader.addToPolicy(wildcardStatement('statusRead', files));
    acknowledgeWildcard(reader, 'statusRead', files);
    const serve = (method: 'GET' | 'HEAD', file: string, hasParameter: boolean) =>
      new AwsIntegration({
        service: 's3',
        integrationHttpMethod: method,
        path: `${data.bucket.bucketName}/status/${file}`,
        options: {
          credentialsRole: reader,
          passthroughBehavior: PassthroughBehavior.WHEN_NO_MATCH,
          integrationResponses,
          ...(hasParameter && {
            requestParameters: { 'integration.request.path.file': 'method.request.path.file' },
          }),
        },
      });
    const methodResponses = integrationResponses.map(({ statusCode, responseParameters }) => ({
      statusCode,
      responseParameters: allowedHeaders(responseParameters),
    }));
    const page = gateway.api.root.resourceForPath('/status');
    const anyFile = page.addResource('{file+}');
    for (const method of ['GET', 'HEAD'] as const) {
      // API Gateway takes `/status/` for `/status`.
      page.addMethod(method, serve(method, 'index.html', false), { methodResponses });
      const options: MethodOptions = { methodResponses, requestParameters: { 'method.request.path.file': true } };
      anyFile.addMethod(method, serve(method, '{file}', true), options);
    }
  }
}
