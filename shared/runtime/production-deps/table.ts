import { makeDynamoTable } from '../../store/dynamodb-table.ts';
import type { Table } from '../../store/table.ts';
import { requireEnv } from '../env.ts';

export const dynamoTable = (): Table => makeDynamoTable({ tableName: requireEnv('TABLE_NAME') });
