import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, commands } from './command-list.ts';
import type { Comparison, Difference } from './difference.ts';
import type { Amtool } from './programs.ts';

/** Addresses of Alertmanager's API, with a credential where one is needed. */
export interface Servers {
  readonly theirs: string;
  readonly ours: string;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*( UTC|Z)?/g;

/** What two servers may say differently: ids, times and addresses. */
const normalise = (text: string): string =>
  text
    .replace(uuid, '<id>')
    .replace(time, '<time>')
    .replaceAll(/https?:\/\/\S+/g, '<address>')
    .trimEnd();

const imported = [
  {
    matchers: [{ name: 'team', value: 'imported', isRegex: false }],
    startsAt: '2020-01-01T00:00:00.000Z',
    endsAt: '2100-01-01T00:00:00.000Z',
    createdBy: 'a person',
    comment: 'kept in a file',
  },
];

interface Outcome {
  readonly exit: number;
  readonly text: string;
}

/** Every command of amtool that asks a server, in one order, against a real Alertmanager and against Tocsin. */
export async function compareCommands(amtool: Amtool, servers: Servers, folder: string): Promise<Comparison> {
  writeFileSync(join(folder, 'silences.json'), JSON.stringify(imported));
  const lastIds = new Map<string, string>();
  const outcomeOn = async (url: string, one: Command): Promise<Outcome> => {
    const words = one.arguments.map((word) =>
      word
        .replace(/^ID$/, lastIds.get(url) ?? 'none')
        .replace(/^FILE$/, 'silences.json')
        .replace(/^NOTHING$/, 'absent.json'),
    );
    const flags = [`--alertmanager.url=${url}`, '--no-version-check'];
    const { exit, output, errors } = await amtool.run([...flags, ...words], folder);
    if (words[0] === 'silence' && words[1] === 'add' && exit === 0) {
      lastIds.set(url, output.trimEnd().split('\n').at(-1) ?? '');
    }
    return { exit: exit === 0 ? 0 : 1, text: one.exitOnly ? '' : normalise(`${output}${errors}`) };
  };
  const differences: Difference[] = [];
  for (const one of commands) {
    if (one.afterMillis !== undefined) await sleep(one.afterMillis);
    const [theirs, ours] = [await outcomeOn(servers.theirs, one), await outcomeOn(servers.ours, one)];
    if (theirs.exit === ours.exit && theirs.text === ours.text) continue;
    differences.push({ part: 'command', program: amtool.name, input: one.arguments.join(' '), theirs, ours });
  }
  return { cases: commands.length, differences };
}
