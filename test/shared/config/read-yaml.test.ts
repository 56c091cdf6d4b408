import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout } from './example-policy.ts';

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]',
  'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]',
  'd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]',
].join('\n');

const tooDeep = 'the file is nested too deeply. Fix: Use at most 64 levels; a bracket may have been left open.';

describe('a file that is not good YAML', () => {
  const texts = [
    {
      name: 'is told when it is empty',
      text: '',
      complaints: ['p.yaml:1:1: the policy file is empty. Fix: Start from config/local.yaml.'],
    },
    {
      name: 'is told when it is a list',
      text: '- a',
      complaints: ['p.yaml:1:1: the policy file is a list. Fix: Start from config/local.yaml.'],
    },
    {
      name: 'is refused for a key that stands twice',
      text: changeExample('main: {}', 'main: {}\n  main: {}'),
      complaints: ['p.yaml:23:3: this key is written twice in the same map. Fix: Remove or rename one of the two.'],
    },
    {
      name: 'is refused for a tab',
      text: changeExample('  main: {}', '\tmain: {}'),
      complaints: ['p.yaml:22:1: a tab is used to indent. Fix: Indent with spaces; YAML does not allow tabs here.'],
    },
    {
      name: 'is refused for a bracket left open',
      text: changeExample('main: {}', 'main: {'),
      complaints: [
        'p.yaml:23:1: this is not valid YAML: Flow map in block collection must be sufficiently indented and end with a }. Fix: Correct the YAML here; quotes around a value with special characters often help.',
      ],
    },
    {
      name: 'is refused for a second document',
      text: 'a: 1\n---\nb: 2',
      complaints: ['p.yaml:2:1: a second document starts here. Fix: Keep one document in the file; remove this "---".'],
    },
    {
      name: 'is refused for an anchor that nothing sets',
      text: 'a: *x',
      complaints: ['p.yaml:1:4: unknown anchor *x. Fix: Write the part out, or put &x before its first use.'],
    },
    {
      name: 'is refused for anchors that would fill the memory',
      text: bomb,
      complaints: [
        'p.yaml:1:1: the file repeats anchors (&name, *name) more than 100 times. Fix: Write the repeated parts out.',
      ],
    },
    {
      name: 'is refused for its size',
      text: 'x'.repeat(1_048_577),
      complaints: [
        'p.yaml:1:1: the file has 1048577 characters, more than the 1048576 that are read. Fix: Make it shorter.',
      ],
    },
    { name: 'is refused for 65 levels', text: '['.repeat(65) + ']'.repeat(65), complaints: [`p.yaml:1:1: ${tooDeep}`] },
  ];
  for (const { name, text, complaints } of texts) {
    it(name, () => {
      expect(complaintsAbout(text)).toEqual(complaints);
    });
  }

  it('is refused once, and not with a crash, for brackets without end', () => {
    const complaints = complaintsAbout('['.repeat(200_000));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(tooDeep);
  });
});
