import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '#infra/bundle.ts';
import { type FunctionName, functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import { neededVariables } from './support/needed-variables.ts';
import { statementsOf } from './support/policies.ts';
import { at, type Synthesized, synthesize, textAt } from './support/synthesize.ts';
import { readCode, tableUseOf } from './support/table-use.ts';

let prod: Synthesized;
let code: ReadonlyMap<string, string>;
beforeAll(async () => {
  prod = await synthesize('prod');
  code = await readCode(functionNames);
});

const propertiesOf = (name: FunctionName) => {
  const found = prod.service
    .all('AWS::Lambda::Function')
    .find(([, { Properties }]) => Properties.FunctionName === `tocsin-prod-${name}`);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found[1].Properties;
};
const variablesOf = (name: FunctionName): readonly string[] =>
  Object.keys(at(propertiesOf(name), 'Environment', 'Variables') ?? {});
/** What the function's own role may do, trust and logs aside. */
const allowedTo = (name: FunctionName) => {
  const role = textAt(propertiesOf(name), 'Role', 'Fn::GetAtt', 0);
  const policies = prod.service
    .all('AWS::IAM::Policy')
    .filter(([, { Properties }]) => JSON.stringify(Properties.Roles).includes(`"${role}"`))
    .map(([id]) => id);
  return statementsOf(prod.service).filter(({ holder }) => policies.includes(holder));
};
const actionsOf = (name: FunctionName, service: string) =>
  new Set(allowedTo(name).flatMap(({ actions }) => actions.filter((action) => action.startsWith(`${service}:`))));

describe.each(functionNames)('%s', (name) => {
  it('is what the wiring says, on the newest runtime, traced, with a log that ends', () => {
    const properties = propertiesOf(name);
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: functionTimeoutSeconds[name],
      TracingConfig: { Mode: 'Active' },
    });
    const logGroup = prod.service
      .all('AWS::Logs::LogGroup')
      .find(([id]) => id === at(properties, 'LoggingConfig', 'LogGroup', 'Ref'));
    expect(logGroup?.[1].Properties).toEqual(
      expect.objectContaining({ LogGroupName: `/aws/lambda/tocsin-prod-${name}`, RetentionInDays: 90 }),
    );
  });

  it('has every variable that it can come to read, and none that it cannot', () => {
    const always = ['ENVIRONMENT', 'POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME'];
    const contacts = name === 'notify-sns' ? ['SNS_TOPIC_VENDOR_NOC'] : [];
    const needed = neededVariables(name, prod.bundles[name]);
    expect([...variablesOf(name)].sort()).toEqual([...new Set([...needed, ...always, ...contacts])].sort());
  });

  it('does to the table no more than KEYS.md says', () => {
    const documented = documentedActions(name);
    const onTable = [...actionsOf(name, 'dynamodb')].map((action) => action.replace('dynamodb:', ''));
    const ofStream =
      name === 'dispatch-timeline' ? ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'] : [];
    expect(onTable.filter((action) => !documented.has(action) && !ofStream.includes(action))).toEqual([]);
  });

  it('may do to the table what its code does, and nothing else', () => {
    const granted = [...actionsOf(name, 'dynamodb')].map((action) => action.replace('dynamodb:', ''));
    const onIndexes = allowedTo(name).flatMap(({ resources }) =>
      resources.flatMap((resource) => /\/index\/(\w+)$/.exec(resource)?.[1] ?? []),
    );
    const { verbs, indexes } = tableUseOf(code.get(name) ?? '');
    const ofStream = /^(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/;
    expect({
      verbs: new Set(granted.filter((action) => !ofStream.test(action))),
      indexes: new Set(onIndexes),
    }).toEqual({ verbs, indexes });
  });

  it('may send to exactly the queues that it knows', () => {
    const known = variablesOf(name).filter((variable) => /^(QUEUE_URL|DEAD_LETTER_URL)_/.test(variable));
    const queueOf = (variable: string) => textAt(propertiesOf(name), 'Environment', 'Variables', variable, 'Ref');
    const sends = allowedTo(name).filter(({ actions }) => actions.includes('sqs:SendMessage'));
    const receives = allowedTo(name).filter(({ actions }) => actions.includes('sqs:ReceiveMessage'));
    const policies = JSON.stringify(
      prod.service
        .all('AWS::IAM::Policy')
        .filter(([id]) => [...sends, ...receives].some(({ holder }) => holder === id)),
    );
    const named = new Set(
      [...policies.matchAll(/"Fn::GetAtt":\["(\w+?(?:Queue|DeadLetters)[0-9A-F]{8})","Arn"\]/g)].map(
        (match) => match[1],
      ),
    );
    expect(named).toEqual(new Set(known.map(queueOf)));
  });
});

/** From the tables of KEYS.md: what is done to the items that name the function as their user, and Query on its indexes. */
function documentedActions(name: FunctionName): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of readFileSync('shared/store/KEYS.md', 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const column = cells.findIndex((cell) => cell.split(', ').includes(name));
    if (column === 9) for (const action of (cells[8] ?? '').split(', ')) found.add(action);
    else if (column > 0) found.add('Query');
  }
  return found;
}

describe('the functions', () => {
  it('are all documented as users of the table, but the alert doors that read none', () => {
    const silent = functionNames.filter((name) => documentedActions(name).size === 0);
    expect(silent).toEqual(['receive-alerts', 'receive-sns']);
    for (const name of silent) expect([name, actionsOf(name, 'dynamodb')]).toEqual([name, new Set()]);
  });

  it('may not delete an item, because what is old ends by its time to live; but ingest takes inhibitors out', () => {
    const deleting = functionNames.filter((name) => actionsOf(name, 'dynamodb').has('dynamodb:DeleteItem'));
    expect(deleting).toEqual(['ingest-alerts']);
  });

  it('read only the secrets that they know, and write none', () => {
    const secrets = functionNames.map((name) => [name, [...actionsOf(name, 'secretsmanager')]] as const);
    expect(
      secrets.filter(([, actions]) => actions.some((action) => action !== 'secretsmanager:GetSecretValue')),
    ).toEqual([]);
    const readers = secrets.filter(([, actions]) => actions.length > 0).map(([name]) => name);
    expect(readers.sort()).toEqual(
      functionNames.filter((name) => variablesOf(name).some((each) => each.startsWith('SECRET_ID_'))).sort(),
    );
  });

  it('are the only ones: nothing is deployed by a function of the CDK', () => {
    const names = prod.service.all('AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);
    expect(names.sort()).toEqual(functionNames.map((name) => `tocsin-prod-${name}`).sort());
    for (const resources of [prod.data, prod.service]) {
      expect(
        Object.values(resources.template.toJSON().Resources).filter((each) =>
          /^(Custom::|AWS::CloudFormation::CustomResource)/.test(textAt(each, 'Type')),
        ),
      ).toEqual([]);
    }
  });

  it('are swept for every minute, once: the next minute does what one did not', () => {
    const [[, rule] = []] = prod.service.all('AWS::Events::Rule');
    expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(at(rule?.Properties, 'Targets', 0, 'RetryPolicy')).toEqual({
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    });
    const [[, asynchronous] = []] = prod.service.all('AWS::Lambda::EventInvokeConfig');
    expect(asynchronous?.Properties).toMatchObject({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  });

  it('reserve concurrency only where the environment says so', () => {
    const reserving = functionNames.filter((name) => propertiesOf(name).ReservedConcurrentExecutions !== undefined);
    expect(reserving).toEqual(Object.keys(prod.stage.reservedConcurrency));
  });
});
