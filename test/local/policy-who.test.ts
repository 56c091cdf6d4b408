import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runPolicyCommand } from '#local/policy-command.ts';
import { onCallPolicy } from './on-call-policy.ts';

const script = fileURLToPath(new URL('../../local/policy-command.ts', import.meta.url));
let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-who-'));
  file = join(folder, 'night.yaml');
  writeFileSync(file, onCallPolicy);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command here: exit code, and what it printed on both streams. */
function run(...args: readonly string[]) {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const spies = [vi.spyOn(console, 'log').mockImplementation(say), vi.spyOn(console, 'error').mockImplementation(say)];
  try {
    const code = runPolicyCommand(args);
    return { code, said: said.join('\n').replace(/policy file [0-9a-f]{12}/, 'policy file HASH') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
const who = (...args: readonly string[]) => run('who', file, ...args);
const critical = ['--alert', 'severity=critical,service=checkout'] as const;

describe('B29: npm run policy -- who', () => {
  it('prints who is told, by which rule, when on both clocks, and why not the others', () => {
    expect(who('--at', '2027-03-28T01:30', ...critical)).toEqual({
      code: 0,
      said: `Alert {severity="critical",service="checkout"} of source main
at Sun 2027-03-28 01:30:00  03-28 00:30:00Z (Europe/Berlin), policy file HASH

SEV1 by route root, service checkout, owner web
  route    takes every alert that no other route takes
  opens    Sun 2027-03-28 01:30:00  03-28 00:30:00Z
  policy   night, chosen by severity SEV1

  Sun 2027-03-28 01:30:00  03-28 00:30:00Z  step 1  pages bob by Slack message (layer nights of schedule primary)
  Sun 2027-03-28 01:32:00  03-28 00:32:00Z  step 1  pages bob by SNS contact bob-phone (layer nights of schedule primary), 2m after the step unless acknowledged
  Sun 2027-03-28 03:00:00  03-28 01:00:00Z  step 2  pages carol by Slack message
  Sun 2027-03-28 03:30:00  03-28 01:30:00Z          Nobody acknowledged within 1h, the time that its severity gives.
  then nothing more comes by itself
  a page that is not handed over within 1m goes to the fallback

  Not told
    alice  not on call of primary until Sun 2027-03-28 09:00:00  03-28 07:00:00Z

The file knows no silences and no overrides that people made: "/incident who" and POST /v1/simulations do.`,
    });
  });

  it('answers as JSON what POST /v1/simulations answers', () => {
    const { code, said } = who('--at', '2027-03-28T00:30Z', '--json', ...critical);
    expect(code).toBe(0);
    expect(JSON.parse(said).prediction).toMatchObject({ outcome: 'told', at: '2027-03-28T00:30:00.000Z' });
  });

  it('exits with 3 when nobody is paged', () => {
    expect(who('--at', '2027-03-28T00:30Z', '--alert', 'severity=info').code).toBe(3);
    expect(who('--at', '2027-03-28T00:30Z', '--alert', 'team=database')).toMatchObject({
      code: 3,
      said: expect.stringContaining('NOBODY IS TOLD: held back by maintenance window patches until'),
    });
  });

  it.each([
    ['2027-03-28T02:30', 'does not exist: clocks skip it', '2027-03-28T00:30Z (Sun 2027-03-28 01:30:00)'],
    ['2027-10-31T02:30', 'exists twice: clocks show it again', '2027-10-31T00:30Z (Sun 2027-10-31 02:30:00)'],
  ])('refuses the local time %s with both readings', (at, problem, fix) => {
    const { code, said } = who('--at', at, ...critical);
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(problem) });
    expect(said).toContain(`Fix: write the instant that you mean, ${fix}`);
    expect(who('--at', at, '--zone', 'UTC', ...critical).code).toBe(0);
  });

  it.each([
    [['--at', 'tomorrow', ...critical], '--at: "tomorrow" is no time. Fix: write a local time such as'],
    [['--at', '2027-02-30T01:00', ...critical], 'is no time'],
    [['--alert', 'severity=~critical'], 'label severity is written with =~'],
    [['--alert', 'severity'], 'labels cannot be read'],
    [['--alert', 'a=b,a=c'], 'label a is given twice'],
    [[], 'No alert is given. Fix: add --alert'],
    [['--zone', 'Berlin', ...critical], 'Berlin is no time zone'],
    [['--source', 'mian', ...critical], 'There is no source "mian". Fix: name one of main,'],
    [['--severity', 'SEV0', ...critical], 'SEV0 is no severity'],
    [['--horizon', 'long', ...critical], '--horizon long is no duration'],
    [['--horizon', '31d', ...critical], '--horizon 31d is longer than 30d'],
    [['--alrt', 'a=b'], "Unknown option '--alrt'. Fix: the options are --at, --alert, --zone, --source,"],
    [['--alert', 'a=b', '--at'], "Option '--at <value>' argument missing. Fix: the options are --at,"],
  ])('refuses %j', (args, problem) => {
    expect(who(...args)).toEqual({ code: 2, said: expect.stringContaining(problem) });
  });

  it('says of a later contact that an acknowledgement comes before it', () => {
    const said = (acknowledged: string) =>
      who('--at', '2027-03-28T01:30', ...critical, '--acknowledged', acknowledged).said;
    const later = 'by SNS contact bob-phone (layer nights of schedule primary)';
    expect(said('2027-03-28T01:31')).toContain(
      `03-28 00:32:00Z  step 1  does not page bob ${later}: acknowledged before`,
    );
    expect(said('2027-03-28T01:32')).toContain('acknowledged before');
    expect(said('2027-03-28T01:33')).toContain(`03-28 00:32:00Z  step 1  pages bob ${later}, 2m after the step`);
  });

  it('takes commas and blanks in quotes', () => {
    const labels = '{severity="critical", note="a, b = c"}';
    expect(who('--at', '2027-03-28T00:30Z', '--alert', labels).said).toContain('note="a, b = c"');
  });

  it('refuses a wrong file with its problems', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, 'who', '--file', script, ...critical], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('problem');
  });
});
