import type { StepTarget, TeamRole } from './escalation-policy.ts';

/** True for what interrupts a person: such a target is owed a page. A channel without a mention is only informed. */
export const interrupts = (target: StepTarget): boolean =>
  (target.kind !== 'slack channel' && target.kind !== 'owner channel') || target.mention !== null;

const roleNames: Readonly<Record<TeamRole | 'everyone', string>> = {
  onCall: 'on-call',
  secondary: 'secondary',
  manager: 'manager',
  everyone: 'everyone',
};

/** The target as the policy file names it, for people. */
export function nameOf(target: StepTarget): string {
  switch (target.kind) {
    case 'person':
      return target.person;
    case 'schedule':
      return `on-call of ${target.schedule}`;
    case 'team':
      return `${roleNames[target.role]} of ${target.team}`;
    case 'owner':
      return `${roleNames[target.role]} of the owner`;
    case 'slack channel':
      return `#${target.channel}`;
    case 'owner channel':
      return 'channel of the owner';
    case 'pagerduty':
      return `PagerDuty service ${target.service}`;
    case 'owner pagerduty':
      return 'PagerDuty service of the owner';
    case 'sns':
      return `contact ${target.contact}`;
  }
}
