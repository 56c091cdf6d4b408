import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { makeBasicDeps } from '#shared/runtime/basic-deps.ts';
import type { Deps } from '#shared/runtime/deps.ts';
import { buildDeps, lambdaHandler } from '#shared/runtime/lambda.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import { makeMemoryTable } from '#shared/store/memory-table.ts';

const context: Context = {
  awsRequestId: 'request-1',
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'tocsin-test-serve-api',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:1:function:tocsin-test-serve-api',
  logGroupName: 'group',
  logStreamName: 'stream',
  memoryLimitInMB: '256',
  getRemainingTimeInMillis: () => 1000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

type TableDeps = Pick<Deps, 'table' | 'metrics' | 'clock'>;

describe('a Lambda handler', () => {
  const written: Record<string, unknown>[] = [];
  beforeEach(() => {
    written.length = 0;
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((line) => {
        written.push(JSON.parse(String(line)));
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('builds its ports at the first event that uses them, once, and none at its making', async () => {
    const made: string[] = [];
    const handler = lambdaHandler(
      (deps: TableDeps) => {
        made.push('handler');
        return async (event: { readonly sk: string }) => {
          await deps.table.write([{ kind: 'put', item: { pk: 'P', sk: event.sk } }]);
          return (await deps.table.query({ pk: 'P' })).items.length;
        };
      },
      {
        table: () => {
          made.push('table');
          return makeMemoryTable();
        },
      },
    );
    expect(made).toEqual([]);
    expect([await handler({ sk: 'a' }, context), await handler({ sk: 'b' }, context)]).toEqual([1, 2]);
    expect(made).toEqual(['handler', 'table']);
  });

  it('tries again to build what could not be built', async () => {
    let tries = 0;
    const handler = lambdaHandler((deps: TableDeps) => async () => (await deps.table.query({ pk: 'P' })).items, {
      table: () => {
        tries += 1;
        if (tries === 1) throw new Error('the environment variable TABLE_NAME is not set');
        return makeMemoryTable();
      },
    });
    await expect(handler({}, context)).rejects.toThrow('TABLE_NAME');
    await expect(handler({}, context)).resolves.toEqual([]);
  });

  it('writes its counts when it ends, also when it fails, and logs the failure with the request but without a stack', async () => {
    const handler = lambdaHandler(
      (deps: TableDeps) => async () => {
        deps.metrics.count('RequestsRefused');
        throw new AdapterError('dynamodb', 'throttled', 'slow down', { cause: new Error('nested') });
      },
      { table: makeMemoryTable },
    );
    await expect(handler({}, context)).rejects.toThrow('slow down');
    expect(written.map(({ RequestsRefused }) => RequestsRefused).filter((count) => count !== undefined)).toEqual([1]);
    const [line] = written.filter(({ level }) => level === 'ERROR');
    expect(line).toMatchObject({
      message: 'the function failed',
      function_request_id: 'request-1',
      error: { name: 'AdapterError', reason: 'throttled', message: 'dynamodb: slow down' },
    });
    expect(JSON.stringify(line)).not.toMatch(/nested|stack|at /);
  });
});

describe('basic deps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-policy-'));
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('read the policy once, at its first use', () => {
    const path = join(folder, 'policy.json');
    vi.stubEnv('POLICY_PATH', path);
    const deps = makeBasicDeps();
    expect(() => deps.policy).toThrow('ENOENT');
    writeFileSync(path, '{"hash":"abc"}');
    expect(deps.policy.hash).toBe('abc');
    rmSync(folder, { recursive: true });
    expect(deps.policy.hash).toBe('abc');
  });

  it('need a variable only when it is used, and then name it', () => {
    vi.stubEnv('PUBLIC_URL', 'https://x.test/prod/');
    vi.stubEnv('ENVIRONMENT', '');
    vi.stubEnv('TABLE_NAME', '');
    const { settings } = makeBasicDeps();
    expect([settings.publicUrl, settings.statusPrefix]).toEqual(['https://x.test/prod', 'status/']);
    expect(() => settings.environment).toThrow('ENVIRONMENT is not set');
    const deps = buildDeps<Pick<Deps, 'table' | 'clock'>>({ table: dynamoTable });
    expect(() => deps.table).toThrow('TABLE_NAME is not set');
  });
});
