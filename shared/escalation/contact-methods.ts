import type { Person } from '../config/policy.ts';
import type { Severity } from '../incident/severity.ts';
import { exhaustive } from '../kernel/assert.ts';
import type { PageTarget } from '../notification/page.ts';
import type { ContactMethod } from '../on-call/person.ts';
import type { LivePeople } from './live-people.ts';

/** One way to page a person that works at present. */
export interface ContactWay {
  readonly target: PageTarget;
  /** After the step ran; 0: at once. */
  readonly afterSeconds: number;
}

export interface PersonContact {
  /** In the person's order. Empty: nobody can page this person. */
  readonly ways: readonly ContactWay[];
  /** Methods whose address is gone, in words. They hold back none of the others. */
  readonly gone: readonly string[];
}

/**
 * How is a person paged for a severity? By the contact methods for it; without any by Slack, or else by SNS, and by one of them
 * only, because two would wake the same person twice.
 */
export function contactOf(person: Person, severity: Severity, policy: LivePeople): PersonContact {
  const methods = person.contact?.[severity] ?? [];
  if (methods.length === 0) return { ways: defaultWays(person), gone: [] };
  const ways: ContactWay[] = [];
  const gone: string[] = [];
  for (const method of methods) {
    const target = targetOf(method, person, policy);
    if (target === null) gone.push(describeMethod(method));
    else ways.push({ target, afterSeconds: method.afterSeconds });
  }
  return { ways, gone };
}

function defaultWays({ name, slackUserId, sns }: Person): readonly ContactWay[] {
  if (slackUserId) return [{ target: { kind: 'person', person: name, lane: 'slack' }, afterSeconds: 0 }];
  if (sns) return [{ target: { kind: 'person', person: name, lane: 'sns' }, afterSeconds: 0 }];
  return [];
}

/** Null: the address is gone. */
function targetOf(method: ContactMethod, { name, slackUserId }: Person, policy: LivePeople): PageTarget | null {
  switch (method.kind) {
    case 'slack':
      return slackUserId ? { kind: 'person', person: name, lane: 'slack' } : null;
    case 'slack mention': {
      const channelId = policy.slackChannels[method.channel];
      return slackUserId && channelId !== undefined ? { kind: 'person mention', person: name, channelId } : null;
    }
    case 'pagerduty':
      return policy.pagerduty[method.service] ? { kind: 'pagerduty', service: method.service } : null;
    case 'sns':
      return policy.snsContacts[method.contact]
        ? { kind: 'person', person: name, lane: 'sns', contact: method.contact }
        : null;
    default:
      return exhaustive(method);
  }
}

function describeMethod(method: ContactMethod): string {
  switch (method.kind) {
    case 'slack':
      return 'Slack';
    case 'slack mention':
      return `#${method.channel}`;
    case 'pagerduty':
      return `PagerDuty service ${method.service}`;
    case 'sns':
      return `contact ${method.contact}`;
    default:
      return exhaustive(method);
  }
}
