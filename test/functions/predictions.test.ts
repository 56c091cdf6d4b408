import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeHandler as makeTick } from '#functions/tick-escalation.ts';
import type { Policy } from '#shared/config/policy.ts';
import { timerAt } from '#shared/incident/dues.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { addSeconds, earliest, type Instant, secondsBetween } from '#shared/kernel/instant.ts';
import type { Override } from '#shared/on-call/override.ts';
import { predict, predictOpen } from '#shared/prediction/predict.ts';
import type { PredictedCourse } from '#shared/prediction/prediction.ts';
import { runCommand } from '#shared/runtime/run-command.ts';
import { loadPages } from '#shared/store/incident-store.ts';
import { saveOverrides } from '#shared/store/override-store.ts';
import { aWebhook, type IngestWorld, startedAt } from '#test/support/ingest-world.ts';
import { randomOverrides, randomPolicy } from '#test/support/policy-arbitraries.ts';
import { PostedWorld } from '#test/support/posted-world.ts';
import { predictionDifferences } from '#test/support/prediction-differences.ts';
import { asked } from '#test/support/prediction-kit.ts';

/** The handlers on a clock that a test moves, against the answer of `who`: equal to the millisecond. */

const horizonSeconds = 6 * 3_600;
const alice = { kind: 'person', id: 'U-alice', name: 'alice' } as const;

/** A night without a change of clocks, the night of one in Berlin, a Monday morning, and a Sunday. */
const instants: readonly Instant[] = [
  startedAt,
  '2027-03-28T00:30:00.000Z',
  '2026-11-23T06:55:00.000Z',
  '2026-10-25T00:10:00.000Z',
];

interface Case {
  readonly policy: Policy;
  readonly overrides: readonly Override[];
  readonly at: Instant;
  readonly severity: string;
  readonly acknowledgedAfter: number | null;
  readonly arrival: 'webhook' | 'posted';
}

const randomCase: fc.Arbitrary<Case> = fc.constantFrom(...instants).chain((at) =>
  fc.record({
    policy: randomPolicy,
    overrides: randomOverrides(at),
    at: fc.constant(at),
    severity: fc.constantFrom('critical', 'error', 'warning'),
    acknowledgedAfter: fc.constantFrom(null, null, 90, 301, 700),
    arrival: fc.constantFrom('webhook', 'posted'),
  }),
);

describe('B29: a prediction', () => {
  it('is what ingest, timer and ledger do, to the millisecond, whatever the policy file says', async () => {
    let told = 0;
    let pages = 0;
    await fc.assert(
      fc.asyncProperty(randomCase, async (random) => {
        const { differences, owed } = await playBoth(random);
        expect(differences).toEqual([]);
        told += 1;
        pages += owed;
      }),
      { numRuns: 400, seed: 29 },
    );
    expect(told).toBe(400);
    expect(pages).toBeGreaterThan(2_000);
  });
});

async function playBoth(random: Case): Promise<{ readonly differences: readonly string[]; readonly owed: number }> {
  const { policy, overrides, at, severity, acknowledgedAfter, arrival } = random;
  const labels = { alertname: 'CheckoutDown', severity };
  const acknowledgedAt = acknowledgedAfter === null ? null : addSeconds(at, acknowledgedAfter);
  const world = await playHandlers(random, labels, acknowledgedAt);
  const question = asked({ labels, at, arrival, horizonSeconds, acknowledgedAt });
  const horizon = addSeconds(at, horizonSeconds);
  const prediction = predict(policy, question, { overrides, silences: [] });
  const predicted = prediction.outcome === 'told' ? prediction.incidents : [];
  const incidents = world.incidents();
  expect(predicted.map(({ routePath }) => routePath).sort()).toEqual(
    incidents.map(({ routePath }) => routePath).sort(),
  );
  const compared = await Promise.all(
    incidents.map(async ({ id, routePath, pinned }) => {
      const course = predicted.find((each) => each.routePath === routePath);
      if (course === undefined) throw new Error('it was predicted');
      expect(course.escalationPolicy).toBe(pinned.escalation.name);
      const opened = world.opened.find((each) => each.id === id);
      if (opened !== undefined && acknowledgedAt === null) {
        const next = predictOpen(opened, opened.openedAt, { policy, overrides, horizonSeconds });
        expect(later(next, opened.openedAt)).toEqual(later(course, opened.openedAt));
      }
      const ledger = await loadPages(world.memory, id);
      const until = addSeconds(earliest(course.knownUntil ?? horizon, horizon), 0.001);
      return {
        owed: ledger.length,
        differences: predictionDifferences({ moments: course.moments, ledger, until, toleranceSeconds: 0 }),
      };
    }),
  );
  return {
    differences: compared.flatMap(({ differences }) => differences),
    owed: compared.reduce((sum, { owed }) => sum + owed, 0),
  };
}

/** What comes behind the opening. */
const later = ({ moments }: PredictedCourse, openedAt: Instant) => moments.filter(({ at }) => at > openedAt);

/** `opened`: the incidents as they were when they opened. */
type Played = IngestWorld & { readonly opened: readonly Incident[] };

async function playHandlers(
  { policy, overrides, at, arrival }: Case,
  labels: Readonly<Record<string, string>>,
  acknowledgedAt: Instant | null,
): Promise<Played> {
  const world = new PostedWorld(policy);
  world.clock.advance(secondsBetween(startedAt, at));
  await saveOverrides(world.memory, { version: 0 }, overrides, policy);
  if (arrival === 'webhook') await world.receive(aWebhook([{ status: 'firing', labels, startsAt: at }]));
  else await postAndWait(world, labels, at);
  const opened = world.incidents();
  let pending = acknowledgedAt;
  for (let acts = 0; acts < 1_000; acts += 1) {
    const dueAt = earliestDue(world);
    const byPerson = pending !== null && (dueAt === null || pending <= dueAt);
    const next = byPerson ? pending : dueAt;
    if (next === null || next > addSeconds(at, horizonSeconds)) return Object.assign(world, { opened });
    world.clock.advance(Math.max(0, secondsBetween(world.clock.now(), next)));
    if (byPerson) {
      await acknowledgeAll(world);
      pending = null;
    } else await runDue(world, next);
  }
  throw new Error('more was due than anybody would read');
}

/** Posted, and released when its group has waited. */
async function postAndWait(world: PostedWorld, labels: Readonly<Record<string, string>>, at: Instant): Promise<void> {
  await world.fires(labels, at);
  const held = (await world.alert({ status: 'firing', labels }))?.suppressedBy;
  if (held?.kind !== 'group wait') return;
  world.clock.advance(secondsBetween(world.clock.now(), held.until));
  await world.release();
}

const earliestDue = (world: IngestWorld): Instant | null =>
  world
    .incidents()
    .flatMap((incident) => timerAt(incident) ?? [])
    .sort()[0] ?? null;

async function acknowledgeAll(world: IngestWorld): Promise<void> {
  const command = { type: 'AcknowledgeIncident', seenSeverity: null, seenGeneration: null } as const;
  for (const { id: incidentId } of world.incidents()) {
    await runCommand(world.deps, { incidentId, command, actor: alice, commandId: null, correlationId: 'by-hand' });
  }
}

async function runDue(world: IngestWorld, now: Instant): Promise<void> {
  const tick = makeTick(world.deps);
  for (const incident of world.incidents()) {
    const { id: incidentId, generation, timerPart: part } = incident;
    if (timerAt(incident) === now) await tick({ incidentId, generation, part, ticks: 0 });
  }
}
