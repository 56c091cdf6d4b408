import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilePolicy, sourceTokens } from '#local/compile-policy.ts';
import { takeDataDir } from '#local/engines/data-dir.ts';
import { explainJavaFailure } from '#local/engines/dynamodb-commands.ts';
import { startDynamoDbLocal } from '#local/engines/dynamodb-local.ts';
import { isAlive, waitForExit } from '#local/engines/processes.ts';
import { launch } from '#local/engines/supervised-process.ts';
import { openJournal } from '#local/journal.ts';
import { readSettings, StartError } from '#local/settings.ts';
import { aPolicy } from '#test/support/decision-builders.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();

describe('settings', () => {
  it('need nothing: every one has a default, and the vendors are stand-ins', () => {
    expect(readSettings({}, '/project')).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: '/project/.data',
      configPath: '/project/config/local.yaml',
      publicUrl: null,
      slack: { kind: 'stand-in' },
      slackBotToken: 'xoxb-local-sandbox',
      slackSigningSecret: 'local-signing-secret',
      pagerduty: { kind: 'stand-in' },
      pagerdutyRoutingKey: null,
      sourceToken: 'local-source',
      operatorToken: 'local-operator',
    });
  });

  it.each([
    ['a bot token: the real Slack', { SLACK_BOT_TOKEN: 'xoxb-1' }, { slack: { kind: 'real' } }],
    [
      'an address: that one',
      { SLACK_API_URL: 'http://s/api/' },
      { slack: { kind: 'given', address: 'http://s/api/' } },
    ],
    ['a routing key: the real PagerDuty', { PAGERDUTY_ROUTING_KEY: 'k' }, { pagerduty: { kind: 'real' } }],
    ['a server: that one', { PAGERDUTY_EVENTS_SERVER: 'p:1' }, { pagerduty: { kind: 'given', address: 'p:1' } }],
    ['an outside address without its last slash', { PUBLIC_URL: 'https://x/y/' }, { publicUrl: 'https://x/y' }],
    [
      'blank variables like absent ones',
      { PORT: ' ', SLACK_BOT_TOKEN: '' },
      { port: 8080, slack: { kind: 'stand-in' } },
    ],
  ])('take %s', (_, env, expected) => {
    expect(readSettings(env, '/project')).toMatchObject(expected);
  });

  it.each([
    [{ PORT: 'http' }, 'PORT must be a number from 0 to 65535, not "http".'],
    [{ PORT: '70000' }, 'PORT must be a number from 0 to 65535, not "70000".'],
    [{ PUBLIC_URL: 'example.com' }, 'PUBLIC_URL must be an http or https address, not "example.com".'],
  ])('say which one is wrong: %j', (env, message) => {
    expect(() => readSettings(env, '/project')).toThrow(new StartError(message));
  });
});

describe('the policy file at start', () => {
  const compile = (configPath: string) => compilePolicy({ configPath, dataDir: tempDir() });

  it('is compiled into the data directory', () => {
    const { policy, path } = compile('config/local.yaml');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(policy);
  });

  it('is asked for when it is not there', () => {
    expect(() => compile('config/none.yaml')).toThrow('There is no policy file config/none.yaml: set CONFIG to one');
  });

  it('stops the start with file, line and column of every problem', () => {
    const path = join(tempDir(), 'wrong.yaml');
    writeFileSync(path, 'sources: {}\nnonsense: 1\n');
    expect(() => compile(path)).toThrow(/The policy file has problems:\n {2}.*wrong\.yaml:\d+:\d+: /);
  });

  it('warns of a schedule in which nobody is on call some day soon, and starts', () => {
    const path = join(tempDir(), 'gappy.yaml');
    const gappy = readFileSync('config/on-call.yaml', 'utf8').replace(
      '        shift: weekly\n        start: 2026-03-02T09:00\n',
      '        shift: weekly\n        start: 2026-03-02T09:00\n        end: 2026-03-09T09:00\n',
    );
    writeFileSync(path, gappy);
    expect(compile(path).warnings).toEqual([
      expect.stringMatching(
        /gappy\.yaml:\d+:3: nobody of schedule platform is on call from .* in the next 90 days\. Fix: /,
      ),
    ]);
  });

  it('gives each source a credential of its own, the first one SOURCE_TOKEN', () => {
    const { main } = aPolicy().sources;
    if (main === undefined) throw new Error('the policy has a source');
    const sources = { eu: { ...main, name: 'eu' }, us: { ...main, name: 'us' } };
    expect(sourceTokens({ sourceToken: 't' }, { sources })).toEqual([
      { name: 'eu', token: 't' },
      { name: 'us', token: 't-us' },
    ]);
  });
});

describe('a machine without what the database needs', () => {
  it('is told in one sentence what to install, when there is neither Java nor Docker', async () => {
    const starting = startDynamoDbLocal(tempDir(), { PATH: tempDir() }, () => {});
    await expect(starting).rejects.toThrow(
      /^DynamoDB Local needs Java 17 or newer, or Docker, and neither is here: install/,
    );
    await expect(starting).rejects.toBeInstanceOf(StartError);
  });

  it('is told which Java it has, when that is too old', () => {
    const output =
      'java.lang.UnsupportedClassVersionError: x has been compiled by a more recent version of the Java Runtime (class file version 61.0), this version of the Java Runtime only recognizes class file versions up to 55.0';
    expect(explainJavaFailure(output)).toMatch(
      /^The Java on this machine is version 11, but DynamoDB Local needs Java 17/,
    );
  });

  it.each([
    [
      'the stub that macOS has instead of Java',
      'The operation couldn’t be completed. Unable to locate a Java Runtime.',
      /needs Java 17/,
    ],
    [
      'any other failure',
      'a\nError: could not reserve memory',
      /^DynamoDB Local did not start: Error: could not reserve memory$/,
    ],
  ])('recognises %s', (_, output, expected) => {
    expect(explainJavaFailure(output)).toMatch(expected);
  });
});

describe('the data directory', () => {
  it('is taken over from a process that is gone', () => {
    const dataDir = tempDir();
    const gone = spawnSync('true').pid;
    writeFileSync(join(dataDir, 'tocsin.pid'), String(gone));
    const release = takeDataDir(dataDir);
    expect(readFileSync(join(dataDir, 'tocsin.pid'), 'utf8').trim()).toBe(String(process.pid));
    release();
    expect(existsSync(join(dataDir, 'tocsin.pid'))).toBe(false);
  });

  it('is taken over when the pid belongs to another program now', async () => {
    const dataDir = tempDir();
    const other = spawn('sleep', ['30']);
    writeFileSync(join(dataDir, 'tocsin.pid'), String(other.pid));
    expect(() => takeDataDir(dataDir)()).not.toThrow();
    other.kill();
  });
});

describe('the watchdog of the database', () => {
  it('ends the engine when its standard input closes, as it does when we are killed', async () => {
    const folder = tempDir();
    const script = 'require("http").createServer((q,s)=>s.end()).listen(+process.argv[1],"127.0.0.1")';
    const attempt = await launch(folder, (port) => [process.execPath, '-e', script, String(port)], 20_000);
    if (attempt.outcome !== 'running') throw new Error(attempt.output);
    const pid = Number(readFileSync(join(folder, 'engine.pid'), 'utf8'));
    expect(isAlive(pid)).toBe(true);
    attempt.child.stdin?.destroy();
    expect(await waitForExit(pid, 5_000)).toBe(true);
  });

  it('hands on what the engine said when it ends before it answers', async () => {
    const attempt = await launch(tempDir(), () => ['sh', '-c', 'echo no memory >&2; exit 3'], 20_000);
    expect(attempt).toEqual({ outcome: 'ended', output: 'no memory\n' });
  });
});

describe('a journal', () => {
  it('holds what was appended, drops a line that a crash cut off, and goes on behind it', () => {
    const file = join(tempDir(), 'journal.jsonl');
    const first = openJournal<number>(file);
    first.journal.append(1);
    first.journal.append(2);
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"cut":`);
    const second = openJournal<number>(file);
    expect(second.entries).toEqual([1, 2]);
    second.journal.append(3);
    expect(openJournal<number>(file).entries).toEqual([1, 2, 3]);
    second.journal.rewrite([9]);
    expect(openJournal<number>(file).entries).toEqual([9]);
  });
});
