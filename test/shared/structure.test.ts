import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeOnly, withoutComments } from '#test/support/source-text.ts';

const sources = (...folders: string[]) =>
  execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', ...folders.map((folder) => `${folder}/*.ts`)],
    { encoding: 'utf8' },
  )
    .split('\n')
    .filter((file) => file.endsWith('.ts'));

interface SourceFile {
  readonly file: string;
  /** As it is written. */
  readonly source: string;
  /** Without comments, which may speak of what the code must not do. */
  readonly text: string;
}

const productFiles: readonly SourceFile[] = sources('shared', 'functions', 'infra', 'local', 'bench').map((file) => {
  const source = readFileSync(file, 'utf8');
  return { file, source, text: withoutComments(source) };
});
const pureFiles = productFiles.filter(
  ({ file }) => file.startsWith('shared/') && !/^shared\/(store|adapters|runtime)\//.test(file),
);
const offenders = (files: readonly SourceFile[], pattern: RegExp) =>
  files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

describe('what the rules look at', () => {
  const source = [
    '/** A late copy: any copy of `x`, // or not. */',
    "const address = 'http://example.org'; // as any address",
    'const link = /^https?:\\/\\/["`]/i;',
    'const say = `http: any // text`;',
    'const wrong: any = /* not here */ link;',
  ].join('\n');

  it('is code with its texts, without comments', () => {
    expect(withoutComments(source).split('\n')).toEqual([
      '',
      "const address = 'http://example.org'; ",
      'const link = /^https?:\\/\\/["`]/i;',
      'const say = `http: any // text`;',
      'const wrong: any =  link;',
    ]);
  });

  it('is code alone, where a type is meant', () => {
    expect(codeOnly(source).split('\n')).toEqual([
      '',
      'const address = ""; ',
      'const link = "";',
      'const say = "";',
      'const wrong: any =  link;',
    ]);
  });
});

describe('the structure of the project', () => {
  it('has files to look at', () => {
    expect(productFiles.length).toBeGreaterThan(20);
    expect(pureFiles.length).toBeGreaterThan(10);
  });

  it('keeps clock, randomness, environment and SDK out of the pure core', () => {
    const impure =
      /Date\.now\(|new Date\(\)|Math\.random\(|process\.env|from '@aws-sdk|from '@slack\/web-api|from '@pagerduty/;
    expect(offenders(pureFiles, impure)).toEqual([]);
  });

  it('lets only the hash of the kernel import from node', () => {
    expect(offenders(pureFiles, /from 'node:/)).toEqual(['shared/kernel/hash.ts']);
  });

  it('never lets a pure concept import the store, an adapter or the runtime', () => {
    expect(offenders(pureFiles, /from '(\.\.|#shared)\/(store|adapters|runtime)\//)).toEqual([]);
  });

  it('never lets shared code import a function, the stacks or the local run', () => {
    const shared = productFiles.filter(({ file }) => file.startsWith('shared/'));
    expect(offenders(shared, /from '(#functions|#infra|#local|.*\/(functions|infra|local)\/)/)).toEqual([]);
  });

  it('keeps handler files thin and every file under 250 lines', () => {
    const lines = ({ source }: SourceFile) => source.split('\n').length;
    const long = productFiles.filter((each) => lines(each) > 250).map((each) => each.file);
    const thick = productFiles
      .filter((each) => each.file.startsWith('functions/') && lines(each) > 80)
      .map((each) => each.file);
    expect({ long, thick }).toEqual({ long: [], thick: [] });
  });

  it('asks nowhere whether it is under test', () => {
    expect(offenders(productFiles, /NODE_ENV|VITEST|process\.env\.TEST/)).toEqual([]);
  });

  it('switches no type off', () => {
    const directed = productFiles.filter(({ source }) => /@ts-(ignore|nocheck|expect-error)/.test(source));
    const typeless = productFiles.filter(({ source }) => /[:<|&,]\s*any\b|\bas any\b|\bany\[\]/.test(codeOnly(source)));
    expect([...directed, ...typeless].map(({ file }) => file)).toEqual([]);
  });

  it('makes key strings in one file only', () => {
    const outside = productFiles.filter(({ file }) => file.startsWith('shared/') && file !== 'shared/store/keys.ts');
    expect(offenders(outside, /[`'](INCIDENT|ALERT|GROUP|OPEN|PAGE|INTAKE|RATE|BREAKER|QUARANTINE)#/)).toEqual([]);
  });
});
