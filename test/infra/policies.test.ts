import { App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Wildcard, wildcards } from '#infra/wildcards.ts';
import { type Statement, statementsOf } from './support/policies.ts';
import { at, listAt, type Synthesized, synthesize } from './support/synthesize.ts';

let environments: readonly Synthesized[];
beforeAll(async () => {
  environments = [await synthesize('dev'), await synthesize('prod')];
});

const statements = (): readonly Statement[] =>
  environments.flatMap(({ data, service }) => [...statementsOf(data), ...statementsOf(service)]);

/** A join may leave several unknown parts beside each other. */
const squeeze = (text: string): string => text.replace(/…(:?…)+/g, '…');
/** Each `*` with each action that it serves: statements are merged, so one may serve several entries of the list. */
const stars = () =>
  statements().flatMap(({ holder, effect, actions, elements }) =>
    elements
      .filter((element) => element.includes('*'))
      .flatMap((element) => actions.map((action) => ({ holder, effect, action, element: squeeze(element) }))),
  );
const allows = (entry: Wildcard, { effect, action, element }: ReturnType<typeof stars>[number]): boolean =>
  entry.effect === effect && entry.actions.includes(action) && entry.text === element;
const list: readonly Wildcard[] = Object.values(wildcards);

describe('the policies', () => {
  it('have no wildcard but those of the allow-list', () => {
    const unlisted = stars()
      .filter((star) => !list.some((entry) => allows(entry, star)))
      .map(({ holder, action, element }) => `${holder}: ${action} on ${element}`);
    expect([...new Set(unlisted)]).toEqual([]);
  });

  it('have every wildcard of the allow-list, each with a reason', () => {
    const found = stars();
    const unused = Object.entries<Wildcard>(wildcards).flatMap(([name, entry]) =>
      entry.actions
        .filter((action) => !found.some((star) => star.action === action && allows(entry, star)))
        .map((action) => `${name}: ${action}`),
    );
    expect(unused).toEqual([]);
    expect(list.filter(({ reason }) => !/^[A-Z].{30,}\.$/.test(reason))).toEqual([]);
  });

  it('give each function a role that nobody else has', () => {
    for (const { service } of environments) {
      const roles = service
        .all('AWS::Lambda::Function')
        .map(([, { Properties }]) => at(Properties.Role, 'Fn::GetAtt', 0));
      expect(roles.length).toBe(15);
      expect(new Set(roles).size).toBe(roles.length);
    }
  });

  it('take from AWS only the one managed policy that API Gateway asks for', () => {
    const managed = environments.flatMap(({ data, service }) =>
      [...data.all('AWS::IAM::Role'), ...service.all('AWS::IAM::Role')].flatMap(([id, { Properties }]) =>
        listAt(Properties, 'ManagedPolicyArns').map(
          (arn) => `${id.replace(/[0-9A-F]{8}$/, '')} ${JSON.stringify(arn)}`,
        ),
      ),
    );
    expect(new Set(managed.map((each) => /^(\w+).*policy\/(.*?)"/.exec(each)?.slice(1).join(' ')))).toEqual(
      new Set(['GatewayLogRole service-role/AmazonAPIGatewayPushToCloudWatchLogs']),
    );
  });

  it('let nobody but CloudWatch of this account publish to the alarms, and no stranger anywhere', () => {
    const foreign = statements().filter(
      ({ effect, type, principals }) =>
        effect === 'Allow' &&
        type !== 'AWS::IAM::Role' &&
        type !== 'AWS::Lambda::Permission' &&
        principals !== undefined,
    );
    expect(
      new Set(
        foreign.map(({ type, actions, principals, conditions }) =>
          JSON.stringify({ type, actions, principals, conditions }),
        ),
      ),
    ).toEqual(
      new Set([
        JSON.stringify({
          type: 'AWS::SNS::TopicPolicy',
          actions: ['sns:Publish'],
          principals: { Service: 'cloudwatch.amazonaws.com' },
          conditions: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    );
  });

  it('refuse every queue, topic and bucket without TLS', () => {
    for (const { data, service } of environments) {
      const refused = [...statementsOf(data), ...statementsOf(service)].filter(
        ({ effect, conditions }) => effect === 'Deny' && at(conditions, 'Bool', 'aws:SecureTransport') === 'false',
      );
      const count = (type: string) => refused.filter((statement) => statement.type === type).length;
      expect(count('AWS::SQS::QueuePolicy')).toBe(service.all('AWS::SQS::Queue').length);
      expect(count('AWS::SNS::TopicPolicy')).toBe(service.all('AWS::SNS::Topic').length);
      expect(count('AWS::S3::BucketPolicy')).toBe(1);
    }
  });
});

describe('cdk-nag', () => {
  it('finds nothing that is not acknowledged with a reason', () => {
    const findings = environments.flatMap(({ app }) =>
      new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName, violatingResources }) => ({
        ruleName,
        where: violatingResources.map((resource) => resource.constructPath),
      })),
    );
    expect(findings).toEqual([]);
  });

  it('would find a queue without a dead-letter queue', () => {
    const app = new App();
    new Queue(new Stack(app, 'any'), 'Queue');
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS3');
  });

  it('is told a reason that is a sentence, for every finding that is not one', () => {
    const acknowledged = environments.flatMap(({ app }) =>
      app.node
        .findAll()
        .flatMap((construct) =>
          construct.node.metadata
            .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
            .flatMap(({ data }) => Object.entries<string>(data)),
        ),
    );
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(acknowledged.filter(([id, reason]) => /AwsSolutions/.test(id) && !/^[A-Z].{30,}\.$/.test(reason))).toEqual(
      [],
    );
  });
});
