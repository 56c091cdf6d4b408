import { describe, expect, it } from 'vitest';
import { exhaustive, InvariantError } from '#shared/kernel/assert.ts';

/** As a message of later code arrives: the compiler knows nothing of it. */
const parsed = (json: string): never => JSON.parse(json) as never;

describe('a case that this code does not know', () => {
  it.each([
    ['{"kind": "page again", "text": "xoxb-secret"}', 'page again'],
    ['{"type": "IncidentVanished", "note": "xoxb-secret"}', 'IncidentVanished'],
    ['{"responseUrl": "https://hooks.slack.example/secret"}', 'an object without a tag'],
    ['{"kind": {"secret": true}}', 'an object without a tag'],
    ['"unheard of"', 'unheard of'],
    ['null', 'object'],
    ['7', 'number'],
  ])('is named by its tag and by nothing else of it: %s', (json, tag) => {
    expect(() => exhaustive(parsed(json))).toThrow(new InvariantError(`unhandled case: ${tag}`));
  });
});
