import { SNSClient } from '@aws-sdk/client-sns';
import { patientClient, withoutLog } from '../../adapters/aws-client.ts';
import { makeTopics } from '../../adapters/sns/topics.ts';
import type { Topics } from '../ports.ts';

/**
 * One try of 1 s to connect and 7 s to answer: the 8 s that a vendor gets (vendorTimeoutMillis). SNS cannot tell a repeat from a second
 * message, so nothing is tried again behind the page ledger's back.
 */
export const snsTopics = (): Topics =>
  makeTopics(withoutLog(new SNSClient(patientClient({ attempts: 1, connectMillis: 1000, answerMillis: 7000 }))));
