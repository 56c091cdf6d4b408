import { afterAll, describe, expect, it } from 'vitest';
import { runKillNine } from './kill-nine/run.ts';
import { makeScope } from './support/scope.ts';

/** The quick variant of `npm run kill-nine`, which kills 50 times in a run of 100 alerts. */
const scope = makeScope();
afterAll(scope.end);

describe('the local run under kill -9', () => {
  // Leases of 30 s and deadlines of 60 s have to run out before nothing moves any more.
  it('loses no alert and tells nobody twice', { timeout: 400_000 }, async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    console.log(`kill -9: again with SEED=${seed}`);
    const { problems, figures } = await runKillNine(scope, { kills: 5, alerts: 12, seed, print: () => {} });
    console.log(figures);
    expect(problems).toEqual([]);
    expect(figures).toMatchObject({ 'alerts stored': 12, incidents: 3 });
    const { starting = 0, working = 0, calling = 0 } = figures;
    expect(starting + working + calling).toBe(5);
    expect(figures['PagerDuty notifications']).toBeGreaterThan(0);
    expect(figures['Slack messages']).toBeGreaterThan(0);
  });
});
