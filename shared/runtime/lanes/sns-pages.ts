import type { Policy, SnsContact } from '../../config/policy.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import { incidentLinks } from '../../notification/incident-links.ts';
import type { PageTarget } from '../../notification/page.ts';
import { type SnsNotice, snsPageNotice } from '../../notification/sns-notice.ts';
import type { Deps } from '../deps.ts';
import { optionalEnv } from '../env.ts';
import type { VendorOutcome } from '../ports.ts';
import type { PageLane, PagePlan } from './send-page.ts';

export type SnsDeps = Pick<
  Deps,
  'table' | 'topics' | 'clock' | 'policy' | 'settings' | 'log' | 'metrics' | 'queues' | 'random'
>;

type Address = { readonly topic: string } | { readonly phone: string };

/** SNS names no time when it throttles; its limits are in requests a second (SNS service quotas). */
const throttledSeconds = 2;

/** Pages by SNS. It knows no key of ours, so after an unknown outcome the page is sent again and says that it may repeat. */
export const makeSnsPages = (deps: SnsDeps): PageLane => ({
  vendor: 'sns',
  isCredentialRefusal: (reason) => reason === 'refused',
  async planPage({ row, incident }): Promise<PagePlan> {
    const address = addressOf(deps, row.pageTarget);
    if (address === null) return { plan: 'gone' };
    const links = incidentLinks(incident, deps.policy, deps.settings.publicUrl);
    return {
      plan: 'call',
      call: {
        operation: 'topic' in address ? 'publish' : 'sms',
        bucket: null,
        lookUp: null,
        send: (claimed) => sendNotice(deps, address, snsPageNotice(claimed, incident, links)),
      },
    };
  },
});

/** People are live: the address is what the policy file says now. */
function addressOf({ policy }: SnsDeps, target: PageTarget): Address | null {
  const name = contactOf(policy, target);
  const contact = name === null ? undefined : policy.snsContacts[name];
  return contact === undefined ? null : addressOfContact(contact);
}

/** Null: nobody, or a person whom the policy file does not name any more. */
function contactOf(policy: Policy, target: PageTarget): string | null {
  if (target.kind === 'sns') return target.contact;
  if (target.kind !== 'person') return null;
  const person = policy.people[target.person];
  return person === undefined ? null : (target.contact ?? person.sns);
}

function addressOfContact({ topic, phone }: SnsContact): Address | null {
  if (topic === null) return phone === null ? null : { phone };
  const arn = topic.startsWith('arn:') ? topic : optionalEnv(topicVariable(topic));
  return arn === null ? null : { topic: arn };
}

/** The environment variable that holds the ARN of a topic of this deployment: `SNS_TOPIC_OPS_MAIL`. */
const topicVariable = (name: string): string => `SNS_TOPIC_${name.toUpperCase().replaceAll('-', '_')}`;

async function sendNotice(
  { topics }: SnsDeps,
  address: Address,
  notice: SnsNotice,
): Promise<VendorOutcome<{ readonly vendorRef: string }>> {
  try {
    const vendorRef =
      'topic' in address
        ? await topics.publish(address.topic, notice.text, { subject: notice.subject })
        : await topics.sms(address.phone, notice.sms);
    return { outcome: 'ok', value: { vendorRef } };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return classify(error);
  }
}

function classify({ reason }: AdapterError): Exclude<VendorOutcome<never>, { outcome: 'ok' }> {
  switch (reason) {
    case 'throttled':
      return { outcome: 'rate limited', retryAfterSeconds: throttledSeconds };
    case 'timeout':
      return { outcome: 'unknown', reason };
    case 'invalid':
    case 'refused':
      return { outcome: 'refused', reason };
    case 'conflict':
    case 'unavailable':
      return { outcome: 'failed', reason };
  }
}
