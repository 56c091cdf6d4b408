import { beforeAll, describe, expect, it } from 'vitest';
import { tableDefinition, timeToLiveDefinition } from '#shared/store/table-definition.ts';
import { at, listAt, type Synthesized, synthesize } from './support/synthesize.ts';

let prod: Synthesized;
let dev: Synthesized;
beforeAll(async () => {
  prod = await synthesize('prod');
  dev = await synthesize('dev');
});

const only = (synthesized: Synthesized, type: string) => {
  const found = synthesized.data.all(type);
  expect(found).toHaveLength(1);
  const resource = found[0]?.[1];
  if (resource === undefined) throw new Error(`no ${type}`);
  return resource;
};
const byName = (names: readonly unknown[], key: string) =>
  [...names].sort((a, b) => String(at(a, key)).localeCompare(String(at(b, key))));

describe('the data that must survive', () => {
  it('is in the same table that DynamoDB Local gets', () => {
    const { Properties: table } = only(prod, 'AWS::DynamoDB::Table');
    const wanted = tableDefinition('any');
    expect(byName(listAt(table, 'AttributeDefinitions'), 'AttributeName')).toEqual(
      byName(wanted.AttributeDefinitions ?? [], 'AttributeName'),
    );
    expect(table).toMatchObject({
      BillingMode: wanted.BillingMode,
      KeySchema: wanted.KeySchema,
      GlobalSecondaryIndexes: wanted.GlobalSecondaryIndexes,
      StreamSpecification: { StreamViewType: wanted.StreamSpecification?.StreamViewType },
      TimeToLiveSpecification: timeToLiveDefinition('any').TimeToLiveSpecification,
    });
  });

  it('can be brought back to any second, and production’s cannot be deleted', () => {
    const guards = (synthesized: Synthesized) => {
      const { Properties, DeletionPolicy } = only(synthesized, 'AWS::DynamoDB::Table');
      return {
        recovery: at(Properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled'),
        deletionProtection: at(Properties, 'DeletionProtectionEnabled') ?? false,
        DeletionPolicy,
      };
    };
    expect(guards(prod)).toEqual({ recovery: true, deletionProtection: true, DeletionPolicy: 'Retain' });
    expect(guards(dev)).toEqual({ recovery: true, deletionProtection: false, DeletionPolicy: 'Delete' });
  });

  it('lies in stacks that production refuses to delete', () => {
    const protection = (synthesized: Synthesized) =>
      synthesized.app.node.children
        .map((child) => [child.node.id, at(child, 'terminationProtection')])
        .filter(([id]) => String(id).startsWith('tocsin-'));
    expect(protection(prod)).toEqual([
      ['tocsin-prod-data', true],
      ['tocsin-prod-service', true],
    ]);
    expect(protection(dev)).toEqual([
      ['tocsin-dev-data', false],
      ['tocsin-dev-service', false],
    ]);
  });

  it('has a bucket that is private and keeps spilled alerts longer than any queue keeps a message', () => {
    const { Properties: bucket, DeletionPolicy } = only(prod, 'AWS::S3::Bucket');
    expect(DeletionPolicy).toBe('Retain');
    expect(at(bucket, 'PublicAccessBlockConfiguration')).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(at(bucket, 'VersioningConfiguration')).toEqual({ Status: 'Enabled' });
    expect(at(bucket, 'BucketEncryption')).toBeDefined();
    const rules = listAt(bucket, 'LifecycleConfiguration', 'Rules');
    const expiring = rules.filter((rule) => at(rule, 'ExpirationInDays') !== undefined);
    expect(expiring.map((rule) => [at(rule, 'Prefix'), at(rule, 'ExpirationInDays')])).toEqual([['spill/', 30]]);
    const longestQueueDays = Math.max(
      ...prod.service.all('AWS::SQS::Queue').map(([, { Properties }]) => Number(Properties.MessageRetentionPeriod)),
    );
    expect(longestQueueDays / 86_400).toBe(14);
  });

  it('has four secrets that know nobody until they are filled', () => {
    const secrets = prod.data.all('AWS::SecretsManager::Secret').map(([, { Properties, DeletionPolicy }]) => ({
      name: Properties.Name,
      text: Properties.SecretString,
      DeletionPolicy,
    }));
    const empty = { text: '{}', DeletionPolicy: 'Retain' };
    expect(byName(secrets, 'name')).toEqual([
      { name: 'tocsin/prod/operators', ...empty },
      { name: 'tocsin/prod/pagerduty', ...empty },
      { name: 'tocsin/prod/slack', ...empty },
      { name: 'tocsin/prod/sources', ...empty },
    ]);
  });

  it('holds nothing that computes', () => {
    expect(prod.data.all('AWS::Lambda::Function')).toEqual([]);
  });
});
