import { describe, expect, it } from 'vitest';
import { nearestName, suggestName } from '#shared/config/nearest-name.ts';

describe('the name that a typing mistake meant', () => {
  it('is the one within a third of its letters, whatever their case', () => {
    expect(nearestName('oncall', ['onCall', 'manager'])).toBe('onCall');
    expect(nearestName('slackChanel', ['slackChannel', 'slackTeam'])).toBe('slackChannel');
  });

  it('is not guessed when none is near, or two are as near', () => {
    expect(nearestName('zebra', ['onCall', 'manager'])).toBeNull();
    expect(nearestName('SEV5', ['SEV1', 'SEV2'])).toBeNull();
    expect(nearestName('x', [])).toBeNull();
  });

  it('is offered as a sentence, with at most twelve choices', () => {
    const known = Array.from({ length: 14 }, (_, index) => `name-${index}`);
    expect(suggestName('zebra', ['onCall'])).toBe('Use "onCall".');
    expect(suggestName('zebra', ['onCall', 'manager', 'onCall'])).toBe('Use one of: "onCall", "manager".');
    expect(suggestName('manger', ['onCall', 'manager'])).toBe('Did you mean "manager"?');
    expect(suggestName('zebra', known)).toBe(
      `Use one of: ${known
        .slice(0, 12)
        .map((name) => `"${name}"`)
        .join(', ')}, ....`,
    );
  });
});
