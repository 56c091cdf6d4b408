import { expect } from 'vitest';
import type { Suppression } from '#shared/alert/suppression.ts';
import type { Policy } from '#shared/config/policy.ts';
import { pinPolicy } from '#shared/escalation/pin-policy.ts';
import type { ApplyAlerts, DecisionContext, IncidentCommand } from '#shared/incident/commands.ts';
import { decideIncident } from '#shared/incident/decide.ts';
import { evolveAll } from '#shared/incident/evolve.ts';
import type { Actor, AlertSummary, Incident, PinnedPolicy } from '#shared/incident/incident.ts';
import type { Severity } from '#shared/incident/severity.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import type { OwedPage, PageTarget } from '#shared/notification/page.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { RoutedAlert } from '#shared/route/route.ts';
import type { Commit, IncidentEvent } from '#shared/timeline/events.ts';

/** For tests that decide: a policy with every kind of severity, and a way to play commands one after another. */

/** A Monday, 13:00 in Berlin: working hours. */
export const noon: Instant = '2026-03-02T12:00:00.000Z';
/** The Saturday after it. */
export const saturday: Instant = '2026-03-07T12:00:00.000Z';
export const mondayMorning: Instant = '2026-03-09T08:00:00.000Z';
export const at = (seconds: number): Instant => addSeconds(noon, seconds);

export const source: Actor = { kind: 'source', id: 'main', name: 'main' };
export const tocsin: Actor = { kind: 'tocsin', id: 'tocsin', name: 'Tocsin' };
export const dora: Actor = { kind: 'person', id: 'U-DORA', name: 'Dora' };

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

export const aPolicy = (override: Partial<Policy> = {}): Policy => ({
  hash: 'abcdef012345',
  environment: 'test',
  slackTeamId: null,
  sources: {
    main: { name: 'main', quietAfterSeconds: 8 * hour, resolveTimeoutSeconds: 300, settleSeconds: 60, snsTopics: [] },
  },
  severities: {
    SEV1: severityRow('sev1', 'always', { pageDeadlineSeconds: 60, acknowledgementExpiresSeconds: hour }),
    SEV2: severityRow('sev2', 'always', { pageDeadlineSeconds: 120 }),
    SEV3: severityRow('office', 'working hours', { pageDeadlineSeconds: 900, closesAfterSeconds: 3 * day }),
    SEV4: severityRow('quiet', 'never', { pageDeadlineSeconds: 900, closesAfterSeconds: day }),
  },
  services: {},
  people: {
    alice: { name: 'alice', slackUserId: 'U-ALICE', sns: 'alice-phone' },
    bob: { name: 'bob', slackUserId: null, sns: 'bob-phone' },
    carol: { name: 'carol', slackUserId: 'U-CAROL', sns: null },
    mute: { name: 'mute', slackUserId: null, sns: null },
  },
  teams: {
    payments: {
      name: 'payments',
      roles: { onCall: 'alice', secondary: 'bob', manager: 'carol' },
      members: ['alice', 'bob'],
      slackChannel: 'payments',
      pagerduty: 'web',
    },
    empty: {
      name: 'empty',
      roles: { onCall: null, secondary: null, manager: null },
      members: [],
      slackChannel: null,
      pagerduty: null,
    },
  },
  route: {
    path: 'root',
    matchers: [],
    continue: false,
    severity: { kind: 'fixed', value: 'SEV3' },
    service: null,
    escalationPolicy: null,
    owner: null,
    incidentKey: ['group'],
    slackChannel: null,
    receiver: 'root',
    groupBy: [],
    groupWaitSeconds: 30,
    groupIntervalSeconds: 300,
    repeatIntervalSeconds: 14_400,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    routes: [],
  },
  escalationPolicies: {
    sev1: {
      name: 'sev1',
      steps: [
        {
          afterSeconds: 0,
          targets: [
            { kind: 'owner', role: 'onCall' },
            { kind: 'owner pagerduty' },
            { kind: 'owner channel', mention: null },
          ],
        },
        { afterSeconds: 5 * minute, targets: [{ kind: 'owner', role: 'secondary' }] },
        { afterSeconds: 10 * minute, targets: [{ kind: 'owner', role: 'manager' }, { kind: 'owner pagerduty' }] },
      ],
      repeatEverySeconds: 15 * minute,
    },
    sev2: {
      name: 'sev2',
      steps: [
        { afterSeconds: 0, targets: [{ kind: 'owner', role: 'onCall' }] },
        { afterSeconds: 15 * minute, targets: [{ kind: 'owner', role: 'secondary' }] },
      ],
      repeatEverySeconds: null,
    },
    office: {
      name: 'office',
      steps: [
        {
          afterSeconds: 0,
          targets: [
            { kind: 'owner channel', mention: null },
            { kind: 'owner', role: 'onCall' },
          ],
        },
        { afterSeconds: 4 * hour, targets: [{ kind: 'owner', role: 'manager' }] },
      ],
      repeatEverySeconds: null,
    },
    quiet: {
      name: 'quiet',
      steps: [
        {
          afterSeconds: 0,
          targets: [
            { kind: 'owner channel', mention: null },
            { kind: 'owner', role: 'onCall' },
          ],
        },
      ],
      repeatEverySeconds: 15 * minute,
    },
  },
  fallback: { email: 'fallback@example.org', sms: null },
  slackChannels: { payments: 'C-PAYMENTS' },
  pagerduty: { web: { name: 'web', routingKeySecret: 'web', region: 'us' } },
  snsContacts: { ops: { name: 'ops', topic: 'ops', phone: null } },
  statusComponents: {},
  schedules: {},
  holidays: {},
  timeIntervals: {},
  inhibitRules: [],
  maintenanceWindows: [],
  heartbeats: {},
  // Off, so that a test that toggles an alert says so itself.
  flapping: { transitions: 0, windowSeconds: hour, calmAfterSeconds: 15 * minute },
  workingHours: { timeZone: 'Europe/Berlin', weekdays: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' },
  resolveHoldSeconds: 30 * minute,
  reopenWithinSeconds: 15 * minute,
  repageAtMostEverySeconds: 15 * minute,
  retentionDays: 400,
  ...override,
});

function severityRow(
  escalationPolicy: string,
  pages: PinnedPolicy['pages'],
  override: Partial<Policy['severities']['SEV1']>,
): Policy['severities']['SEV1'] {
  return {
    meaning: escalationPolicy,
    // Far off, so that a test of a deadline sets its own.
    acknowledgeWithinSeconds: 30 * day,
    updateEverySeconds: null,
    pages,
    acknowledgementExpiresSeconds: null,
    pageDeadlineSeconds: 900,
    escalationPolicy,
    closesAfterSeconds: null,
    ...override,
  };
}

const policyOf: Readonly<Record<Severity, string>> = { SEV1: 'sev1', SEV2: 'sev2', SEV3: 'office', SEV4: 'quiet' };

export const routedAs = (severity: Severity, override: Partial<RoutedAlert> = {}): RoutedAlert => ({
  routePath: 'root',
  severity,
  service: 'checkout',
  owner: 'payments',
  escalationPolicy: policyOf[severity],
  incidentKey: 'group:main:hook:{}',
  slackChannelId: 'C-PAYMENTS',
  unrouted: false,
  ...override,
});

export const pinnedFor = (severity: Severity, policy: Policy = aPolicy()): PinnedPolicy =>
  pinPolicy(policy, routedAs(severity), noon);

export const alert = (name: string, override: Partial<AlertSummary> = {}): AlertSummary => ({
  source: 'main',
  fingerprint: name,
  labels: { alertname: 'HighErrorRate', instance: name },
  annotations: { summary: 'Too many errors' },
  generatorURL: '',
  startsAt: noon,
  ...override,
});

const nothing: ApplyAlerts = {
  type: 'ApplyAlerts',
  routed: null,
  joined: [],
  resolved: [],
  suppressed: [],
  number: 42,
};

export const joins = (severity: Severity, names: readonly string[], fresh = true): ApplyAlerts => ({
  ...nothing,
  routed: routedAs(severity),
  joined: names.map((name) => ({ summary: alert(name), fresh })),
});
export const resolves = (names: readonly string[], wentQuiet = false): ApplyAlerts => ({
  ...nothing,
  resolved: names.map((fingerprint) => ({ fingerprint, wentQuiet })),
});
export const silenced: Suppression = { kind: 'silence', silenceId: 'silence-1', until: at(7200) };
export const silences = (names: readonly string[]): ApplyAlerts => ({
  ...nothing,
  suppressed: names.map((fingerprint) => ({ fingerprint, suppression: silenced })),
});

export const acknowledges: IncidentCommand = {
  type: 'AcknowledgeIncident',
  seenSeverity: null,
  seenGeneration: null,
};
export const resolvesByHand: IncidentCommand = { type: 'ResolveIncident', reason: 'by a person' };
export const escalates: IncidentCommand = { type: 'EscalateIncident' };

/** What the running timer brings. */
export const tick = (incident: Incident): IncidentCommand => ({
  type: 'AdvanceIncident',
  generation: incident.generation,
  timerPart: incident.timerPart,
  dueAt: null,
  startNewPart: false,
});

export interface Circumstances {
  readonly actor?: Actor;
  readonly policy?: Policy;
  readonly overrides?: readonly Override[];
  readonly commandId?: string;
}

export function decide(
  incident: Incident | null,
  command: IncidentCommand,
  now: Instant,
  { policy = aPolicy(), overrides = [], commandId, actor = actorOf(command) }: Circumstances = {},
) {
  const context: DecisionContext = { now, actor, policy, overrides, commandId: commandId ?? null };
  return decideIncident(command, incident, context);
}

/** The state after a command that must be accepted. */
export function carryOut(
  incident: Incident | null,
  command: IncidentCommand,
  now: Instant,
  circumstances: Circumstances = {},
): { readonly incident: Incident; readonly commit: Commit } {
  const decision = decide(incident, command, now, circumstances);
  if (decision.outcome !== 'accepted') throw new Error(`${command.type} was ${decision.outcome}: ${decision.reason}`);
  return store(incident, decision.events, now, circumstances.commandId ?? null);
}

export function store(
  before: Incident | null,
  events: readonly IncidentEvent[],
  now: Instant,
  commandId: string | null = null,
): { readonly incident: Incident; readonly commit: Commit } {
  const version = (before?.version ?? 0) + 1;
  const incidentId = 'incident-00000000001';
  const incident = evolveAll(before, events, { incidentId, version, at: now, commandId });
  const commit: Commit = {
    schema: 1,
    incidentId,
    incidentNumber: incident.number,
    version,
    part: '',
    generation: incident.generation,
    severity: incident.severity,
    at: now,
    events,
    policyHash: incident.pinned.policyHash,
    correlationId: 'correlation',
    commandId,
  };
  return { incident, commit };
}

/** Plays accepted commands, each at its instant. */
export const play = (...steps: readonly (readonly [IncidentCommand, Instant])[]): Incident => {
  const last = steps.reduce<Incident | null>((so, [command, now]) => carryOut(so, command, now).incident, null);
  if (!last) throw new Error('nothing was played');
  return last;
};

export const isOpened = (severity: Severity, now: Instant = noon): Incident => play([joins(severity, ['a']), now]);

const actorOf = ({ type }: IncidentCommand): Actor =>
  type === 'ApplyAlerts' ? source : type === 'AdvanceIncident' ? tocsin : dora;

/** Events as they are expected, with one override. */
export const escalated = (
  override: Partial<Extract<IncidentEvent, { type: 'IncidentEscalated' }>>,
): Extract<IncidentEvent, { type: 'IncidentEscalated' }> => ({
  type: 'IncidentEscalated',
  step: 1,
  round: 1,
  cause: 'timer',
  by: tocsin,
  pages: [],
  informedChannels: [],
  skipped: [],
  why: expect.stringMatching(/^Step \d of \d of escalation policy .*; policy file abcdef012345\.$/),
  ...override,
});

export const alicePage: PageTarget = { kind: 'person', person: 'alice', lane: 'slack' };
export const bobPage: PageTarget = { kind: 'person', person: 'bob', lane: 'sns' };
export const carolPage: PageTarget = { kind: 'person', person: 'carol', lane: 'slack' };
export const webPage: PageTarget = { kind: 'pagerduty', service: 'web' };

export const owed = (target: PageTarget, deadlineAt: Instant, step = 1, round = 1): OwedPage => ({
  step,
  round,
  target,
  deadlineAt,
});

/** The first step of SEV1 as it runs at an instant. */
export const firstSev1Step = (now: Instant, by: Actor = source) =>
  escalated({
    by,
    pages: [owed(alicePage, addSeconds(now, 60)), owed(webPage, addSeconds(now, 60))],
    informedChannels: ['C-PAYMENTS'],
  });

export const timerSet = (dueAt: Instant | null, part: number, reminderAt?: Instant): IncidentEvent => ({
  type: 'TimerSet',
  dueAt,
  part,
  ...(reminderAt === undefined ? {} : { reminderAt }),
});
/** Where nothing else is due, the deadline of `aPolicy` is: 30 days after the beginning of a generation. */
export const farDeadline = (triggeredAt: Instant): Instant => addSeconds(triggeredAt, 30 * day);
export const accepted = (...events: readonly IncidentEvent[]) => ({ outcome: 'accepted', events });
