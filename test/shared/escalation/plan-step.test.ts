import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import { planStep } from '#shared/escalation/plan-step.ts';
import type { StepInput, StepPlan } from '#shared/escalation/step-plan.ts';
import { noEscalation } from '#shared/incident/evolve-escalation.ts';
import type { Severity } from '#shared/incident/severity.ts';
import type { PageTarget } from '#shared/notification/page.ts';
import { alicePage, aPolicy, at, bobPage, noon, owed, pinnedFor, webPage } from '#test/support/decision-builders.ts';
import { anOverride, onCallPolicy, person, schedule, team } from '#test/support/on-call-builders.ts';

interface Circumstances extends Partial<Omit<StepInput, 'incident'>> {
  readonly severity?: Severity;
  readonly incident?: Partial<StepInput['incident']>;
}

const plan = (
  targets: readonly StepTarget[],
  { severity = 'SEV1', incident, ...override }: Circumstances = {},
  policy: Policy = aPolicy(),
): StepPlan => {
  const escalation = { name: 'own', steps: [{ afterSeconds: 0, targets }], repeatEverySeconds: null };
  const pinned = { ...pinnedFor(severity), escalation };
  return planStep({
    step: 1,
    round: 1,
    cause: 'timer',
    policy,
    overrides: [],
    now: noon,
    incident: { severity, pinned, escalation: noEscalation, ...incident },
    ...override,
  });
};
const carolPage: PageTarget = { kind: 'person', person: 'carol', lane: 'slack' };
const empty: StepPlan = { pages: [], informedChannels: [], skipped: [], unreachable: null };
const gone = (...named: readonly string[]): StepPlan['unreachable'] => ({ named, reason: 'target is gone' });
const nobody = (...named: readonly string[]): StepPlan['unreachable'] => ({ named, reason: 'nobody on call' });
const deadline = at(60);
const channel = (mention: 'here' | 'channel' | null, name = 'payments'): StepTarget => ({
  kind: 'slack channel',
  channel: name,
  mention,
});

describe('a step of an escalation policy', () => {
  it.each<[string, StepTarget, StepPlan]>([
    ['a person by Slack first', person('alice'), { ...empty, pages: [owed(alicePage, deadline)] }],
    ['a person without Slack by SNS', person('bob'), { ...empty, pages: [owed(bobPage, deadline)] }],
    ['the person who has a role', team('onCall'), { ...empty, pages: [owed(alicePage, deadline)] }],
    [
      'everyone of a team: those with a role, and the others',
      team('everyone'),
      { ...empty, pages: [owed(alicePage, deadline), owed(bobPage, deadline), owed(carolPage, deadline)] },
    ],
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
      pages: [owed(alicePage, deadline), owed(bobPage, deadline), owed(carolPage, deadline)],
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
    const incident = { escalation: { ...noEscalation, pagerdutyTriggered: ['web'] } };
    expect(plan([{ kind: 'pagerduty', service: 'web' }, team('onCall', 'empty')], { incident })).toEqual({
      ...empty,
      skipped: [
        { target: webPage, named: 'PagerDuty service web', reason: 'already triggered in this generation' },
        { target: null, named: 'on-call of empty', reason: 'nobody in this role' },
      ],
    });
  });

  it.each<[string, StepTarget, string, string?]>([
    ['a person', person('zoe'), 'zoe'],
    ['a person without an address', person('mute'), 'mute', 'has no way to be paged'],
    ['a team', team('onCall', 'gone'), 'on-call of gone'],
    ['a schedule', schedule('gone'), 'on-call of gone'],
    ['a channel with a mention', channel('channel', 'gone'), '#gone'],
    ['a PagerDuty service', { kind: 'pagerduty', service: 'gone' }, 'PagerDuty service gone'],
    ['a contact', { kind: 'sns', contact: 'gone' }, 'contact gone'],
  ])('has the fallback stand in for %s that is gone', (_, target, named, detail) => {
    const reason = 'target is gone' as const;
    const skipped = [{ target: null, named, reason, ...(detail === undefined ? {} : { detail }) }];
    const page = owed(alicePage, deadline);
    expect(plan([target, person('alice')])).toEqual({ ...empty, pages: [page], skipped, unreachable: gone(named) });
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
    expect(plan([target])).toEqual({ ...empty, skipped, unreachable: nobody(named) });
  });

  it('has the fallback stand in for all that it did not find, and says gone where any of them is', () => {
    const { unreachable } = plan([team('onCall', 'empty'), person('zoe')]);
    expect(unreachable).toEqual(gone('on-call of empty', 'zoe'));
  });

  it('pages neither people nor the fallback where the severity never pages', () => {
    expect(plan([person('alice'), person('zoe'), channel(null)], { severity: 'SEV4' })).toEqual({
      ...empty,
      informedChannels: ['C-PAYMENTS'],
      skipped: [
        { target: alicePage, named: 'alice', reason: 'severity never pages' },
        { target: null, named: 'zoe', reason: 'target is gone' },
      ],
    });
  });
});

describe('a step that names a schedule', () => {
  const policy = onCallPolicy();
  const scheduled = (role: 'onCall' | 'secondary', name: string): Policy => {
    const { payments } = policy.teams;
    if (!payments) throw new Error('no team');
    return { ...policy, teams: { payments: { ...payments, roles: { ...payments.roles, [role]: name } } } };
  };
  const byLayer = { ...owed(alicePage, deadline), because: 'layer days of schedule platform' };

  it('pages who is on call at that instant, and says by which layer', () => {
    expect(plan([schedule('platform')], {}, policy)).toEqual({ ...empty, pages: [byLayer] });
    expect(plan([team('onCall')], {}, scheduled('onCall', 'platform'))).toEqual({ ...empty, pages: [byLayer] });
  });

  it('pages who took over, and says who made the override', () => {
    const byOverride = (replaced: string) => ({
      ...empty,
      pages: [{ ...owed(bobPage, deadline), because: `override by carol in schedule platform, ${replaced}` }],
    });
    const overrides = [anOverride(), anOverride({ id: 'override-2', schedule: 'deserted', person: 'carol' })];
    expect(plan([schedule('platform')], { overrides }, policy)).toEqual(byOverride('instead of alice'));
    const inGap = [anOverride({ schedule: 'deserted' })];
    expect(plan([schedule('deserted')], { overrides: inGap }, policy).pages[0]?.because).toBe(
      'override by carol in schedule deserted, where nobody was on call',
    );
    expect(plan([schedule('platform')], { overrides, now: at(8 * 3600) }, policy).pages[0]?.target).toEqual(alicePage);
  });

  it('pages everyone of a team, whoever a schedule has on call among them, and misses nobody while there is somebody', () => {
    const { payments } = policy.teams;
    if (!payments) throw new Error('no team');
    const roles = { onCall: 'platform', secondary: 'deserted', manager: null };
    const plans = (members: readonly string[], names: Partial<typeof roles>) =>
      plan(
        [team('everyone')],
        {},
        { ...policy, teams: { payments: { ...payments, members, roles: { ...roles, ...names } } } },
      );
    expect(plans(['bob', 'alice'], {})).toEqual({ ...empty, pages: [byLayer, owed(bobPage, deadline)] });
    expect(plans([], { onCall: 'deserted' })).toEqual({
      ...empty,
      skipped: [{ target: null, named: 'everyone of payments', reason: 'nobody in this role' }],
      unreachable: nobody('everyone of payments'),
    });
  });

  it('pages a person once who has two roles, one of them by a schedule', () => {
    expect(plan([team('secondary'), person('alice')], {}, scheduled('secondary', 'platform'))).toEqual({
      ...empty,
      pages: [byLayer],
    });
  });

  it('says that it has nobody on call, and pages the fallback when nobody else is reached', () => {
    const skipped = [
      {
        target: null,
        named: 'on-call of deserted',
        reason: 'nobody on call' as const,
        detail: `schedule deserted has nobody on call at ${noon}`,
      },
    ];
    expect(plan([schedule('deserted')], {}, policy)).toEqual({
      ...empty,
      skipped,
      unreachable: nobody('on-call of deserted'),
    });
    expect(plan([schedule('deserted'), person('alice')], {}, policy)).toEqual({
      ...empty,
      pages: [owed(alicePage, deadline)],
      skipped,
    });
  });

  it('has the fallback stand in for somebody on call whom the policy file no longer has', () => {
    const overrides = [anOverride({ person: 'zoe' })];
    expect(plan([schedule('platform')], { overrides }, policy)).toEqual({
      ...empty,
      skipped: [
        {
          target: null,
          named: 'zoe (on-call of platform)',
          reason: 'target is gone',
          detail: 'override by carol in schedule platform, instead of alice, but the policy file has no such person',
        },
      ],
      unreachable: gone('zoe (on-call of platform)'),
    });
  });
});
