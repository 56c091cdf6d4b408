import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { comparePolicies } from '#local/policy/diff.ts';
import { sampleAlerts } from '#local/policy/sample-alerts.ts';
import { readPolicyFile, runPolicyCommand } from '#local/policy-command.ts';
import { onCallPolicy } from './on-call-policy.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-compare-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with some texts replaced. */
function write(name: string, ...changes: readonly (readonly [string, string])[]): string {
  let text = onCallPolicy;
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function run(...args: readonly string[]) {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const spies = [vi.spyOn(console, 'log').mockImplementation(say), vi.spyOn(console, 'error').mockImplementation(say)];
  try {
    const code = runPolicyCommand(args);
    return { code, lines: said.join('\n').split('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

function policyOf(path: string) {
  const reading = readPolicyFile(path);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
}

const from = ['--from', '2027-03-22T09:00'] as const;
const onlyNights = [
  '      - name: days\n        members: [alice]\n        shift: daily\n        start: 2026-01-05T09:00\n',
  '',
] as const;

describe('B29: npm run policy -- coverage', () => {
  it('prints what each person carries, nights and weekends of it', () => {
    const { code, lines } = run('coverage', write('whole.yaml'), '--days', '7', ...from);
    expect(code).toBe(0);
    expect(lines).toEqual([
      '7 days from 2027-03-22T08:00:00.000Z to 2027-03-29T08:00:00.000Z, without overrides',
      '',
      'primary (Europe/Berlin)',
      '  who    on call  share   of it nights  of it weekends',
      '  alice  85 h     50.6 %  0 h           24 h',
      '  bob    83 h     49.4 %  69 h          23 h',
    ]);
  });

  it('prints gaps first, and exits with 1 for them only with --strict', () => {
    const file = write('gaps.yaml', onlyNights);
    const { code, lines } = run('coverage', file, '--days', '14', ...from);
    expect(code).toBe(0);
    expect(lines[0]).toBe(
      'NOBODY is on call of primary from Mon 2027-03-22 09:00:00  03-22 08:00:00Z to Mon 2027-03-22 21:00:00  03-22 20:00:00Z (12 h)',
    );
    expect(lines[10]).toBe('NOBODY is on call of primary at 5 more times');
    expect(lines.at(-1)).toMatch(/^ {2}NOBODY +\d+ h +5\d\.\d %$/);
    expect(run('coverage', file, '--strict', ...from).code).toBe(1);
    expect(run('coverage', write('whole.yaml'), '--strict', ...from).code).toBe(0);
  });

  it('answers as JSON', () => {
    const { lines } = run('coverage', write('gaps.yaml', onlyNights), '--json', '--days', '1', ...from);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({
      from: '2027-03-22T08:00:00.000Z',
      schedules: [{ name: 'primary', gaps: [{ startsAt: '2027-03-22T08:00:00.000Z' }] }],
    });
  });

  it.each([
    [['--days', '0'], '--days is a whole number from 1 to 730.'],
    [['--days', 'many'], '--days is a whole number'],
    [['--from', '2027-03-28T02:30'], '--from: 2027-03-28T02:30 in Europe/Berlin does not exist'],
    [['--dyas', '9'], "Unknown option '--dyas'. Fix: the options are --days, --from, --file, --strict, --json."],
  ])('refuses %j', (args, problem) => {
    const { code, lines } = run('coverage', write('whole.yaml'), ...args);
    expect({ code, said: lines.join('\n') }).toEqual({ code: 2, said: expect.stringContaining(problem) });
  });
});

describe('B29: npm run policy -- diff', () => {
  it('says that nobody is told differently, also for another text of the same', () => {
    const same = write('same.yaml', ['meaning: nobody can pay', 'meaning: no payments']);
    const { code, lines } = run('diff', same, write('whole.yaml'), '--strict', ...from);
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^[0-9a-f]{12} -> [0-9a-f]{12}: 4 kinds of alerts at 3 times of the week: nobody is told differently$/,
    );
  });

  it('prints shifts and pages before and after', () => {
    const other = write(
      'other.yaml',
      ['members: [bob]', 'members: [carol]'],
      ['{ owner: manager }', '{ person: bob }'],
    );
    const { lines } = run('diff', other, write('whole.yaml'), ...from);
    expect(lines.slice(1, 4)).toEqual([
      '',
      'schedule primary changes (Europe/Berlin)',
      '  Mon 2027-03-22 21:00:00  03-22 20:00:00Z to Tue 2027-03-23 09:00:00  03-23 08:00:00Z: bob -> carol',
    ]);
    expect(lines.slice(-3)).toEqual([
      '{severity="critical"} {severity="critical",service="checkout"} at night',
      '  - SEV1, owner web: 0s bob by Slack message; 2m bob by SNS contact bob-phone; 30m carol by Slack message',
      '  + SEV1, owner web: 0s carol by Slack message; 30m bob by Slack message; 32m bob by SNS contact bob-phone',
    ]);
  });

  it('says first and aloud where SEV1 pages fewer people, and fails for it with --strict', () => {
    const other = write('fewer.yaml', ['      - { after: 30m, targets: [{ owner: manager }] }\n', '']);
    const { code, lines } = run('diff', other, write('whole.yaml'), ...from);
    expect(code).toBe(0);
    expect(lines[0]).toBe(
      'FEWER PEOPLE: SEV1 no longer pages carol on a working day, at a weekend for {severity="critical"} {severity="critical",service="checkout"}',
    );
    expect(run('diff', other, write('whole.yaml'), '--strict', ...from).code).toBe(1);
    expect(run('diff', write('whole.yaml'), other, '--strict', ...from).code).toBe(0);
  });

  it('finds a route that only one file has, and one whose severity fell', () => {
    const route = '  routes:\n    - { matchers: [\'team=~"db-.*"\'], severity: SEV1 }\nmaintenanceWindows:';
    const lower = route.replace('SEV1', 'SEV4');
    const plain = policyOf(write('whole.yaml'));
    const routed = policyOf(write('routed.yaml', ['maintenanceWindows:', route]));
    const lowered = policyOf(write('lowered.yaml', ['maintenanceWindows:', lower]));
    const at = '2027-03-22T08:00:00.000Z';
    expect(sampleAlerts(plain, routed).samples).toContainEqual({ team: 'db-x' });
    expect(comparePolicies(plain, routed, at)).toMatchObject({ loud: false });
    expect(comparePolicies(routed, lowered, at)).toMatchObject({
      loud: true,
      lines: expect.arrayContaining([expect.stringMatching(/^FEWER PEOPLE: SEV1 no longer pages .*team="db-x"/)]),
    });
  });

  it('refuses without another file, and with a wrong one', () => {
    expect(run('diff')).toMatchObject({ code: 2 });
    expect(run('diff', join(folder, 'missing.yaml'), write('whole.yaml')).code).toBe(1);
  });
});
