import { describe, expect, it } from 'vitest';
import type { Person } from '#shared/config/policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { targetKey } from '#shared/notification/page.ts';
import { acknowledges, at, carryOut, joins, noon, tick } from '#test/support/decision-builders.ts';
import { onCallPolicy, person, stepAfter, withSteps } from '#test/support/on-call-builders.ts';

/** Rule: contact methods with a delay are pages of the same step, owed by the same commit. */

const web = { kind: 'pagerduty', service: 'web' } as const;
const contact: Person['contact'] = {
  SEV1: [
    { kind: 'slack', afterSeconds: 0 },
    { ...web, afterSeconds: 600 },
  ],
};
const policy = withSteps(
  onCallPolicy({ alice: { contact } }),
  [stepAfter(0, person('alice')), stepAfter(300, web), stepAfter(700, web), stepAfter(900, person('alice'))],
  { repeatEverySeconds: 900 },
);

/** What each step owes and skips, and from when on. */
function stepsOf(ticks: readonly number[]) {
  let { incident, commit } = carryOut(null, joins('SEV1', ['a']), noon, { policy });
  const commits = [commit];
  for (const seconds of ticks) {
    ({ incident, commit } = carryOut(incident, tick(incident), at(seconds), { policy }));
    commits.push(commit);
  }
  const told = commits.flatMap(({ events }) =>
    events.flatMap((event) =>
      event.type === 'IncidentEscalated'
        ? [
            [
              ...event.pages.map(({ target, notBeforeAt }) => `${targetKey(target)} ${notBeforeAt ?? 'at once'}`),
              ...event.skipped.map(({ named, reason }) => `${named}: ${reason}`),
            ],
          ]
        : [],
    ),
  );
  return { told, incident };
}

describe("a PagerDuty service that is somebody's later contact", () => {
  it('is triggered by a step in between, and by no step from then on', () => {
    expect(stepsOf([300, 700, 900]).told).toEqual([
      ['person:alice at once', `pagerduty:web ${at(600)}`],
      ['pagerduty:web at once'],
      ['PagerDuty service web: already triggered in this generation'],
      ['person:alice at once', 'alice: already triggered in this generation'],
    ]);
  });

  it('counts as triggered from its time on where nothing triggers it before', () => {
    const [first, , ...rest] = policy.escalationPolicies.sev1?.steps ?? [];
    if (!first) throw new Error('no step');
    const without = withSteps(policy, [first, ...rest]);
    let incident: Incident = carryOut(null, joins('SEV1', ['a']), noon, { policy: without }).incident;
    const { commit } = carryOut(incident, tick(incident), at(700), { policy: without });
    ({ incident } = carryOut(incident, acknowledges, at(60), { policy: without }));
    expect(commit.events.map((event) => event.type === 'IncidentEscalated' && event.skipped.length)).toContain(1);
    expect(incident.escalation.pagerdutyLater).toEqual([{ service: 'web', notBeforeAt: at(600) }]);
  });
});
