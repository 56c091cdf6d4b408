import { describe, expect, it } from 'vitest';
import { authenticateSource } from '#shared/adapters/alertmanager/authenticate.ts';

const sources = {
  'cluster-a': { tokens: ['token-a-now', 'token-a-next'], basic: [{ username: 'prom', password: 'pass:word' }] },
  'cluster-b': { tokens: ['token-b'] },
  broken: 'not an object',
  empty: { tokens: [''], basic: [{ username: 'nobody', password: '' }, { username: 'half' }, null] },
};
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the caller of an alert door', () => {
  it.each([
    ['a bearer token', 'Bearer token-a-now', 'cluster-a'],
    ['the next token of a rotation', 'Bearer token-a-next', 'cluster-a'],
    ['a scheme in another case, with blanks', '  bearer   token-b ', 'cluster-b'],
    ['basic with a colon in the password', basic('prom:pass:word'), 'cluster-a'],
  ])('is known by %s', (_name, authorization, source) => {
    expect(authenticateSource(authorization, sources)).toBe(source);
  });

  it.each([
    ['no header', null],
    ['an empty header', ''],
    ['a token without its scheme', 'token-a-now'],
    ['another scheme', 'Digest token-a-now'],
    ['an unknown token', 'Bearer token-a-no'],
    ['a longer token', 'Bearer token-a-now2'],
    ['a token as a password', basic('token-a-now')],
    ['a wrong password', basic('prom:pass')],
    ['an empty token, although an empty one is stored', 'Bearer '],
    ['an empty password, although an empty one is stored', basic('nobody:')],
    ['a broken base64 text', 'Basic %%%'],
  ])('is nobody with %s', (_name, authorization) => {
    expect(authenticateSource(authorization, sources)).toBe(null);
  });
});
