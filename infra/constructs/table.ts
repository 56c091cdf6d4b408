import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { assert } from '#shared/kernel/assert.ts';
import { indexes, tableKeys } from '#shared/store/keys.ts';
import { streamViewType } from '#shared/store/table-definition.ts';
import type { ServiceFunction } from './service-function.ts';

/** The table's verbs (store/table.ts) by the action that each needs. Items end by their time to live; only an inhibitor is taken out when it ends. */
const actionOf = {
  get: 'dynamodb:BatchGetItem',
  query: 'dynamodb:Query',
  put: 'dynamodb:PutItem',
  update: 'dynamodb:UpdateItem',
  check: 'dynamodb:ConditionCheckItem',
  delete: 'dynamodb:DeleteItem',
} as const;

export type TableVerb = keyof typeof actionOf;

export interface ServiceTableProps {
  readonly isProtected: boolean;
  readonly removalPolicy: RemovalPolicy;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** The one table (shared/store/KEYS.md), made from the names of keys.ts. */
export class ServiceTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { isProtected, removalPolicy }: ServiceTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: text(tableKeys.partition),
      sortKey: text(tableKeys.sort),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: tableKeys.timeToLive,
      stream: StreamViewType[streamViewType],
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // DynamoDB's own key: a page must not wait for one more service, and none can be switched off by mistake.
      encryption: TableEncryption.DEFAULT,
      deletionProtection: isProtected,
      removalPolicy,
    });
    for (const index of Object.values(indexes)) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partition),
        sortKey: text(index.sort),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...index.projected],
      });
    }
  }

  get streamArn(): string {
    const { tableStreamArn } = this.table;
    assert(tableStreamArn, 'the table has a stream');
    return tableStreamArn;
  }

  /** Lets the function be an event source's target: it is read with the function's own role. */
  grantStream(fn: ServiceFunction): void {
    fn.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [this.streamArn]);
    fn.allowWildcard('listStreams', '*');
  }

  /** Lets the function use these verbs, and read these indexes. A transaction needs the verbs of its writes. */
  grant(fn: ServiceFunction, verbs: readonly TableVerb[], indexNames: readonly (keyof typeof indexes)[] = []): void {
    fn.setVariable('TABLE_NAME', this.table.tableName);
    fn.allow(
      verbs.map((verb) => actionOf[verb]),
      [this.table.tableArn],
    );
    if (indexNames.length > 0) {
      fn.allow(
        [actionOf.query],
        indexNames.map((name) => `${this.table.tableArn}/index/${indexes[name].name}`),
      );
    }
  }
}
