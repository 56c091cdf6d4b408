import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { saveOverrides } from '#shared/store/override-store.ts';
import { IngestWorld } from '../support/ingest-world.ts';
import { anOverride } from '../support/on-call-kit.ts';

const file = (layer: string, step = '{ owner: onCall }') => `
sources: { main: {} }
slackChannels: { ops: C0OPS00001, web: C0WEB00001 }
people:
  alice: { slack: U0ALICE001 }
  bob: { slack: U0BOB00001 }
schedules:
  nights: { timeZone: Europe/Berlin, layers: [{ name: all, members: [alice], shift: daily, start: '2026-11-01T00:00'${layer} }] }
teams:
  ops: { onCall: alice, slackChannel: ops }
  web: { onCall: nights, slackChannel: web }
fallback: { email: fallback@example.org }
escalationPolicies:
  page: { steps: [{ after: 0s, targets: [${step}] }] }
severities:
  SEV1: { escalationPolicy: page }
  SEV2: { escalationPolicy: page }
  SEV3: { escalationPolicy: page }
  SEV4: { escalationPolicy: page }
route: { severity: SEV2, owner: ops }
`;

function policyOf(text: string): Policy {
  const read = parsePolicy(text, { environment: 'test', fileName: 'p.yaml' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.policy;
}

/** The world begins on 21 November at 01:00 UTC. */
const gapless = policyOf(file(''));
const withGap = policyOf(file(", end: '2026-11-30T06:00'"));

function aWorld(policy: Policy) {
  const world = new IngestWorld();
  Object.assign(world.deps, { policy });
  const sweep = async (seconds = 0) => {
    world.clock.advance(seconds);
    await world.sweep();
    await world.drain();
  };
  const told = () =>
    world.incidents().map(({ status, severity, owner, title }) => `${status} ${severity} ${owner} ${title}`);
  return { world, sweep, told };
}

const found = 'SEV3 web OnCallGap: Nobody is on call in schedule nights from 2026-11-30 06:00';

describe('FIELD B26: a gap in a schedule', () => {
  it('is told two weeks ahead as an incident of the team that has the schedule, once', async () => {
    const { sweep, told } = aWorld(withGap);
    await sweep();
    await sweep(60);
    await sweep(3_600);
    await sweep(86_400);
    expect(told()).toEqual([`triggered ${found}`]);
  });

  it('is no incident where somebody is on call', async () => {
    const { sweep, told } = aWorld(gapless);
    await sweep();
    await sweep(86_400);
    expect(told()).toEqual([]);
  });

  it('is no incident of a schedule that no escalation policy uses', async () => {
    const { sweep, told } = aWorld(policyOf(file(", end: '2026-11-30T06:00'", '{ person: bob }')));
    await sweep();
    expect(told()).toEqual([]);
  });

  it('ends within an hour when somebody takes the time by an override', async () => {
    const { world, sweep, told } = aWorld(withGap);
    await sweep();
    const override = anOverride({
      schedule: 'nights',
      person: 'bob',
      startsAt: '2026-11-30T05:00:00.000Z',
      endsAt: '2027-11-30T05:00:00.000Z',
    });
    await saveOverrides(world.memory, { version: 0 }, [override], withGap);
    await sweep(3_600);
    expect(told()).toEqual([`resolved ${found}`]);
  });

  it('ends with the next policy file that fills it', async () => {
    const { world, sweep, told } = aWorld(withGap);
    await sweep();
    Object.assign(world.deps, { policy: gapless });
    await sweep(60);
    expect(told()).toEqual([`resolved ${found}`]);
  });

  it('is told in the next minute when the queue was out of reach', async () => {
    const { world, sweep, told } = aWorld(withGap);
    world.queues.failWith = new AdapterError('sqs', 'unavailable', 'down');
    await expect(sweep()).rejects.toThrow('could not be swept');
    world.queues.failWith = null;
    await sweep(60);
    expect(told()).toEqual([`triggered ${found}`]);
  });

  it('ends when the policy file no longer has the schedule', async () => {
    const { world, sweep, told } = aWorld(withGap);
    await sweep();
    const without = file('')
      .replace(/schedules:\n.*\n/, '')
      .replace('onCall: nights', 'onCall: bob');
    Object.assign(world.deps, { policy: policyOf(without) });
    await sweep(60);
    expect(told()).toEqual([`resolved ${found}`]);
    expect(world.clock.now()).toBe(addSeconds('2026-11-21T01:00:00.000Z', 60));
  });
});
