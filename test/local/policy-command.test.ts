import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFile } from '#local/policy-command.ts';
import { changeExample, examplePolicy } from '../shared/config/example-policy.ts';

const script = fileURLToPath(new URL('../../local/policy-command.ts', import.meta.url));
let folder = '';
let good = '';
let doubtful = '';
let gappy = '';
let wrong = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-policy-'));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  good = write('good.yaml', examplePolicy);
  doubtful = write('doubtful.yaml', changeExample('    manager: bob\n', ''));
  const nights = 'when: [{ days: [mon, tue, wed, thu, fri], start: "18:00", end: "09:00" }]';
  const layer = `{ members: [alice, bob], shift: weekly, start: 2026-03-02T18:00, ${nights} }`;
  gappy = write(
    'gappy.yaml',
    `${examplePolicy}schedules: { pager: { timeZone: Europe/Berlin, layers: [${layer}] } }\n`,
  );
  wrong = write('wrong.yaml', changeExample('onCall: alice', 'onCall: alise'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('npm run policy -- check', () => {
  it('says OK with the hash and the counts', () => {
    const { lines, ok } = checkFile(good, true, '2026-11-02T12:00:00.000Z');
    expect(ok).toBe(true);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /good\.yaml: OK, policy [0-9a-f]{12} \(sources 1, services 1, teams 1, people 2, escalation policies 5, routes 5\)$/,
    );
  });

  it('lets warnings pass, and refuses them with --strict', () => {
    expect(checkFile(doubtful, false, '2026-11-02T12:00:00.000Z')).toMatchObject({
      ok: true,
      lines: [expect.stringMatching(/^warning: .*doubtful\.yaml:11:3: /), expect.stringContaining(': OK, policy ')],
    });
    expect(checkFile(doubtful, true, '2026-11-02T12:00:00.000Z')).toMatchObject({
      ok: false,
      lines: [expect.stringMatching(/^warning: /), expect.stringMatching(/refused by --strict for its warnings$/)],
    });
  });

  it('B26: lets a gap in a schedule pass with a warning, and refuses it with --strict', () => {
    const now = '2026-11-02T12:00:00.000Z';
    const gap = expect.stringMatching(/^warning: .*gappy\.yaml:39:14: nobody of schedule pager is on call from /);
    expect(checkFile(gappy, false, now)).toMatchObject({
      ok: true,
      lines: [gap, expect.stringContaining(': OK, policy ')],
    });
    expect(checkFile(gappy, true, now)).toMatchObject({
      ok: false,
      lines: [gap, expect.stringMatching(/refused by --strict for its warnings$/)],
    });
  });

  it('exits with 1 and prints every problem of a wrong file', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, 'check', good, wrong], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('wrong.yaml:12:13: unknown person or schedule "alise". Fix: Did you mean "alice"?');
    expect(stderr).toContain('wrong.yaml: 1 problem\n');
  });

  it('exits with 1 and a sentence when a file is not there', () => {
    const missing = join(folder, 'missing.yaml');
    expect(checkFile(missing, false, '2026-11-02T12:00:00.000Z')).toEqual({
      ok: false,
      lines: [`${missing}: cannot be read (ENOENT). Fix: name an existing policy file, such as config/local.yaml.`],
    });
  });

  it('exits with 2 for a mistyped option, so that --strcit cannot pass', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, 'check', doubtful, '--strcit'], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('Usage:');
  });
});

describe('npm run policy -- windows', () => {
  it('prints the next five of each maintenance window', () => {
    const text = examplePolicy.replace(
      'fallback:',
      `maintenanceWindows:\n  patching: { matchers: ['team="a"'], start: "02:00", duration: 2h, daily: true }\nfallback:`,
    );
    const path = join(folder, 'windows.yaml');
    writeFileSync(path, text);
    const printed = execFileSync(process.execPath, [script, 'windows', path], { encoding: 'utf8' });
    const [title, ...occurrences] = printed.trimEnd().split('\n');
    expect(title).toBe('patching: 2h, silences {team="a"}');
    expect(occurrences).toHaveLength(5);
    expect(occurrences[1]).toMatch(/^ {2}\w{3} \d{4}-\d\d-\d\d 02:00 to 04:00 UTC$/);
  });
});

describe('npm run policy -- show', () => {
  it('prints the compiled policy as JSON', () => {
    const shown: unknown = JSON.parse(execFileSync(process.execPath, [script, 'show', good], { encoding: 'utf8' }));
    expect(shown).toMatchObject({ environment: 'good', route: { path: 'root', owner: 'web' }, retentionDays: 400 });
  });
});
