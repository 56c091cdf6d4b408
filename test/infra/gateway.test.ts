import { beforeAll, describe, expect, it } from 'vitest';
import { webhookLimitBytes } from '#shared/runtime/receive/read-webhook.ts';
import { doors } from '#shared/runtime/wiring.ts';
import { statusHeaders } from '#shared/status-page/status-headers.ts';
import { render } from './support/policies.ts';
import { at, listAt, type Resource, type Synthesized, synthesize, textAt } from './support/synthesize.ts';

let prod: Synthesized;
beforeAll(async () => {
  prod = await synthesize('prod');
});

/** Path of a resource of the API, from its parents. */
function pathOf(id: string): string {
  const resource = Object.fromEntries(prod.service.all('AWS::ApiGateway::Resource'))[id];
  if (resource === undefined) return '';
  return `${pathOf(textAt(resource.Properties, 'ParentId', 'Ref'))}/${textAt(resource.Properties, 'PathPart')}`;
}
const methods = () =>
  prod.service.all('AWS::ApiGateway::Method').map(([, method]) => ({
    door: `${textAt(method.Properties, 'HttpMethod')} ${pathOf(textAt(method.Properties, 'ResourceId', 'Ref'))}`,
    method,
  }));
const functionOf = ({ Properties }: Resource): string => {
  const id = /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(JSON.stringify(at(Properties, 'Integration', 'Uri')))?.[1] ?? '';
  const found = prod.service.all('AWS::Lambda::Function').find(([each]) => each === id);
  return textAt(found?.[1].Properties, 'FunctionName');
};

describe('the doors', () => {
  it('are those of the wiring, each before its function', () => {
    const opened = methods()
      .filter(({ door }) => !door.includes(' /status'))
      .map(({ door, method }) => `${door} ${functionOf(method)}`);
    expect(opened.sort()).toEqual(
      doors.map(({ method, path, function: name }) => `${method} ${path} tocsin-prod-${name}`).sort(),
    );
  });

  it('hand the request over as it is: proxy events, text as text, nobody asked for an AWS identity', () => {
    for (const { door, method } of methods().filter((each) => !each.door.includes(' /status'))) {
      expect([door, at(method.Properties, 'Integration', 'Type')]).toEqual([door, 'AWS_PROXY']);
      expect([door, at(method.Properties, 'AuthorizationType')]).toEqual([door, 'NONE']);
    }
    const [, api] = prod.service.all('AWS::ApiGateway::RestApi')[0] ?? [];
    expect(at(api?.Properties, 'BinaryMediaTypes')).toBeUndefined();
  });

  it('may call each of their functions, and only from this API', () => {
    const behindDoors = new Set(doors.map((door) => `tocsin-prod-${door.function}`));
    const called = prod.service
      .all('AWS::Lambda::Permission')
      .filter(([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com');
    expect(called.map(([, { Properties }]) => render(Properties.SourceArn))).toEqual(
      called.map(() => expect.stringMatching(/^arn:….*:execute-api:….*\/\*\/\*\/\*$/)),
    );
    const names = called.map(([, { Properties }]) => {
      const id = at(Properties, 'FunctionName', 'Fn::GetAtt', 0);
      return textAt(
        prod.service.all('AWS::Lambda::Function').find(([each]) => each === id)?.[1].Properties,
        'FunctionName',
      );
    });
    expect(new Set(names)).toEqual(behindDoors);
  });

  it('never answer a sender finally because of load or our own faults', () => {
    const answers = prod.service.all('AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => {
      const body = JSON.parse(textAt(Properties, 'ResponseTemplates', 'application/json'));
      const header = at(Properties, 'ResponseParameters', 'gatewayresponse.header.Content-Type');
      expect(body).toEqual({
        type: 'about:blank',
        title: expect.any(String),
        status: body.status,
        detail: expect.any(String),
      });
      return [Properties.ResponseType, Properties.StatusCode, String(body.status), header];
    });
    const problem = "'application/problem+json'";
    expect(answers.sort()).toEqual([
      ['API_CONFIGURATION_ERROR', '503', '503', problem],
      ['DEFAULT_5XX', '503', '503', problem],
      ['INTEGRATION_FAILURE', '503', '503', problem],
      ['INTEGRATION_TIMEOUT', '503', '503', problem],
      ['MISSING_AUTHENTICATION_TOKEN', '404', '404', problem],
      ['QUOTA_EXCEEDED', '503', '503', problem],
      ['REQUEST_TOO_LARGE', '413', '413', problem],
      ['THROTTLED', '503', '503', problem],
    ]);
    expect(webhookLimitBytes).toBe(5 * 1024 * 1024);
    expect(prod.service.all('AWS::WAFv2::WebACLAssociation')).toEqual([]);
  });

  it('throttle at the account’s own limits, trace, and log neither headers nor bodies nor query strings', () => {
    const [, stage] = prod.service.all('AWS::ApiGateway::Stage')[0] ?? [];
    const settings = listAt(stage?.Properties, 'MethodSettings');
    expect(settings).toEqual([
      expect.objectContaining({ HttpMethod: '*', ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5000 }),
    ]);
    expect(
      settings.map((setting) => [at(setting, 'DataTraceEnabled') ?? false, at(setting, 'LoggingLevel') ?? 'OFF']),
    ).toEqual([[false, 'OFF']]);
    expect(at(stage?.Properties, 'TracingEnabled')).toBe(true);
    const fields = Object.values(JSON.parse(textAt(stage?.Properties, 'AccessLogSetting', 'Format')));
    expect(fields.filter((field) => /header|query|body|authorizer|\.path$/i.test(String(field)))).toEqual([]);
    expect(fields).toContain('$context.status');
  });
});

describe('the public status page', () => {
  const statusMethods = () => methods().filter(({ door }) => door.includes(' /status'));

  it('can be read, and nothing else', () => {
    expect(
      statusMethods()
        .map(({ door }) => door)
        .sort(),
    ).toEqual(['GET /status', 'GET /status/{file+}', 'HEAD /status', 'HEAD /status/{file+}']);
  });

  it('is read from the bucket below status/, with a role that may read just that', () => {
    const paths = statusMethods().map(({ method }) => render(at(method.Properties, 'Integration', 'Uri')));
    expect(new Set(paths.map((path) => path.replace(/^.*…/, '')))).toEqual(
      new Set(['/status/index.html', '/status/{file}']),
    );
    const [, policy] =
      prod.service.all('AWS::IAM::Policy').find(([id]) => id.startsWith('StatusPageReaderDefaultPolicy')) ?? [];
    const statements = listAt(policy?.Properties, 'PolicyDocument', 'Statement');
    expect(statements.map((each) => [at(each, 'Action'), render(at(each, 'Resource'))])).toEqual([
      ['s3:GetObject', '…/status/*'],
    ]);
  });

  it('answers with the headers that the local run sends, whatever the status', () => {
    for (const { method } of statusMethods()) {
      const answers = listAt(method.Properties, 'Integration', 'IntegrationResponses');
      expect(answers.map((answer) => at(answer, 'StatusCode'))).toEqual(['200', '404', '503']);
      for (const answer of answers) {
        for (const [name, value] of Object.entries(statusHeaders)) {
          expect(at(answer, 'ResponseParameters', `method.response.header.${name}`)).toBe(`'${value}'`);
        }
      }
    }
  });

  it('calls an absent file 404 and shows nothing of what S3 says', () => {
    for (const { method } of statusMethods()) {
      const [, absent, broken] = listAt(method.Properties, 'Integration', 'IntegrationResponses');
      const statusOf = (pattern: unknown, text: string) => new RegExp(`^(?:${String(pattern)})$`).test(text);
      expect(['403', '404'].map((status) => statusOf(at(absent, 'SelectionPattern'), status))).toEqual([true, true]);
      expect(statusOf(at(broken, 'SelectionPattern'), '503')).toBe(true);
      expect(JSON.parse(textAt(absent, 'ResponseTemplates', 'application/xml'))).toMatchObject({ status: 404 });
      expect(JSON.parse(textAt(broken, 'ResponseTemplates', 'application/xml'))).toMatchObject({ status: 503 });
    }
  });
});
