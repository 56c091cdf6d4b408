import fc from 'fast-check';
import type { Policy } from '#shared/config/policy.ts';
import type { IncidentCommand } from '#shared/incident/commands.ts';
import { timerAt } from '#shared/incident/dues.ts';
import { type Severity, severities } from '#shared/incident/severity.ts';
import { acknowledges, escalates, resolves, resolvesByHand, silences } from '#test/support/decision-builders.ts';
import { peopleNames } from './policy-pieces.ts';
import type { ModelWorld } from './world.ts';

/** What can happen to an incident: each tells it to the product and to the reference. */
export interface Happening {
  readonly words: string;
  happens(world: ModelWorld): void;
}

const severity = fc.constantFrom(...severities);
const names = fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 });

const happening = (words: string, happens: Happening['happens']): Happening => ({ words, happens });

const fires = fc.record({ names, severity }).map(({ names: wanted, severity: as }) =>
  happening(`${wanted} fire as ${as}`, (world) => {
    const fresh = wanted.filter((name) => !world.reference.firing.has(name));
    if (fresh.length === 0 || world.reference.status === 'closed') return;
    world.play(world.joins(as, fresh), (reference) => reference.fires(fresh, as));
  }),
);

const ends = fc.record({ names, silenced: fc.boolean() }).map(({ names: wanted, silenced }) =>
  happening(`${wanted} ${silenced ? 'are silenced' : 'end'}`, (world) => {
    const ended = wanted.filter((name) => world.reference.firing.has(name));
    if (ended.length === 0) return;
    world.play(silenced ? silences(ended) : resolves(ended), (reference) => reference.ends(ended));
  }),
);

const answers = fc.option(fc.record({ severity, generation: fc.constantFrom(1, 2, 3) }), { nil: null }).map((seen) =>
  happening(seen === null ? 'somebody acknowledges' : `a button of ${seen.severity} ${seen.generation}`, (world) => {
    if (world.incident === null) return;
    const command: IncidentCommand =
      seen === null
        ? acknowledges
        : { type: 'AcknowledgeIncident', seenSeverity: seen.severity, seenGeneration: seen.generation };
    world.play(command, (reference) => reference.acknowledge(seen));
  }),
);

const people = fc.constantFrom(
  happening('somebody resolves', (world) => {
    if (world.incident) world.play(resolvesByHand, (reference) => reference.resolveByHand());
  }),
  happening('somebody escalates', (world) => {
    if (world.incident) world.play(escalates, (reference) => reference.escalate());
  }),
  happening('somebody escalates', (world) => {
    if (world.incident) world.play(escalates, (reference) => reference.escalate());
  }),
  happening('somebody writes a note', (world) => {
    if (world.incident) world.play({ type: 'AddNote', text: 'We look.' }, (reference) => reference.note());
  }),
  happening('somebody closes', (world) => {
    if (world.incident) world.play({ type: 'CloseIncident' }, (reference) => reference.close());
  }),
);

const judges = severity.map((to: Severity) =>
  happening(`judged ${to}`, (world) => {
    if (world.incident)
      world.play({ type: 'ChangeSeverity', severity: to }, (reference) => reference.changeSeverity(to));
  }),
);

// The clock

const waits = fc
  .constantFrom(0, 1, 30, 300, 1000, 9000, 40_000)
  .map((seconds) => happening(`${seconds} s pass`, (world) => world.wait(seconds)));

/** To the instant at which something is due or told, or around it. */
const untilDue = fc
  .record({ lateMillis: fc.constantFrom(-1000, 0, 0, 0, 1, 1000, 60_000, 4_000_000), told: fc.boolean() })
  .map(({ lateMillis, told }) =>
    happening(`until due${told ? ' or told' : ''} and ${lateMillis} ms`, (world) => {
      const { incident } = world;
      const at = incident && (told ? timerAt(incident) : incident.dueAt);
      if (at) world.now = Math.max(world.now, Date.parse(at) + lateMillis);
    }),
  );

/** A timer or the sweep does what is due. `again`: another comes at the same moment with what it saw before. */
const advances = fc
  .record({ by: fc.constantFrom('timer', 'timer', 'sweep'), again: fc.constantFrom(null, null, 'timer', 'sweep') })
  .map(({ by, again }) =>
    happening(`the ${by} comes${again === null ? '' : `, and the ${again}`}`, (world) => {
      const { incident } = world;
      if (incident === null) return;
      const { generation, timerPart, dueAt } = incident;
      const bring = (who: string): IncidentCommand =>
        who === 'timer'
          ? { type: 'AdvanceIncident', generation, timerPart, dueAt, startNewPart: false }
          : { type: 'AdvanceIncident', generation, timerPart: null, dueAt, startNewPart: true };
      const seen = { generation, dueAt: dueAt === null ? null : Date.parse(dueAt) };
      const first = world.play(bring(by), (reference) => reference.advance(seen));
      if (again === null) return;
      // The sweep has another execution started, so the one that was there comes too late, whatever is due.
      const isReplaced = by === 'sweep' && again === 'timer' && first === 'accepted';
      world.play(bring(again), (reference) => (isReplaced ? 'unchanged' : reference.advance(seen)));
    }),
  );

// What is live

const overrides = fc
  .record({
    schedule: fc.constantFrom('primary', 'second'),
    person: fc.constantFrom(...peopleNames),
    replaces: fc.option(fc.constantFrom(...peopleNames), { nil: null }),
    fromSeconds: fc.constantFrom(-3600, 0, 1, 600),
    forSeconds: fc.constantFrom(600, 7200, 100_000),
  })
  .map(({ schedule, person, replaces, fromSeconds, forSeconds }) =>
    happening(`${person} takes over ${schedule}${replaces === null ? '' : ` from ${replaces}`}`, (world) => {
      const startsAt = new Date(world.now + fromSeconds * 1000).toISOString();
      const endsAt = new Date(world.now + (fromSeconds + forSeconds) * 1000).toISOString();
      const by = { kind: 'person', id: 'U-DORA', name: 'Dora' } as const;
      world.overrides = [
        ...world.overrides,
        {
          schema: 1,
          version: 1,
          id: `override-${String(1000 - world.overrides.length)}`,
          schedule,
          person,
          replaces,
          startsAt,
          endsAt,
          reason: '',
          createdBy: by,
          createdAt: world.at,
          swapId: null,
          cancelledAt: null,
          cancelledBy: null,
        },
      ];
    }),
  );

const cancels = fc.nat(5).map((nth) =>
  happening('an override is cancelled', (world) => {
    world.overrides = world.overrides.map((each, index) =>
      index === nth && each.cancelledAt === null
        ? { ...each, cancelledAt: world.at, cancelledBy: each.createdBy }
        : each,
    );
  }),
);

const moves = fc.boolean().map((sawOld) =>
  happening(`somebody moves to today's policy${sawOld ? ', as it was before' : ''}`, (world) => {
    if (world.incident === null) return;
    const seenHash = sawOld ? 'seen-before' : world.policy.hash;
    const isOpen = world.reference.isOpen;
    world.play({ type: 'MoveToPolicy', seenHash }, (reference, dueAt) =>
      sawOld && isOpen ? 'rejected: policy file has changed' : reference.move(dueAt),
    );
  }),
);

const deploys = (policies: fc.Arbitrary<Policy>) =>
  policies.map((policy) => happening(`policy ${policy.hash} is deployed`, (world) => world.deploy(policy)));

export const happenings = (policies: fc.Arbitrary<Policy>): fc.Arbitrary<Happening> =>
  fc.oneof(
    { weight: 8, arbitrary: fires },
    { weight: 5, arbitrary: ends },
    { weight: 5, arbitrary: answers },
    { weight: 5, arbitrary: people },
    { weight: 3, arbitrary: judges },
    { weight: 6, arbitrary: waits },
    { weight: 12, arbitrary: untilDue },
    { weight: 16, arbitrary: advances },
    { weight: 3, arbitrary: overrides },
    { weight: 1, arbitrary: cancels },
    { weight: 2, arbitrary: deploys(policies) },
    { weight: 2, arbitrary: moves },
  );
