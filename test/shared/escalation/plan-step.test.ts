import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import { planStep, type StepInput } from '#shared/escalation/plan-step.ts';
import { alicePage, aPolicy, at, bobPage, noon, owed, pinnedFor, webPage } from '#test/support/decision-builders.ts';

const plan = (targets: readonly StepTarget[], override: Partial<StepInput> = {}, policy: Policy = aPolicy()) => {
  const pinned = override.pinned ?? pinnedFor('SEV1');
  const escalation = { name: 'own', steps: [{ afterSeconds: 0, targets }], repeatEverySeconds: null };
  return planStep({
    step: 1,
    round: 1,
    pagerdutyTriggered: [],
    people: policy,
    now: noon,
    ...override,
    pinned: { ...pinned, escalation },
  });
};
const empty = { pages: [], informedChannels: [], skipped: [], unreachable: [] };
const deadline = at(60);
const person = (name: string): StepTarget => ({ kind: 'person', person: name });
const team = (role: 'onCall' | 'everyone', name = 'payments'): StepTarget => ({ kind: 'team', team: name, role });
const channel = (mention: 'here' | 'channel' | null, name = 'payments'): StepTarget => ({
  kind: 'slack channel',
  channel: name,
  mention,
});

describe('a step of an escalation policy', () => {
  it.each<[string, StepTarget, ReturnType<typeof plan>]>([
    ['a person by Slack first', person('alice'), { ...empty, pages: [owed(alicePage, deadline)] }],
    ['a person without Slack by SNS', person('bob'), { ...empty, pages: [owed(bobPage, deadline)] }],
    ['the person who has a role', team('onCall'), { ...empty, pages: [owed(alicePage, deadline)] }],
    ['everyone of a team', team('everyone'), { ...empty, pages: [owed(alicePage, deadline), owed(bobPage, deadline)] }],
    [
      'a channel by mention',
      channel('here'),
      { ...empty, pages: [owed({ kind: 'slack mention', channelId: 'C-PAYMENTS', mention: 'here' }, deadline)] },
    ],
    ['a PagerDuty service', { kind: 'pagerduty', service: 'web' }, { ...empty, pages: [owed(webPage, deadline)] }],
    [
      'a contact',
      { kind: 'sns', contact: 'ops' },
      { ...empty, pages: [owed({ kind: 'sns', contact: 'ops' }, deadline)] },
    ],
  ])('pages %s', (_, target, expected) => {
    expect(plan([target])).toEqual(expected);
  });

  it('informs a channel without a mention, which is no page', () => {
    expect(plan([channel(null)])).toEqual({ ...empty, informedChannels: ['C-PAYMENTS'] });
  });

  it('pages nobody twice', () => {
    expect(plan([person('alice'), team('onCall'), team('everyone'), channel(null), channel(null)])).toEqual({
      ...empty,
      pages: [owed(alicePage, deadline), owed(bobPage, deadline)],
      informedChannels: ['C-PAYMENTS'],
    });
  });

  it('looks up people as they are now, not as they were at opening', () => {
    const policy = aPolicy();
    const { payments } = policy.teams;
    if (!payments) throw new Error('no team');
    const swapped = { ...payments, roles: { ...payments.roles, onCall: 'bob' } };
    expect(plan([team('onCall')], {}, { ...policy, teams: { payments: swapped } })).toEqual({
      ...empty,
      pages: [owed(bobPage, deadline)],
    });
  });

  it('skips a PagerDuty service that was triggered in this generation', () => {
    expect(
      plan([{ kind: 'pagerduty', service: 'web' }, team('onCall', 'empty')], { pagerdutyTriggered: ['web'] }),
    ).toEqual({
      ...empty,
      skipped: [
        { target: webPage, named: 'PagerDuty service web', reason: 'already triggered in this generation' },
        { target: null, named: 'on-call of empty', reason: 'nobody in this role' },
      ],
    });
  });

  it.each<[string, StepTarget, string]>([
    ['a person', person('zoe'), 'zoe'],
    ['a person without an address', person('mute'), 'mute'],
    ['a team', team('onCall', 'gone'), 'on-call of gone'],
    ['a channel with a mention', channel('channel', 'gone'), '#gone'],
    ['a PagerDuty service', { kind: 'pagerduty', service: 'gone' }, 'PagerDuty service gone'],
    ['a contact', { kind: 'sns', contact: 'gone' }, 'contact gone'],
  ])('has the fallback stand in for %s that is gone', (_, target, named) => {
    const skipped = [{ target: null, named, reason: 'target is gone' as const }];
    const page = owed(alicePage, deadline);
    expect(plan([target, person('alice')])).toEqual({ ...empty, pages: [page], skipped, unreachable: [named] });
    expect(plan([target], { round: 2 })).toEqual({ ...empty, skipped });
  });

  it('does not page the fallback for a channel that would only be informed', () => {
    const skipped = [{ target: null, named: '#gone', reason: 'target is gone' as const }];
    expect(plan([channel(null, 'gone')])).toEqual({ ...empty, skipped });
  });

  it.each<[string, StepTarget, string]>([
    ['an empty role', team('onCall', 'empty'), 'on-call of empty'],
    ['a team without members', team('everyone', 'empty'), 'everyone of empty'],
    ['an owner that nobody is', { kind: 'owner', role: 'onCall' }, 'on-call of the owner'],
    ['a channel of no owner', { kind: 'owner channel', mention: 'here' }, 'channel of the owner'],
    ['a PagerDuty service of no owner', { kind: 'owner pagerduty' }, 'PagerDuty service of the owner'],
  ])('skips %s, and pages the fallback only when it reaches nobody else', (_, target, named) => {
    const skipped = [{ target: null, named, reason: 'nobody in this role' as const }];
    expect(plan([target, person('alice')])).toEqual({ ...empty, pages: [owed(alicePage, deadline)], skipped });
    expect(plan([target])).toEqual({ ...empty, skipped, unreachable: [named] });
  });

  it('pages neither people nor the fallback where the severity never pages', () => {
    expect(plan([person('alice'), person('zoe'), channel(null)], { pinned: pinnedFor('SEV4') })).toEqual({
      ...empty,
      informedChannels: ['C-PAYMENTS'],
      skipped: [
        { target: alicePage, named: 'alice', reason: 'severity never pages' },
        { target: null, named: 'zoe', reason: 'target is gone' },
      ],
    });
  });
});
