import { at, listAt, type Resources } from './synthesize.ts';

export interface Statement {
  /** Logical id of the resource that holds it. */
  readonly holder: string;
  readonly type: string;
  readonly effect: string;
  readonly actions: readonly string[];
  /** Each element that can hold a `*`, as text; what is known only at deploy is `…`. */
  readonly elements: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: unknown;
  readonly principals: unknown;
}

/** Text of a value of a template, with `…` for every intrinsic. */
export function render(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = at(value, 'Fn::Join');
  if (Array.isArray(join)) return listAt(join, 1).map(render).join(String(join[0]));
  return typeof value === 'object' && value !== null ? '…' : String(value);
}

const list = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Every leaf of a structure, in order. */
const leaves = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(leaves);
  const isIntrinsic =
    typeof value === 'object' && value !== null && Object.keys(value).some((key) => /^(Fn::|Ref$)/.test(key));
  if (typeof value === 'object' && value !== null && !isIntrinsic) return Object.values(value).flatMap(leaves);
  return value === undefined ? [] : [render(value)];
};

function readStatement(holder: string, type: string, statement: unknown): Statement {
  const resources = list(at(statement, 'Resource')).map(render);
  const actions = list(at(statement, 'Action')).map(String);
  const principals = at(statement, 'Principal');
  const conditions = at(statement, 'Condition');
  return {
    holder,
    type,
    effect: String(at(statement, 'Effect')),
    actions,
    resources,
    principals,
    conditions,
    elements: [
      ...actions,
      ...list(at(statement, 'NotAction')).map((one) => `NotAction ${render(one)}`),
      ...resources,
      ...list(at(statement, 'NotResource')).map((one) => `NotResource ${render(one)}`),
      ...leaves(principals),
      ...leaves(conditions),
    ],
  };
}

/** Where CloudFormation has policy documents, by type: of roles, buckets, queues, topics, and trust. */
const documents: Readonly<Record<string, (properties: unknown) => readonly unknown[]>> = {
  'AWS::IAM::Policy': (properties) => [at(properties, 'PolicyDocument')],
  'AWS::IAM::ManagedPolicy': (properties) => [at(properties, 'PolicyDocument')],
  'AWS::IAM::Role': (properties) => [
    at(properties, 'AssumeRolePolicyDocument'),
    ...listAt(properties, 'Policies').map((policy) => at(policy, 'PolicyDocument')),
  ],
  'AWS::S3::BucketPolicy': (properties) => [at(properties, 'PolicyDocument')],
  'AWS::SQS::QueuePolicy': (properties) => [at(properties, 'PolicyDocument')],
  'AWS::SNS::TopicPolicy': (properties) => [at(properties, 'PolicyDocument')],
  'AWS::ApiGateway::RestApi': (properties) => [at(properties, 'Policy')],
  'AWS::DynamoDB::Table': (properties) => [at(properties, 'ResourcePolicy', 'PolicyDocument')],
  'AWS::SecretsManager::ResourcePolicy': (properties) => [at(properties, 'ResourcePolicy')],
};

export function statementsOf(resources: Resources): readonly Statement[] {
  const inDocuments = Object.entries(documents).flatMap(([type, read]) =>
    resources
      .all(type)
      .flatMap(([id, { Properties }]) =>
        read(Properties).flatMap((document) =>
          listAt(document, 'Statement').map((statement) => readStatement(id, type, statement)),
        ),
      ),
  );
  // A permission of Lambda is a statement of the function's own policy.
  const permissions = resources.all('AWS::Lambda::Permission').map(([id, { Type, Properties }]) => ({
    holder: id,
    type: Type,
    effect: 'Allow',
    actions: [String(Properties.Action)],
    resources: [],
    conditions: Properties.SourceArn,
    principals: Properties.Principal,
    elements: [render(Properties.SourceArn), render(Properties.Principal)],
  }));
  return [...inDocuments, ...permissions];
}
