import { exhaustive } from '#shared/kernel/assert.ts';
import type { RedriveCommand } from './arguments.ts';
import { byAge, type DeadLetter, type DeadLetterQueue, describeAge, describeDeadLetter } from './dead-letter.ts';
import {
  countDeadLetters,
  dropDeadLetter,
  giveBackDeadLetters,
  replayDeadLetter,
  takeDeadLetters,
} from './dead-letter-queue.ts';
import { allQueues, type Place } from './find-queues.ts';

/** How many messages `list` looks at for the age of the oldest; how many `--all` holds at once; how many `--id` looks through. */
const peekLimit = 50;
const replayRoundLimit = 100;
const searchLimit = 1000;
/** Long enough to look, and to send a round of messages; after it what was not sent is seen again. */
const peekHoldSeconds = 30;
const workHoldSeconds = 300;

export interface RedriveOptions {
  readonly place: Place;
  readonly print: (line: string) => void;
  /** Asks a person; false for no, and where there is nobody to ask. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly nowMillis: () => number;
}

/** Carries out one command. False when what was asked for was not done; the reason is printed. */
export async function runRedrive(command: RedriveCommand, options: RedriveOptions): Promise<boolean> {
  if (command.verb === 'list') return listQueues(options);
  const queue = await options.place.find(command.queue);
  switch (command.verb) {
    case 'show':
      return showMessages(queue, command.limit, options);
    case 'replay':
      return command.id === null ? replayAll(queue, options) : replayOne(queue, command.id, options);
    case 'drop':
      return dropOne(queue, command, options);
    default:
      return exhaustive(command);
  }
}

async function listQueues({ place, print, nowMillis }: RedriveOptions): Promise<true> {
  const rows = await Promise.all(
    (await allQueues(place)).map(async (queue) => {
      const { waiting, inHand } = await countDeadLetters(place.client, queue);
      const letters = await peek(place, queue, Math.min(waiting, peekLimit));
      const oldest = letters[0];
      const more = waiting > letters.length && letters.length > 0 ? ' or more' : '';
      const age = oldest === undefined ? '' : `${describeAge(nowMillis() - oldest.sentMillis)}${more}`;
      return [queue.name, `${waiting}${inHand > 0 ? ` (and ${inHand} in hand)` : ''}`, age];
    }),
  );
  print(`Dead letters of ${place.label}:`);
  for (const [name = '', depth = '', age = ''] of [['queue', 'messages', 'oldest'], ...rows]) {
    print(`  ${name.padEnd(20)}${depth.padEnd(22)}${age}`.trimEnd());
  }
  return true;
}

async function showMessages(queue: DeadLetterQueue, limit: number, options: RedriveOptions): Promise<true> {
  const { place, print, nowMillis } = options;
  const letters = await peek(place, queue, limit);
  for (const letter of letters) print(`${describeDeadLetter(letter, nowMillis()).join('\n')}\n`);
  const { waiting } = await countDeadLetters(place.client, queue);
  print(`${queue.name}: ${letters.length} of ${Math.max(waiting, letters.length)} dead letters shown.`);
  return true;
}

/** Looks without keeping: what is seen is given back. Oldest first. */
async function peek({ client }: Place, queue: DeadLetterQueue, limit: number): Promise<readonly DeadLetter[]> {
  if (limit === 0) return [];
  const letters = await takeDeadLetters(client, queue, { limit, holdSeconds: peekHoldSeconds });
  await giveBackDeadLetters(client, queue, letters);
  return byAge(letters);
}

/**
 * As many messages as there were at the beginning, so that one which fails again at once is not sent in circles. Messages of
 * one group go in their old order, at least within a round.
 */
async function replayAll(queue: DeadLetterQueue, options: RedriveOptions): Promise<boolean> {
  const { place, print } = options;
  const { waiting } = await countDeadLetters(place.client, queue);
  let replayed = 0;
  while (replayed < waiting) {
    const limit = Math.min(replayRoundLimit, waiting - replayed);
    const letters = byAge(await takeDeadLetters(place.client, queue, { limit, holdSeconds: workHoldSeconds }));
    if (letters.length === 0) break;
    await replayEach(queue, letters, options);
    replayed += letters.length;
  }
  const left = await countDeadLetters(place.client, queue);
  print(`${queue.name}: ${replayed} replayed, ${left.waiting + left.inHand} left.`);
  return true;
}

async function replayEach(queue: DeadLetterQueue, letters: readonly DeadLetter[], options: RedriveOptions) {
  for (const [index, letter] of letters.entries()) {
    try {
      await replayDeadLetter(options.place.client, queue, letter);
    } catch (error) {
      options.print(`Stopped at ${letter.id}: it is still a dead letter, and may have been sent as well.`);
      await giveBackDeadLetters(options.place.client, queue, letters.slice(index));
      throw error;
    }
    options.print(`replayed ${letter.id}`);
  }
}

async function replayOne(queue: DeadLetterQueue, id: string, options: RedriveOptions): Promise<boolean> {
  const letter = await takeOne(queue, id, options);
  if (letter === null) return false;
  await replayEach(queue, [letter], options);
  return true;
}

/** Asks before it takes the message, because people think for longer than a message can be held. */
async function dropOne(
  queue: DeadLetterQueue,
  { id, confirmed }: { readonly id: string; readonly confirmed: boolean },
  options: RedriveOptions,
): Promise<boolean> {
  const { place, print, confirm, nowMillis } = options;
  const seen = await takeOne(queue, id, options);
  if (seen === null) return false;
  if (!confirmed) {
    await giveBackDeadLetters(place.client, queue, [seen]);
    print(describeDeadLetter(seen, nowMillis()).join('\n'));
    if (!(await confirm('Drop this message for ever? Nothing in it will be processed. [y/N] '))) {
      print('Nothing was dropped.');
      return false;
    }
  }
  const letter = confirmed ? seen : await takeOne(queue, id, options);
  if (letter === null) return false;
  await dropDeadLetter(place.client, queue, letter);
  print(`dropped ${id}`);
  return true;
}

async function takeOne(
  queue: DeadLetterQueue,
  id: string,
  { place, print }: RedriveOptions,
): Promise<DeadLetter | null> {
  const seen = await takeDeadLetters(place.client, queue, {
    limit: searchLimit,
    holdSeconds: workHoldSeconds,
    untilId: id,
  });
  const found = seen.find((letter) => letter.id === id) ?? null;
  await giveBackDeadLetters(
    place.client,
    queue,
    seen.filter((letter) => letter !== found),
  );
  if (found === null) {
    print(`${queue.name}: no dead letter ${id} among the ${seen.length} that can be seen. What another command`);
    print('has in hand, or had when it was stopped, is seen again after at most 5 minutes.');
  }
  return found;
}
