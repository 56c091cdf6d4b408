import type { StepTarget, TeamRole } from '../escalation/escalation-policy.ts';
import type { Live } from '../escalation/live-people.ts';
import { nextStep } from '../escalation/next-due.ts';
import { findOnCall, findPerson, type NamedPerson } from '../escalation/on-call-person.ts';
import { duesOf } from '../incident/dues.ts';
import type { Incident } from '../incident/incident.ts';
import { earliest, type Instant } from '../kernel/instant.ts';

/** Whom the incident pages next, unless somebody acknowledges before. */
export interface NextPage {
  readonly at: Instant;
  /** 1-based. */
  readonly step: number;
  readonly repeated: boolean;
  /** As the policy file names them, with who that is where people are at hand: it is decided anew when the step runs. */
  readonly targets: readonly string[];
}

/**
 * Null when nobody will be paged: acknowledged, over, a severity that never pages, or no step left and no repeat.
 * @param live names who is on call at the instant of the page. Absent: only what the policy says
 */
export function nextPage(incident: Incident, live?: Omit<Live, 'now'>): NextPage | null {
  const { pinned, escalation } = incident;
  const next = nextStep(pinned, escalation);
  const at = nextPageAt(incident);
  if (next === null || at === null) return null;
  const repeats = pinned.escalation.repeatEverySeconds !== null || pinned.missedDeadline === 'page';
  if (next.round > 1 && !repeats) return null;
  const targets = pinned.escalation.steps[next.step - 1]?.targets ?? [];
  const then = live === undefined ? undefined : { ...live, now: at };
  return {
    at,
    step: next.step,
    repeated: next.round > 1,
    targets: targets.map((target) => describeStepTarget(target, then)),
  };
}

/** A missed acknowledgement can bring the next step forward, or the last one again. */
function nextPageAt(incident: Incident): Instant | null {
  const { status, dueAt, pinned, escalation, firstStepPagedAt } = incident;
  if (status !== 'triggered' || pinned.pages === 'never') return null;
  const isHeld = escalation.stepsDone === 0 && firstStepPagedAt !== null;
  // Outside of working hours it waits like the step itself, and which of the two is first nobody here knows.
  if (pinned.missedDeadline !== 'page' || pinned.pages !== 'always' || isHeld) return dueAt;
  const deadline = duesOf(incident).find(({ kind }) => kind === 'acknowledge deadline')?.at ?? null;
  return dueAt === null || deadline === null ? (dueAt ?? deadline) : earliest(dueAt, deadline);
}

/** A target in words for people; unescaped. With `live` also who it is at that instant: `alice (on-call of web)`. */
export function describeStepTarget(target: StepTarget, live?: Live): string {
  const named = nameTarget(target);
  const found = live === undefined ? null : holderOf(target, live);
  if (found === null) return named;
  return `${found.kind === 'person' ? found.person : 'nobody'} (${named})`;
}

/** Null: the target is not one person, or there is no such schedule or team. */
function holderOf(target: StepTarget, live: Live): NamedPerson | null {
  if (target.kind === 'schedule') {
    return Object.hasOwn(live.policy.schedules, target.schedule) ? findOnCall(target.schedule, live) : null;
  }
  if (target.kind !== 'team' || target.role === 'everyone') return null;
  const holder = live.policy.teams[target.team]?.roles[target.role] ?? null;
  return holder === null ? null : findPerson(holder, live);
}

function nameTarget(target: StepTarget): string {
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
