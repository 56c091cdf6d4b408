import { isCertificateAddress } from '../../adapters/sns-subscription/sns-address.ts';
import {
  rejectAge,
  rejectSignature,
  rejectVersion,
  type SnsRejection,
} from '../../adapters/sns-subscription/verify.ts';
import type { SnsEnvelope } from '../../alert/sources/sns-envelope.ts';
import type { Policy } from '../../config/policy.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Deps } from '../deps.ts';

export type TopicIdentity =
  | { readonly outcome: 'known'; readonly source: string }
  | { readonly outcome: 'unknown'; readonly reason: SnsRejection }
  /** The certificate could not be fetched: SNS must try again. */
  | { readonly outcome: 'undecided'; readonly error: AdapterError };

/**
 * Which source a message of SNS is of. The topic first: anybody may sign a message with SNS's key, by publishing to a topic of
 * their own, so that only a topic of the policy file makes the signature worth checking, or anything worth fetching.
 */
export async function identifyTopic(
  deps: Pick<Deps, 'snsSubscriptions' | 'policy' | 'clock'>,
  envelope: SnsEnvelope,
): Promise<TopicIdentity> {
  const source = sourceOf(deps.policy, envelope.topicArn);
  if (source === null) return unknown('the topic is of no source');
  const rejection = rejectAge(envelope, deps.clock.now()) ?? rejectVersion(envelope) ?? rejectAddress(envelope);
  if (rejection !== null) return unknown(rejection);
  try {
    const pem = await deps.snsSubscriptions.certificate(envelope.signingCertUrl);
    const mismatch = rejectSignature(envelope, pem, deps.clock.now());
    return mismatch === null ? { outcome: 'known', source } : unknown(mismatch);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return error.retryable ? { outcome: 'undecided', error } : unknown('its certificate is not there');
  }
}

const unknown = (reason: SnsRejection): TopicIdentity => ({ outcome: 'unknown', reason });

const sourceOf = ({ sources }: Policy, topicArn: string): string | null =>
  Object.values(sources).find(({ snsTopics }) => snsTopics.includes(topicArn))?.name ?? null;

const rejectAddress = ({ signingCertUrl, topicArn }: SnsEnvelope): SnsRejection | null =>
  isCertificateAddress(signingCertUrl, topicArn) ? null : 'its SigningCertURL is not of SNS in the region of the topic';
