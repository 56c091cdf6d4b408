import { parseArgs } from 'node:util';
import { type QueueName, queueNames } from '#shared/runtime/messages.ts';
import { type RedriveQueue, streamFailures } from './dead-letter.ts';

const names: readonly RedriveQueue[] = [...queueNames, streamFailures];

export const redriveUsage = `Usage:
  npm run redrive -- list                          every dead-letter queue with its depth and age
  npm run redrive -- show QUEUE [--limit N]        its messages with their reasons; 10 unless told
  npm run redrive -- replay QUEUE --id ID | --all  back into QUEUE, then out of its dead-letter queue
  npm run redrive -- drop QUEUE --id ID [--yes]    away for ever, after asking

  --environment NAME   on AWS, with the credentials and the region of your shell; without it, the product that \`npm start\`
                       runs over DATA_DIR
  QUEUE                ${queueNames.join(', ')};
                       on AWS also ${streamFailures}, where there is nothing to replay

A message is sent before it is deleted: a crash in between leaves a copy in the dead-letter queue, never a gap.`;

export type RedriveCommand =
  | { readonly verb: 'list' }
  | { readonly verb: 'show'; readonly queue: RedriveQueue; readonly limit: number }
  /** `id` null: all of them. */
  | { readonly verb: 'replay'; readonly queue: QueueName; readonly id: string | null }
  | { readonly verb: 'drop'; readonly queue: RedriveQueue; readonly id: string; readonly confirmed: boolean };

export type RedriveArguments =
  | { readonly ok: true; readonly command: RedriveCommand; readonly environment: string | null }
  | { readonly ok: false; readonly problem: string };

const options = {
  environment: { type: 'string' },
  limit: { type: 'string' },
  id: { type: 'string' },
  all: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const;
type OptionName = keyof typeof options;

/** Everything that a verb does not take is refused: nothing is dropped or replayed by a mistyped word. */
const optionsOf: Readonly<Record<RedriveCommand['verb'], readonly OptionName[]>> = {
  list: [],
  show: ['limit'],
  replay: ['id', 'all'],
  drop: ['id', 'yes'],
};

const isVerb = (word: string): word is RedriveCommand['verb'] => Object.hasOwn(optionsOf, word);
const refuse = (problem: string): RedriveArguments => ({ ok: false, problem });

export function readRedriveArguments(args: readonly string[]): RedriveArguments {
  let given: ReturnType<typeof parse>;
  try {
    given = parse(args);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse(error.message);
  }
  const { values, positionals } = given;
  const [verb, queueName, ...rest] = positionals;
  if (verb === undefined) return refuse('Say what to do.');
  if (!isVerb(verb)) return refuse(`There is no command "${verb}".`);
  const { environment = null } = values;
  if (environment !== null && !/^[a-z][a-z0-9-]*$/.test(environment)) {
    return refuse('--environment takes a name such as prod.');
  }
  const wrong = (Object.keys(values) as OptionName[]).find(
    (name) => name !== 'environment' && !optionsOf[verb].includes(name),
  );
  if (wrong) return refuse(`${verb} takes no --${wrong}.`);
  if (verb === 'list') {
    return queueName === undefined
      ? { ok: true, command: { verb }, environment }
      : refuse(`list takes no queue: use show ${queueName}.`);
  }
  const queue = names.find((name) => name === queueName);
  if (queue === undefined || rest.length > 0) return refuse(`${verb} takes one queue of: ${names.join(', ')}.`);
  const command = readQueueCommand(verb, queue, values);
  return typeof command === 'string' ? refuse(command) : { ok: true, command, environment };
}

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true });

/** The command, or what is wrong with it. */
function readQueueCommand(
  verb: Exclude<RedriveCommand['verb'], 'list'>,
  queue: RedriveQueue,
  { limit = '10', id, all = false, yes = false }: ReturnType<typeof parse>['values'],
): RedriveCommand | string {
  switch (verb) {
    case 'show':
      return /^[1-9]\d{0,3}$/.test(limit)
        ? { verb, queue, limit: Number(limit) }
        : '--limit takes a number from 1 to 9999.';
    case 'replay':
      if (queue === streamFailures) return 'The sweep has dispatched what these stand for: drop them.';
      return (id === undefined) === all ? { verb, queue, id: id ?? null } : 'replay takes either --id ID or --all.';
    case 'drop':
      return id === undefined ? 'drop takes --id ID: see show.' : { verb, queue, id, confirmed: yes };
  }
}
