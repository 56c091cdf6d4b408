import type { StepTarget, TeamRole } from '../escalation/escalation-policy.ts';
import type { Incident } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';

/** Whom the incident pages next, unless somebody acknowledges before. */
export interface NextPage {
  readonly at: Instant;
  /** 1-based. */
  readonly step: number;
  readonly repeated: boolean;
  /** As the policy file names them: who is on call is decided when the step runs. */
  readonly targets: readonly string[];
}

/** Null when nobody will be paged: acknowledged, over, a severity that never pages, or no step left and no repeat. */
export function nextPage(incident: Incident): NextPage | null {
  if (incident.status !== 'triggered' || incident.dueAt === null || incident.pinned.pages === 'never') return null;
  const { steps, repeatEverySeconds } = incident.pinned.escalation;
  const repeated = incident.escalation.stepsDone >= steps.length;
  if (repeated && repeatEverySeconds === null) return null;
  const step = repeated ? steps.length : incident.escalation.stepsDone + 1;
  return { at: incident.dueAt, step, repeated, targets: (steps[step - 1]?.targets ?? []).map(describeStepTarget) };
}

/** A target in words for people; unescaped. */
export function describeStepTarget(target: StepTarget): string {
  switch (target.kind) {
    case 'person':
      return target.person;
    case 'schedule':
      return `on-call of ${target.schedule}`;
    case 'team':
      return `${describeRole(target.role)} of ${target.team}`;
    case 'owner':
      return `${describeRole(target.role)} of the owner`;
    case 'slack channel':
      return `#${target.channel}${describeMention(target.mention)}`;
    case 'owner channel':
      return `the owner's channel${describeMention(target.mention)}`;
    case 'pagerduty':
      return `PagerDuty (${target.service})`;
    case 'owner pagerduty':
      return "the owner's PagerDuty";
    case 'sns':
      return target.contact;
  }
}

/** The mark is spelled out: `@here` in a text could be taken for a mention. */
const describeMention = (mention: 'here' | 'channel' | null) => (mention === null ? '' : ` (mentions ${mention})`);

function describeRole(role: TeamRole | 'everyone'): string {
  switch (role) {
    case 'onCall':
      return 'on-call';
    case 'secondary':
      return 'secondary on-call';
    case 'manager':
      return 'manager';
    case 'everyone':
      return 'everyone';
  }
}
