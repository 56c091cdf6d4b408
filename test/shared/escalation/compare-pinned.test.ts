import { expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import { comparePinned, isMoved } from '#shared/escalation/compare-pinned.ts';
import { aPolicy, isOpened, noon } from '#test/support/decision-builders.ts';

const incident = isOpened('SEV1');
const differencesOf = (override: Partial<Policy>) => comparePinned(incident, aPolicy(override), noon).differences;
const { escalationPolicies, severities, route } = aPolicy();
const sev1 = escalationPolicies.sev1;
if (!sev1) throw new Error('the policy has sev1');
const withSev1 = (change: Partial<typeof sev1>) => ({
  escalationPolicies: { ...escalationPolicies, sev1: { ...sev1, ...change } },
});

it('names the file and nothing else where nothing differs', () => {
  const same = comparePinned(incident, aPolicy(), noon);
  expect([same.pinnedHash, same.todayHash, same.differences, isMoved(same)]).toEqual([
    'abcdef012345',
    'abcdef012345',
    [],
    false,
  ]);
  expect(isMoved(comparePinned(incident, aPolicy({ hash: 'beef' }), noon))).toBe(true);
});

it('tells steps, delays, targets and repeats in words, those of today first', () => {
  expect(differencesOf(withSev1({ steps: sev1.steps.slice(0, 2), repeats: 'all steps' }))).toEqual([
    'no step 3 any more (after 10m manager of payments, PagerDuty (web))',
    'repeats all steps every 15m instead of last step every 15m',
  ]);
  const steps = [
    ...sev1.steps.slice(0, 1),
    { afterSeconds: 120, targets: [{ kind: 'schedule' as const, schedule: 'nights' }] },
    ...sev1.steps.slice(2),
    { afterSeconds: 1200, targets: [{ kind: 'sns' as const, contact: 'ops' }] },
  ];
  expect(differencesOf(withSev1({ steps, repeatEverySeconds: null }))).toEqual([
    'step 2 after 2m instead of 5m',
    'step 2 tells on-call of nights instead of secondary on-call of payments',
    'a step 4: after 20m ops',
    'repeats nothing instead of last step every 15m',
  ]);
});

it('tells the row of the severity: deadlines, pages, reminders, expiry', () => {
  const row = {
    ...severities.SEV1,
    pages: 'working hours' as const,
    pageDeadlineSeconds: 90,
    acknowledgeWithinSeconds: 600,
    resolveWithinSeconds: 14_400,
    missedDeadline: 'page' as const,
    updateEverySeconds: 1800,
    acknowledgementExpiresSeconds: null,
    closesAfterSeconds: 86_400,
  };
  const told = differencesOf({ severities: { ...severities, SEV1: row } });
  expect(told.filter((difference) => !difference.includes('step'))).toEqual([
    'pages working hours instead of always',
    'hand over a page within 1m30s instead of 1m',
    'acknowledge within 10m instead of 30d',
    'resolve within 4h instead of never',
    'for a missed deadline page instead of remind',
    'an update every 30m instead of never',
    'an acknowledgement expires after never instead of 1h',
    'closes after 1d instead of never',
  ]);
});

it('follows the route and the service to another escalation policy, and survives a route that is gone', () => {
  expect(differencesOf({ route: { ...route, escalationPolicy: 'sev2' } })[0]).toBe(
    'escalation policy sev2 instead of sev1',
  );
  expect(differencesOf({ route: { ...route, path: 'renamed' } })).toEqual([]);
});

it('reads what earlier code pinned: it knew no updates', () => {
  const { updateEverySeconds: _, ...pinned } = incident.pinned;
  expect(comparePinned({ ...incident, pinned }, aPolicy(), noon).differences).toEqual([]);
});
