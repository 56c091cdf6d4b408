import type { Person, Policy } from '#shared/config/policy.ts';
import type { EscalationPolicy, EscalationStep, StepTarget } from '#shared/escalation/escalation-policy.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Layer, Schedule } from '#shared/on-call/schedule.ts';
import { aPolicy, at, noon } from './decision-builders.ts';

/** For tests of whom a step tells: schedules, overrides and people with preferences, each with one override. */

export const person = (name: string): StepTarget => ({ kind: 'person', person: name });
export const schedule = (name: string): StepTarget => ({ kind: 'schedule', schedule: name });
export const team = (role: 'onCall' | 'secondary' | 'manager' | 'everyone', name = 'payments'): StepTarget => ({
  kind: 'team',
  team: name,
  role,
});

/** One person around the clock, from well before every test. */
export const aLayer = (name: string, members: readonly string[], override: Partial<Layer> = {}): Layer => ({
  name,
  members,
  shiftMinutes: 24 * 60,
  start: '2026-01-05T09:00',
  end: null,
  restrictions: [],
  ...override,
});

export const aSchedule = (name: string, ...layers: readonly Layer[]): Schedule => ({
  name,
  timeZone: 'UTC',
  layers,
  handOffChannel: null,
});

/** Alice is on call in `platform`; nobody has ever been in `deserted`. */
export const schedules: Policy['schedules'] = {
  platform: aSchedule('platform', aLayer('days', ['alice'])),
  deserted: aSchedule('deserted', aLayer('over', ['alice'], { end: '2026-01-06T09:00' })),
};

export const anOverride = (override: Partial<Override> = {}): Override => ({
  schema: 1,
  version: 1,
  id: 'override-1',
  schedule: 'platform',
  person: 'bob',
  replaces: null,
  startsAt: addSeconds(noon, -3600),
  endsAt: at(8 * 3600),
  reason: 'dentist',
  createdBy: { kind: 'person', id: 'U-CAROL', name: 'carol' },
  createdAt: addSeconds(noon, -7200),
  swapId: null,
  cancelledAt: null,
  cancelledBy: null,
  ...override,
});

/** The test policy with schedules, and with people changed. */
export const onCallPolicy = (
  changes: Readonly<Record<string, Partial<Person>>> = {},
  override: Partial<Policy> = {},
): Policy => {
  const policy = aPolicy({ schedules });
  const people = Object.entries(policy.people).map(([name, each]) => [name, { ...each, ...changes[name] }]);
  const snsContacts = { ...policy.snsContacts, ...phone('alice-phone'), ...phone('bob-phone') };
  return { ...policy, people: Object.fromEntries(people), snsContacts, ...override };
};

const phone = (name: string): Policy['snsContacts'] => ({ [name]: { name, topic: null, phone: '+491701234567' } });

export const stepAfter = (afterSeconds: number, ...targets: readonly StepTarget[]): EscalationStep => ({
  afterSeconds,
  targets,
});

/** The policy with these steps for every severity. */
export function withSteps(
  policy: Policy,
  steps: readonly EscalationStep[],
  repeat: Pick<EscalationPolicy, 'repeatEverySeconds' | 'repeats'> = { repeatEverySeconds: null },
): Policy {
  const named = Object.keys(policy.escalationPolicies).map((name) => [name, { name, steps, ...repeat }]);
  return { ...policy, escalationPolicies: Object.fromEntries(named) };
}
