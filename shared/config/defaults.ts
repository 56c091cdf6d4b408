import type { FlappingRule } from '../alert/flapping-rule.ts';
import type { EscalationPolicy, StepTarget } from '../escalation/escalation-policy.ts';
import type { Severity } from '../incident/severity.ts';
import type { SeverityRow, WorkingHours } from './policy.ts';

const minute = 60;
const hour = 3_600;
const day = 86_400;

/** The table of DESIGN section 5; a policy file changes what it names. */
export const defaultSeverities: Readonly<Record<Severity, SeverityRow>> = {
  SEV1: {
    meaning: 'complete outage or data loss',
    acknowledgeWithinSeconds: 15 * minute,
    updateEverySeconds: 30 * minute,
    pages: 'always',
    acknowledgementExpiresSeconds: null,
    pageDeadlineSeconds: minute,
    escalationPolicy: 'default-sev1',
    closesAfterSeconds: null,
  },
  SEV2: {
    meaning: 'a major function impaired',
    acknowledgeWithinSeconds: hour,
    updateEverySeconds: hour,
    pages: 'always',
    acknowledgementExpiresSeconds: null,
    pageDeadlineSeconds: 2 * minute,
    escalationPolicy: 'default-sev2',
    closesAfterSeconds: null,
  },
  SEV3: {
    meaning: 'a minor function impaired',
    acknowledgeWithinSeconds: 4 * hour,
    updateEverySeconds: day,
    pages: 'working hours',
    acknowledgementExpiresSeconds: null,
    pageDeadlineSeconds: 15 * minute,
    escalationPolicy: 'default-sev3',
    closesAfterSeconds: 7 * day,
  },
  SEV4: {
    meaning: 'minimal impact',
    acknowledgeWithinSeconds: day,
    updateEverySeconds: null,
    pages: 'never',
    acknowledgementExpiresSeconds: null,
    pageDeadlineSeconds: 15 * minute,
    escalationPolicy: 'default-sev4',
    closesAfterSeconds: 7 * day,
  },
};

const ownerChannel: StepTarget = { kind: 'owner channel', mention: null };

/** At once the owner's on-call and PagerDuty (skipped where the team has none), then secondary, then manager. */
const pagingPolicy = (name: string, secondaryAfter: number, managerAfter: number): EscalationPolicy => ({
  name,
  steps: [
    { afterSeconds: 0, targets: [{ kind: 'owner', role: 'onCall' }, { kind: 'owner pagerduty' }] },
    { afterSeconds: secondaryAfter, targets: [{ kind: 'owner', role: 'secondary' }] },
    { afterSeconds: managerAfter, targets: [{ kind: 'owner', role: 'manager' }] },
  ],
  repeatEverySeconds: 15 * minute,
});

/** The default steps of DESIGN section 5, by name; a policy of the file with the same name replaces one. */
export const defaultEscalationPolicies: Readonly<Record<string, EscalationPolicy>> = {
  'default-sev1': pagingPolicy('default-sev1', 5 * minute, 10 * minute),
  'default-sev2': pagingPolicy('default-sev2', 15 * minute, 30 * minute),
  'default-sev3': {
    name: 'default-sev3',
    steps: [
      { afterSeconds: 0, targets: [ownerChannel] },
      { afterSeconds: 4 * hour, targets: [{ kind: 'owner', role: 'onCall' }] },
    ],
    repeatEverySeconds: null,
  },
  'default-sev4': {
    name: 'default-sev4',
    steps: [{ afterSeconds: 0, targets: [ownerChannel] }],
    repeatEverySeconds: null,
  },
};

export const defaultWorkingHours: WorkingHours = {
  timeZone: 'UTC',
  weekdays: [1, 2, 3, 4, 5],
  start: '09:00',
  end: '17:00',
};

/** Twice Alertmanager's default repeat_interval of 4 h: one repeat may be lost. */
export const defaultQuietAfterSeconds = 8 * hour;
/** Alertmanager's defaults (PROTOCOLS 3.2, 4.1). */
export const defaultResolveTimeoutSeconds = 5 * minute;
export const defaultGroupWaitSeconds = 30;
export const defaultGroupIntervalSeconds = 5 * minute;
export const defaultRepeatIntervalSeconds = 4 * hour;
/** Prometheus sends a firing alert again after a minute; what restarts at the same time is heard by then. */
export const defaultSettleSeconds = minute;
export const defaultFlapping: FlappingRule = {
  transitions: 4,
  windowSeconds: hour,
  calmAfterSeconds: 15 * minute,
};
/** Whoever relies on alerts that do not arrive is blind: somebody must look. */
export const defaultMissingSeverity: Severity = 'SEV2';
export const defaultResolveHoldSeconds = 30 * minute;
export const defaultReopenWithinSeconds = 15 * minute;
export const defaultRepageAtMostEverySeconds = 15 * minute;
export const defaultRetentionDays = 400;

/** The source of the alerts that Tocsin raises about itself; a policy file cannot take the name. */
export const ownSource = 'tocsin';
/** The source of the alerts that operators post by hand (`amtool alert add`); a policy file cannot take the name. */
export const operatorSource = 'operators';
/** Name of the built-in first route, which takes Tocsin's own alerts. */
export const ownRouteName = 'tocsin';
/** Label that only Tocsin's own alerts may carry; doors and ingest own that promise. */
export const ownAlertLabel = 'tocsin_internal';
/** Names the heartbeat in Tocsin's own alerts about it. */
export const heartbeatLabel = 'heartbeat';
/** Names the schedule in Tocsin's own alerts about it. */
export const scheduleLabel = 'schedule';
/** One incident per kind of trouble, source and hour. */
export const ownIncidentKey: readonly string[] = ['alertname', 'source', 'hour'];

/** A later contact method comes at most so much after the first: SQS delays a message by 15 minutes at most. */
export const longestContactDelay = '15m';
