import type { Incident, PinnedPolicy } from '#shared/incident/incident.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import type { PageRow } from '#shared/notification/page.ts';
import type { Commit } from '#shared/timeline/events.ts';

/** Stored things as plain values, each with one override: for tests that do not decide, only store and read. */

export const openedAt = '2026-11-21T01:00:00.000Z';

export const aPinnedPolicy: PinnedPolicy = {
  policyHash: 'abcdef012345',
  escalation: {
    name: 'default',
    steps: [{ afterSeconds: 0, targets: [{ kind: 'person', person: 'alice' }] }],
    repeatEverySeconds: 900,
  },
  pages: 'always',
  pageDeadlineSeconds: 60,
  acknowledgeWithinSeconds: 900,
  acknowledgementExpiresSeconds: null,
  closesAfterSeconds: null,
};

export const anIncident = (override: Partial<Incident> = {}): Incident => ({
  schema: 1,
  version: 1,
  id: 'incident-00000000001',
  number: 42,
  incidentKey: 'group:main:hook:{}',
  title: 'HighErrorRate',
  status: 'triggered',
  severity: 'SEV1',
  generation: 1,
  timerPart: 1,
  dueAt: addSeconds(openedAt, 300),
  openedAt,
  triggeredAt: openedAt,
  acknowledgedAt: null,
  acknowledgedBy: null,
  firstAcknowledgedAt: null,
  resolvedAt: null,
  resolvedBy: null,
  resolveReason: null,
  heldUntil: null,
  closedAt: null,
  firstStepPagedAt: openedAt,
  reopenings: 0,
  source: 'main',
  service: null,
  owner: null,
  routePath: 'root',
  slackChannelId: null,
  pinned: aPinnedPolicy,
  escalation: { stepsDone: 1, repeats: 0, fallbackUsed: false, pagerdutyTriggered: [] },
  firing: 1,
  alertsTotal: 1,
  sample: [],
  statusUpdate: null,
  recentCommandIds: [],
  ...override,
});

export const aCommit = (override: Partial<Commit> = {}): Commit => ({
  schema: 1,
  incidentId: 'incident-00000000001',
  incidentNumber: 42,
  version: 1,
  part: '',
  generation: 1,
  severity: 'SEV1',
  at: openedAt,
  events: [],
  policyHash: 'abcdef012345',
  correlationId: 'correlation',
  commandId: null,
  ...override,
});

export const aPage = (override: Partial<PageRow> = {}): PageRow => ({
  schema: 1,
  version: 1,
  incidentId: 'incident-00000000001',
  generation: 1,
  step: 1,
  round: 1,
  target: 'person:alice',
  state: 'pending',
  pageTarget: { kind: 'person', person: 'alice', lane: 'slack' },
  lane: 'slack',
  severity: 'SEV1',
  incidentNumber: 42,
  owedAt: openedAt,
  deadlineAt: addSeconds(openedAt, 60),
  claimedAt: null,
  leaseUntil: null,
  attempts: 0,
  endedAt: null,
  endReason: null,
  vendorRef: null,
  why: 'step 1 of default',
  policyHash: 'abcdef012345',
  correlationId: 'correlation',
  ...override,
});
