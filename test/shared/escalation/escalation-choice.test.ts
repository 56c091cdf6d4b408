import { describe, expect, it } from 'vitest';
import type { Policy, RouteNode, Service } from '#shared/config/policy.ts';
import { chooseEscalationPolicy, type EscalationChoice } from '#shared/escalation/escalation-choice.ts';
import { escalationChoiceFor } from '#shared/escalation/pin-policy.ts';
import type { ApplyAlerts } from '#shared/incident/commands.ts';
import type { Severity } from '#shared/incident/severity.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import { aPolicy, at, carryOut, joins, noon, routedAs, saturday, tick } from '#test/support/decision-builders.ts';

/** Rule: which escalation policy an incident gets, by severity, service and time of day, is chosen when it is pinned. */

/** 09:00 to 17:00 in Berlin, Monday to Friday. */
const officeHours = {
  times: [{ startMinute: 540, endMinute: 1_020 }],
  weekdays: [{ begin: 1, end: 5 }],
  daysOfMonth: null,
  months: null,
  years: null,
  timeZone: 'Europe/Berlin',
};
const choice: EscalationChoice = [
  { severities: ['SEV1'], during: null, policy: 'sev1' },
  { severities: [], during: 'office-hours', policy: 'office' },
  { severities: ['SEV2', 'SEV3'], during: null, policy: 'quiet' },
  { severities: ['SEV4'], during: 'gone', policy: 'sev1' },
];
const policy = aPolicy({ timeIntervals: { 'office-hours': [officeHours] } });
const opensInOffice: Instant = '2026-03-02T08:00:00.000Z';
const closesOffice: Instant = '2026-03-02T16:00:00.000Z';

describe('a choice of the escalation policy', () => {
  it.each<[string, Severity, Instant, string]>([
    ['takes the first entry of the severity', 'SEV1', noon, 'sev1'],
    ['takes the first entry that holds at that time', 'SEV2', noon, 'office'],
    ['goes on to the next behind that time', 'SEV2', saturday, 'quiet'],
    ["falls back to the severity's own", 'SEV4', saturday, 'quiet'],
    ['holds from the first moment of an interval', 'SEV3', opensInOffice, 'office'],
    ['does not hold a moment before it', 'SEV3', addSeconds(opensInOffice, -0.001), 'quiet'],
    ['does not hold at its end', 'SEV3', closesOffice, 'quiet'],
  ])('%s', (_, severity, now, expected) => {
    expect(chooseEscalationPolicy(policy, { choice, severity, now })).toBe(expected);
  });

  it('is a plain name where one is written', () => {
    expect(chooseEscalationPolicy(policy, { choice: 'sev2', severity: 'SEV1', now: noon })).toBe('sev2');
  });

  it('is that of the route, else of the service, else of the severity', () => {
    const service: Service = {
      name: 'checkout',
      owner: 'payments',
      tier: null,
      runbook: null,
      dashboard: null,
      statusComponent: null,
      escalationPolicy: choice,
    };
    const known = aPolicy({ services: { checkout: service } });
    const leaf: RouteNode = { ...known.route, escalationPolicy: 'sev2' };
    const chosen = (route: RouteNode | null, name: string | null) =>
      escalationChoiceFor(known, { route, service: name, severity: 'SEV3' });
    expect([
      chosen(leaf, 'checkout'),
      chosen(known.route, 'checkout'),
      chosen(null, 'checkout'),
      chosen(known.route, 'gone'),
      chosen(known.route, null),
    ]).toEqual(['sev2', choice, choice, 'office', 'office']);
  });
});

describe('an incident', () => {
  const opens = (severity: Severity): ApplyAlerts => ({
    ...joins(severity, ['a']),
    routed: routedAs(severity, { escalationPolicy: choice }),
  });
  const byRoute: Policy = { ...policy, route: { ...policy.route, escalationPolicy: choice } };
  const pinnedAt = (severity: Severity, now: Instant) =>
    carryOut(null, opens(severity), now, { policy: byRoute }).incident;

  it('keeps the policy of the time at which it opened', () => {
    const opened = pinnedAt('SEV2', addSeconds(closesOffice, -1));
    expect([opened.pinned.escalation.name, opened.dueAt]).toEqual(['office', addSeconds(closesOffice, 14_399)]);
    const later = carryOut(opened, tick(opened), opened.dueAt ?? noon, { policy: byRoute }).incident;
    expect(later.pinned.escalation.name).toBe('office');
    expect(pinnedAt('SEV2', closesOffice).pinned.escalation.name).toBe('quiet');
  });

  it('gets another one with another severity, by the time at which it changes', () => {
    const opened = pinnedAt('SEV2', noon);
    const changed = (severity: Severity, now: Instant) =>
      carryOut(opened, { type: 'ChangeSeverity', severity }, now, { policy: byRoute }).incident.pinned.escalation.name;
    expect([changed('SEV1', at(60)), changed('SEV3', at(60)), changed('SEV3', saturday)]).toEqual([
      'sev1',
      'office',
      'quiet',
    ]);
  });
});
