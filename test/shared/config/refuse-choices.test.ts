import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout } from './example-policy.ts';

const nights =
  'time_intervals: [{ name: nights, time_intervals: [{ times: [{ start_time: "00:00", end_time: "06:00" }] }] }, { name: ever, time_intervals: [{}] }]\n';
/** The choice of the last route of the example, in line 37. */
const complaintsOfRoute = (choice: string): string[] =>
  complaintsAbout(
    changeExample('escalationPolicy: calm', `escalationPolicy: ${choice}`).replace('{ critical: SEV1 }', '{}') + nights,
  );
const complaintsOfService = (choice: string): string[] =>
  complaintsAbout(
    changeExample('statusComponent: shop }', `statusComponent: shop, escalationPolicy: ${choice} }`) + nights,
  );

describe('a choice of an escalation policy', () => {
  it('passes when each entry can be reached', () => {
    const choice =
      '[{ severities: [SEV1], during: nights, use: default-sev1 }, { severities: [SEV1], use: default-sev2 }, { during: nights, use: default-sev3 }, { use: calm }]';
    expect(complaintsOfRoute(choice)).toEqual([]);
  });

  it.each([
    [
      'is refused behind an entry for everything',
      '[{ use: calm }, { severities: [SEV1], use: default-sev1 }]',
      'p.yaml:37:41: entry 2 (use: default-sev1) can never be reached: entry 1 takes all of it before. Fix: Move it in front, or limit what is in front of it by severities: or during:.',
    ],
    [
      'is refused behind an entry whose time interval holds always',
      '[{ during: ever, use: calm }, { during: nights, use: default-sev1 }]',
      'p.yaml:37:55: entry 2 (use: default-sev1) can never be reached: entry 1 takes all of it before. Fix: Move it in front, or limit what is in front of it by severities: or during:.',
    ],
    [
      'is refused behind entries that take its severities one by one',
      '[{ severities: [SEV1], use: default-sev1 }, { severities: [SEV2], during: nights, use: calm }, { severities: [SEV1, SEV2], during: nights, use: calm }]',
      'p.yaml:37:120: entry 3 (use: calm) can never be reached: entry 1 and entry 2 take all of it before. Fix: Move it in front, or limit what is in front of it by severities: or during:.',
    ],
    [
      'is refused with an unknown policy',
      '[{ use: cal }]',
      'p.yaml:37:33: unknown escalation policy "cal". Fix: Did you mean "calm"? If not, add "cal" under escalationPolicies.',
    ],
    [
      'is refused with an unknown time interval',
      '[{ during: night, use: calm }]',
      'p.yaml:37:36: unknown time interval "night". Fix: Did you mean "nights"? If not, add "night" under time_intervals.',
    ],
    [
      'is refused without a policy',
      '[{ severities: [SEV1] }]',
      'p.yaml:37:26: "use" is missing. Fix: Add "use" (a text) here.',
    ],
    [
      'is refused when it is empty',
      '[]',
      'p.yaml:37:25: the list of escalation policies is empty. Fix: Name one, such as - use: default-sev1.',
    ],
  ])('%s', (_, choice, complaint) => {
    expect(complaintsOfRoute(choice)).toEqual([complaint]);
  });

  it('is followed when the question is whether SEV1 pages somebody, also at some hours only', () => {
    const choice = '[{ during: nights, use: default-sev4 }]';
    const text = changeExample('escalationPolicy: calm', `escalationPolicy: ${choice}`) + nights;
    expect(complaintsAbout(text)).toEqual([
      'p.yaml:36:7: SEV1 incidents of team web page nobody (route root/1, escalation policy default-sev4). Fix: Give team web an onCall person or schedule, or a pagerduty service, or name another escalation policy.',
    ]);
    const onlyOthers = choice.replace('during', 'severities: [SEV3], during');
    expect(complaintsAbout(text.replace(choice, onlyOthers))).toEqual([]);
  });

  it('is followed to the policy of the severity where no entry holds', () => {
    const text = (during: string) =>
      changeExample('escalationPolicy: calm', `escalationPolicy: [{ during: ${during}, use: default-sev1 }]`) +
      nights +
      'severities: { SEV1: { escalationPolicy: default-sev4 } }\n';
    const complaints = (during: string) =>
      complaintsAbout(
        text(during)
          .replace('map: { critical: SEV1 }', 'map: {}')
          .replace('- matchers: [\'team=~"a|b"\']', '- matchers: [\'team=~"a|b"\']\n      severity: SEV1'),
      );
    expect(complaints('nights')).toEqual([
      'p.yaml:36:7: SEV1 incidents of team web page nobody (route root/1, escalation policy default-sev4). Fix: Give team web an onCall person or schedule, or a pagerduty service, or name another escalation policy.',
    ]);
    expect(complaints('ever')).toEqual([]);
  });

  it('is followed for services, where the route says none', () => {
    const choice = '[{ severities: [SEV1], use: default-sev4 }]';
    const text = changeExample('statusComponent: shop }', `statusComponent: shop, escalationPolicy: ${choice} }`);
    expect(complaintsAbout(text)).toEqual([]);
    const routed = text.replace('  owner: web\n  routes', '  owner: web\n  service: { label: service }\n  routes');
    expect(complaintsAbout(routed)).toEqual([
      'p.yaml:28:1: SEV1 incidents of team web page nobody (route root, escalation policy default-sev4). Fix: Give team web an onCall person or schedule, or a pagerduty service, or name another escalation policy.',
    ]);
  });

  it('is refused with its place, also at a service', () => {
    expect(complaintsOfService('[{ use: calm }, { use: calm }]')).toEqual([
      'p.yaml:20:84: entry 2 (use: calm) can never be reached: entry 1 takes all of it before. Fix: Move it in front, or limit what is in front of it by severities: or during:.',
    ]);
    expect(complaintsOfService('cal')).toEqual([
      'p.yaml:20:68: unknown escalation policy "cal". Fix: Did you mean "calm"? If not, add "cal" under escalationPolicies.',
    ]);
  });
});
