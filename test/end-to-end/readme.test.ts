import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './support/free-port.ts';
import { listIncidents, readSandbox, readWhy } from './support/operator.ts';
import { requireProgram } from './support/programs.ts';
import { repository } from './support/repository.ts';
import { makeScope, type Program } from './support/scope.ts';
import { startTocsin, type Tocsin } from './support/tocsin.ts';
import { until } from './support/until.ts';

/** The README's first alert, word for word: its commands are run as somebody pastes them into a terminal. */
const scope = makeScope();
let tocsin: Tocsin;
let paste: (block: string) => Program;

beforeAll(async () => {
  requireProgram('prometheus-alertmanager');
  // As `npm start` without any setting, but for a port and a directory of its own.
  tocsin = await startTocsin(scope, { env: { SOURCE_TOKEN: '', SLACK_SIGNING_SECRET: '' } });
  const folder = scope.tempDir('readme');
  const port = await freePort();
  paste = (block) =>
    scope.run('bash', ['-c', here(block, folder, port)], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder },
    });
});
afterAll(scope.end);

/** What must differ here: addresses, a directory, and how long people would wait. */
const here = (block: string, folder: string, port: number): string =>
  block
    .replaceAll('http://127.0.0.1:8080', tocsin.url)
    .replaceAll('127.0.0.1:9093', `127.0.0.1:${port}`)
    .replaceAll('/tmp/alertmanager', join(folder, 'data'))
    .replace('group_wait: 5s', 'group_wait: 1s')
    .replace('group_interval: 30s', 'group_interval: 2s');

/** The blocks of the section, in order. */
function blocksOf(section: string): readonly string[] {
  const text = readFileSync(join(repository, 'README.md'), 'utf8').split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^```(?:sh)?\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

const withoutTimes = (line: string) => line.replace(/\s+/g, ' ').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

describe('the README', () => {
  it('gets a first alert from a real Alertmanager through its whole life', async () => {
    const blocks = blocksOf('A first alert from a real Alertmanager');
    const [connect = '', fire = '', answer = '', resolve = '', why = ''] = blocks;
    const said: Program[] = [paste(connect)];
    const seen = () => said.map((program) => program.output()).join('\n');
    await until('Alertmanager listens', () => seen().includes('Listening on'), { seen });
    said.push(paste(fire));
    const slackHas = (channel: string, text: string) =>
      until(
        `#${channel} shows ${text}`,
        async () =>
          (await readSandbox(tocsin)).slack?.channels
            .find(({ name }) => name === channel)
            ?.messages.find((message) => message.text.includes(text)),
        { seen },
      );
    await slackHas('incidents', 'INC-1');
    await slackHas('alice', 'INC-1');
    await until('PagerDuty notifies', async () => (await readSandbox(tocsin)).pagerduty?.notifications.length === 1);

    const command = (text: string) =>
      fetch(`${tocsin.url}/sandbox/api/command`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, channel: 'C0INCIDENTS', user: 'U0ALICE' }),
      });
    await command('ack');
    await slackHas('incidents', answer.trim());

    said.push(paste(resolve));
    await until('the incident resolves', async () => (await listIncidents(tocsin))[0]?.status === 'resolved', { seen });
    await slackHas('incidents', 'resolved');
    await until('PagerDuty is resolved', async () =>
      (await readSandbox(tocsin)).pagerduty?.alerts.every(({ status }) => status === 'resolved'),
    );

    await command('why 1');
    await slackHas('incidents', 'Why INC-1 paged whom');
    const explained = (await readWhy(tocsin, 1)).map(withoutTimes);
    const promised = why
      .trim()
      .split(/\n(?=\d)/)
      .slice(1);
    expect(promised).toHaveLength(5);
    for (const line of promised) expect(explained).toContain(withoutTimes(line.replace(/^[\d:]+ /, '')));
  });
});
