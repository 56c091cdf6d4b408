import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { recordEndpoints } from '#local/endpoints.ts';
import { deadLetterName, wireName } from '#local/engines/queue-names.ts';
import { type QueueEngine, startQueueEngine } from '#local/engines/queues.ts';
import type { RedriveCommand } from '#local/redrive/arguments.ts';
import { queuesAt } from '#local/redrive/find-queues.ts';
import { runRedrive } from '#local/redrive/run-redrive.ts';
import { makeQueues } from '#shared/adapters/sqs/queues.ts';
import { type QueueName, queueNames } from '#shared/runtime/messages.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();
const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

interface World {
  readonly engine: QueueEngine;
  readonly client: SQSClient;
  /** Sets a message aside as the functions do. */
  setAside(
    queue: QueueName,
    body: string,
    reason: string,
    origin: { messageId: string; group?: string },
  ): Promise<void>;
  /** What `npm run redrive` would print, and whether it did what it was asked. */
  redrive(
    command: RedriveCommand,
    options?: { readonly answer?: boolean; readonly nowMillis?: number },
  ): Promise<{ readonly done: boolean; readonly lines: readonly string[]; readonly questions: readonly string[] }>;
  waiting(name: string): number;
  receive(name: string): ReturnType<typeof receive>;
}

async function startWorld(): Promise<World> {
  const engine = await startQueueEngine(tempDir());
  const place = queuesAt(engine.endpoint, 'the test');
  ending.push(engine.stop, async () => place.client.destroy());
  const queues = makeQueues({
    client: place.client,
    urlOf: (queue) => engine.queueUrl(wireName(queue)),
    deadLetterUrlOf: (queue) => engine.queueUrl(deadLetterName(queue)),
  });
  return {
    engine,
    client: place.client,
    setAside: (queue, body, reason, origin) => queues.deadLetter(queue, body, reason, origin),
    redrive: async (command, { answer = false, nowMillis = Date.UTC(2100, 0, 1) } = {}) => {
      const lines: string[] = [];
      const questions: string[] = [];
      const done = await runRedrive(command, {
        place,
        print: (line) => lines.push(line),
        confirm: async (question) => {
          questions.push(question);
          return answer;
        },
        nowMillis: () => nowMillis,
      });
      return { done, lines, questions };
    },
    waiting: (name) => engine.depth(name).ready,
    receive: (name) => receive(place.client, engine.queueUrl(name)),
  };
}

/** Takes and deletes everything, one after the other. */
async function receive(client: SQSClient, QueueUrl: string) {
  const all: { readonly id: string; readonly body: string; readonly group: string | null }[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return all;
    for (const { MessageId = '', Body = '', Attributes, ReceiptHandle } of Messages) {
      all.push({ id: MessageId, body: Body, group: Attributes?.MessageGroupId ?? null });
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

/** The ids that `show` prints, in its order. */
async function shownIds(world: World, queue: QueueName): Promise<readonly string[]> {
  const { lines } = await world.redrive({ verb: 'show', queue, limit: 50 });
  return [...lines.join('\n').matchAll(/^id {6}(\S+)$/gm)].map((match) => match[1] ?? '');
}

const firstId = async (world: World, queue: QueueName): Promise<string> => (await shownIds(world, queue))[0] ?? '';

describe('what lies in the dead-letter queues', () => {
  it('is listed for every queue with its depth and the age of the oldest', async () => {
    const world = await startWorld();
    await world.setAside('ingest', '{"kind":"alerts"}', 'broken', { messageId: 'm-1', group: 'A' });
    await world.setAside('ingest', '{"kind":"alerts"}', 'broken', { messageId: 'm-2', group: 'A' });
    const { lines } = await world.redrive({ verb: 'list' }, { nowMillis: Date.now() + 3 * 3_600_000 });
    expect(lines[0]).toBe('Dead letters of the test:');
    expect(lines.slice(1).map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['queue', 'messages', 'oldest'],
      ['ingest', '2', '3 h'],
      ...queueNames.filter((name) => name !== 'ingest').map((name) => [name, '0']),
    ]);
  });

  it('is shown with its reason and group, and stays where it is', async () => {
    const world = await startWorld();
    const body = `{"kind":"alerts","text":"${'x'.repeat(500)}"}`;
    await world.setAside('ingest', body, 'InvariantError: two states', { messageId: 'm-1', group: 'group-A' });
    const { lines } = await world.redrive({ verb: 'show', queue: 'ingest', limit: 10 });
    const text = lines.join('\n');
    expect(text).toContain('reason  InvariantError: two states\ngroup   group-A\nbody    {"kind":"alerts","text":"xxx');
    expect(text).toContain(`... (${body.length} characters)`);
    expect(lines.at(-1)).toBe('ingest: 1 of 1 dead letters shown.');
    expect(await shownIds(world, 'ingest')).toHaveLength(1);
    expect(world.waiting(deadLetterName('ingest'))).toBe(1);
  });

  it('cannot steer the terminal of who looks at it', async () => {
    const world = await startWorld();
    await world.client.send(
      new SendMessageCommand({
        QueueUrl: world.engine.queueUrl(deadLetterName('slack-pages')),
        MessageBody: 'caf\u00e9 \u009b31mred\nnext',
      }),
    );
    const { lines } = await world.redrive({ verb: 'show', queue: 'slack-pages', limit: 1 });
    expect(lines.join('\n')).toContain('body    caf\\u00e9 \\u009b31mred\\u000anext');
  });

  it('shows no more than it was told, and says how many there are', async () => {
    const world = await startWorld();
    for (const id of ['1', '2', '3']) await world.setAside('commands', id, 'broken', { messageId: id });
    const { lines } = await world.redrive({ verb: 'show', queue: 'commands', limit: 2 });
    expect(lines.at(-1)).toBe('commands: 2 of 3 dead letters shown.');
  });
});

describe('a replay', () => {
  it('puts one message back into its group and leaves the others', async () => {
    const world = await startWorld();
    await world.setAside('ingest', '"a1"', 'broken', { messageId: 'm-1', group: 'group-A' });
    await world.setAside('ingest', '"b1"', 'broken', { messageId: 'm-2', group: 'group-B' });
    const [first = '', second] = await shownIds(world, 'ingest');
    expect(await world.redrive({ verb: 'replay', queue: 'ingest', id: first })).toEqual({
      done: true,
      lines: [`replayed ${first}`],
      questions: [],
    });
    expect(await world.receive(wireName('ingest'))).toMatchObject([{ body: '"a1"', group: 'group-A' }]);
    expect(await shownIds(world, 'ingest')).toEqual([second]);
  });

  it('puts all of a queue back, each group in its old order', async () => {
    const world = await startWorld();
    const bodies = Array.from({ length: 25 }, (_, index) => String(index));
    for (const body of bodies) {
      await world.setAside('ingest', body, 'broken', {
        messageId: `m-${body}`,
        group: Number(body) % 2 ? 'odd' : 'even',
      });
    }
    const { done, lines } = await world.redrive({ verb: 'replay', queue: 'ingest', id: null });
    expect({ done, last: lines.at(-1) }).toEqual({ done: true, last: 'ingest: 25 replayed, 0 left.' });
    const received = await world.receive(wireName('ingest'));
    for (const [group, rest] of [
      ['even', 0],
      ['odd', 1],
    ] as const) {
      expect(received.filter((one) => one.group === group).map((one) => one.body)).toEqual(
        bodies.filter((body) => Number(body) % 2 === rest),
      );
    }
    expect(world.waiting(deadLetterName('ingest'))).toBe(0);
  });

  it('puts back what SQS itself set aside, with the group that it had', async () => {
    const world = await startWorld();
    const QueueUrl = world.engine.queueUrl(wireName('ingest'));
    await world.client.send(
      new SetQueueAttributesCommand({
        QueueUrl,
        Attributes: {
          VisibilityTimeout: '0',
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: world.engine.queueArn(deadLetterName('ingest')),
            maxReceiveCount: 1,
          }),
        },
      }),
    );
    await world.client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: '"a1"', MessageGroupId: 'A', MessageDeduplicationId: 'a1' }),
    );
    for (let receives = 0; receives < 2; receives++) await world.client.send(new ReceiveMessageCommand({ QueueUrl }));
    const { lines } = await world.redrive({ verb: 'show', queue: 'ingest', limit: 1 });
    expect(lines.join('\n')).toContain('reason  received too often without success; SQS moved it\ngroup   A\n');
    await world.redrive({ verb: 'replay', queue: 'ingest', id: null });
    // The deduplication id of the first send is still remembered: replayed under it, the message would be gone.
    expect(await world.receive(wireName('ingest'))).toMatchObject([{ body: '"a1"', group: 'A' }]);
  });

  it('keeps a message that fails again a moment later', async () => {
    const world = await startWorld();
    await world.setAside('ingest', '"a1"', 'broken', { messageId: 'm-1', group: 'A' });
    for (let round = 0; round < 3; round++) {
      expect(await world.redrive({ verb: 'replay', queue: 'ingest', id: null })).toMatchObject({ done: true });
      const [again] = await world.receive(wireName('ingest'));
      await world.setAside('ingest', '"a1"', 'broken', { messageId: again?.id ?? '', group: 'A' });
      expect(world.waiting(deadLetterName('ingest'))).toBe(1);
    }
  });

  it.for(['ingest', 'slack-pages'] as const)(
    'that dies between send and delete leaves a copy in %s, never a gap',
    async (queue) => {
      const world = await startWorld();
      await world.setAside(queue, '"a1"', 'broken', { messageId: 'm-1', group: 'A' });
      world.client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context.commandName === 'DeleteMessageCommand') throw new Error('the process dies');
          return next(args);
        },
        { step: 'initialize', name: 'dies' },
      );
      await expect(world.redrive({ verb: 'replay', queue, id: null })).rejects.toThrow('the process dies');
      world.client.middlewareStack.remove('dies');
      expect([world.waiting(wireName(queue)), world.waiting(deadLetterName(queue))]).toEqual([1, 1]);

      await world.redrive({ verb: 'replay', queue, id: null });
      // FIFO queues know the copy again; the readers of the others are idempotent.
      expect(await world.receive(wireName(queue))).toHaveLength(queue === 'ingest' ? 1 : 2);
      expect(world.waiting(deadLetterName(queue))).toBe(0);
    },
  );

  it('that cannot send leaves everything where it was, to be seen at once', async () => {
    const world = await startWorld();
    for (const id of ['1', '2']) await world.setAside('slack-pages', id, 'broken', { messageId: id });
    world.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'SendMessageCommand') throw new Error('no network');
        return next(args);
      },
      { step: 'initialize', name: 'no network' },
    );
    await expect(world.redrive({ verb: 'replay', queue: 'slack-pages', id: null })).rejects.toThrow('no network');
    expect([world.waiting('slack-pages'), world.waiting(deadLetterName('slack-pages'))]).toEqual([0, 2]);
  });

  it('of an unknown message says so and changes nothing', async () => {
    const world = await startWorld();
    await world.setAside('commands', '{}', 'broken', { messageId: 'm-1' });
    const { done, lines } = await world.redrive({ verb: 'replay', queue: 'commands', id: 'nobody' });
    expect(done).toBe(false);
    expect(lines[0]).toBe('commands: no dead letter nobody among the 1 that can be seen. What another command');
    expect([world.waiting('commands'), world.waiting(deadLetterName('commands'))]).toEqual([0, 1]);
  });
});

describe('a drop', () => {
  it('asks, and does nothing on a no', async () => {
    const world = await startWorld();
    await world.setAside('commands', '{}', 'broken', { messageId: 'm-1' });
    const id = await firstId(world, 'commands');
    const { done, lines, questions } = await world.redrive({ verb: 'drop', queue: 'commands', id, confirmed: false });
    expect({ done, questions: questions.length, last: lines.at(-1) }).toEqual({
      done: false,
      questions: 1,
      last: 'Nothing was dropped.',
    });
    expect(await shownIds(world, 'commands')).toEqual([id]);
  });

  it.for([
    ['a yes', { confirmed: false, answer: true, asked: 1 }],
    ['--yes', { confirmed: true, answer: false, asked: 0 }],
  ] as const)('takes that one message away after %s', async ([, { confirmed, answer, asked }]) => {
    const world = await startWorld();
    for (const id of ['1', '2']) await world.setAside('commands', id, 'broken', { messageId: id });
    const [id = '', other] = await shownIds(world, 'commands');
    const result = await world.redrive({ verb: 'drop', queue: 'commands', id, confirmed }, { answer });
    expect({ done: result.done, asked: result.questions.length }).toEqual({ done: true, asked });
    expect(await shownIds(world, 'commands')).toEqual([other]);
    expect(world.waiting('commands')).toBe(0);
  });
});

describe('npm run redrive', () => {
  const script = fileURLToPath(new URL('../../local/redrive.ts', import.meta.url));
  const run = (args: readonly string[], env: Record<string, string>) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const options = { env: { PATH: process.env.PATH, ...env }, cwd: tempDir() };
      execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });

  it('finds the product that runs over DATA_DIR, whatever AWS settings the shell has', async () => {
    const world = await startWorld();
    await world.setAside('sns-pages', '{}', 'broken', { messageId: 'm-1' });
    const dataDir = tempDir();
    const forget = recordEndpoints(dataDir, { pid: process.pid, url: 'http://unused', sqs: world.engine.endpoint });
    const env = { DATA_DIR: dataDir, AWS_REGION: 'eu-north-1', AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' };
    const { code, stdout } = await run(['list'], env);
    expect({ code, line: /^ {2}sns-pages +(\d+)/m.exec(stdout)?.[1] }).toEqual({ code: 0, line: '1' });
    await forget();
    expect(await run(['list'], env)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`No Tocsin runs over ${dataDir}: start it with \`npm start\``),
    });
  });

  it('finds the queues of an environment on AWS by their names', async () => {
    const { engine, client } = await startWorld();
    const env = {
      AWS_ENDPOINT_URL_SQS: engine.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const missing = await run(['show', 'ingest', '--environment', 'prod'], env);
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'There is no queue tocsin-prod-ingest.fifo in us-east-1: is prod deployed there?',
      ),
    });
    for (const QueueName of ['tocsin-prod-ingest.fifo', 'tocsin-prod-ingest-dead-letter.fifo']) {
      await client.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true' } }));
    }
    await client.send(
      new SendMessageCommand({
        QueueUrl: engine.queueUrl('tocsin-prod-ingest-dead-letter.fifo'),
        MessageBody: '"a1"',
        MessageGroupId: 'A',
        MessageDeduplicationId: 'a1',
      }),
    );
    const { code, stdout, stderr } = await run(['replay', 'ingest', '--all', '--environment', 'prod'], env);
    expect({ code, stderr, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      stderr: '',
      last: 'ingest: 1 replayed, 0 left.',
    });
    expect(engine.depth('tocsin-prod-ingest.fifo').ready).toBe(1);

    for (const name of queueNames.filter((each) => each !== 'ingest')) {
      for (const QueueName of [name, deadLetterName(name)].map((each) => `tocsin-prod-${each}`)) {
        await client.send(new CreateQueueCommand({ QueueName }));
      }
    }
    const QueueName = 'tocsin-prod-dispatch-failures';
    await client.send(new CreateQueueCommand({ QueueName }));
    await client.send(new SendMessageCommand({ QueueUrl: engine.queueUrl(QueueName), MessageBody: '{"shardId":"1"}' }));
    const { stdout: list } = await run(['list', '--environment', 'prod'], env);
    expect(list.split('\n').map((line) => line.trim().split(/\s+/)[0])).toEqual([
      'Dead',
      'queue',
      ...queueNames,
      'dispatch-failures',
      '',
    ]);
    expect(/^ {2}dispatch-failures +(\d+)/m.exec(list)?.[1]).toBe('1');
  });

  it('drops nothing when there is nobody to ask', async () => {
    const world = await startWorld();
    await world.setAside('commands', '{}', 'broken', { messageId: 'm-1' });
    const dataDir = tempDir();
    recordEndpoints(dataDir, { pid: process.pid, url: 'http://unused', sqs: world.engine.endpoint });
    const id = await firstId(world, 'commands');
    const { code, stderr } = await run(['drop', 'commands', '--id', id], { DATA_DIR: dataDir });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('nobody to ask: add --yes') });
    expect(await shownIds(world, 'commands')).toEqual([id]);
  });
});
