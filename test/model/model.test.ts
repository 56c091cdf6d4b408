import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { severities } from '#shared/incident/severity.ts';
import type { Span } from './clock-table.ts';
import { type Happening, happenings } from './commands.ts';
import { policies, type Rules } from './policies.ts';
import { Tally } from './tally.ts';
import { ModelWorld } from './world.ts';

/**
 * Random policies and random lives of an incident, each command told to the product and to a reference written only for
 * this test (reference-*.ts), which shares no rule with it. A failure prints the seed and the shortest life that fails.
 */

const runs = Number(process.env.MODEL_RUNS ?? 2_000);
const rules: Rules = { schedules: true, people: true, deadlines: true, repeatsAll: true };

const starts = ['2026-03-02', '2026-03-27', '2026-04-03', '2026-10-23'] as const;

/** Each of these must have happened now and then, or the model does not prove its rule. */
const expected = [
  'acknowledgement expired',
  'severity rose',
  're-opened',
  'escalated by a person',
  'resolve deadline passed',
  'PolicyMoved',
  'expires soon',
  'update due',
  'acknowledge deadline',
  'acknowledge deadline, pages',
  'resolve deadline',
  'delayed page',
  'third round',
  'skipped: quiet hours',
  'skipped: cooldown',
  'skipped: nobody on call',
  'skipped: already triggered in this generation',
  'fallback: nobody on call',
  'fallback: target is gone',
  'fallback: nobody acknowledged',
];

class Told {
  readonly happening: Happening;
  constructor(happening: Happening) {
    this.happening = happening;
  }
  check = (): boolean => true;
  run(_: object, world: ModelWorld): void {
    this.happening.happens(world);
  }
  toString = (): string => this.happening.words;
}

const dayMillis = 86_400_000;

const life = fc.constantFrom(...starts).chain((startsOn) => {
  const drawn = policies(startsOn, rules);
  return fc.record({
    startsOn: fc.constant(startsOn),
    policy: drawn,
    severity: fc.constantFrom(...severities),
    beginsAtMinute: fc.integer({ min: 0, max: 2 * 24 * 60 }),
    commands: fc.commands([happenings(drawn).map((each) => new Told(each))], { maxCommands: 60, size: 'max' }),
  });
});

describe('an incident beside its reference', () => {
  it('pages the same people at the same instants, whatever happens to it', async () => {
    const tally = new Tally();
    await fc.assert(
      fc.property(life, ({ startsOn, policy, severity, beginsAtMinute, commands }) => {
        const midnight = Date.parse(`${startsOn}T00:00:00Z`);
        const span: Span = { from: midnight - 2 * dayMillis, days: 70 };
        const world = new ModelWorld(policy, span, midnight + beginsAtMinute * 60_000, tally);
        world.play(world.joins(severity, ['a']), (reference) => reference.fires(['a'], severity));
        fc.modelRun(() => ({ model: {}, real: world }), commands);
        world.finish();
        tally.commands += [...commands].length;
      }),
      { numRuns: runs },
    );
    console.log(`${runs} lives of an incident, ${tally.commands} commands, ${tally.commits} commits: ${tally}`);
    const rare = expected.filter((what) => tally.of(what) < runs / 600);
    expect(rare, 'what the lives hardly came to').toEqual([]);
  }, 120_000);
});
