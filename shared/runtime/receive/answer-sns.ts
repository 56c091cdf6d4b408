import type { APIGatewayProxyResult } from 'aws-lambda';
import { isSubscribeAddress } from '../../adapters/sns-subscription/sns-address.ts';
import { quarantine } from '../../alert/parse-webhook.ts';
import { readSnsBody } from '../../alert/sources/sns-body.ts';
import type { SnsEnvelope } from '../../alert/sources/sns-envelope.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, type Problem } from '../problem.ts';
import { acceptWebhook, orTryAgain, refuse, refuseWebhook } from './answer-webhook.ts';
import type { TopicIdentity } from './identify-topic.ts';
import { withoutOwnLabel } from './own-label.ts';
import { reportTrouble } from './report-trouble.ts';
import { sendAlerts } from './send-alerts.ts';

type AnswerDeps = Pick<Deps, 'queues' | 'blobs' | 'clock' | 'ids' | 'log' | 'metrics' | 'snsSubscriptions'>;

/** SNS takes everything below 500 as delivered. So what may pass by itself is 503, and then it tries again for a while. */
export function refuseSnsCaller(
  deps: Pick<Deps, 'log' | 'metrics'>,
  caller: Exclude<TopicIdentity, { outcome: 'known' }>,
): APIGatewayProxyResult {
  if (caller.outcome === 'undecided') {
    deps.log.error('the certificate of SNS cannot be fetched', { error: caller.error });
    return refuse(deps, 'certificate unreadable', {
      status: 503,
      title: 'Try again',
      detail: 'Tocsin cannot fetch the certificate that signs this message at the moment. Send it again.',
    });
  }
  // Whoever lists the topic wrongly looks here; the reason is one of a closed list.
  deps.log.warn('a message of SNS was not believed', { reason: caller.reason });
  return refuse(deps, 'unknown caller', {
    status: 401,
    title: 'Not a message of a known topic',
    detail: `The message is not signed by SNS for a topic that a source of the policy file lists under snsTopics: ${caller.reason}.`,
  });
}

export const refuseSnsRequest = (deps: Pick<Deps, 'metrics'>, problem: Problem): APIGatewayProxyResult =>
  refuse(deps, problem.status === 401 ? 'unknown caller' : 'malformed', problem);

/** The message is SNS's, of a topic of this source. */
export async function answerSns(
  deps: AnswerDeps,
  source: string,
  envelope: SnsEnvelope,
): Promise<APIGatewayProxyResult> {
  switch (envelope.type) {
    case 'Notification':
      return answerNotification(deps, source, envelope);
    case 'SubscriptionConfirmation':
      return confirmSubscription(deps, source, envelope);
    case 'UnsubscribeConfirmation':
      return reportEnded(deps, source, envelope);
  }
}

async function answerNotification(
  deps: AnswerDeps,
  source: string,
  { topicArn, messageId, message: text, sentAt }: SnsEnvelope,
): Promise<APIGatewayProxyResult> {
  // The same for each delivery of one message: the queue drops the next for five minutes, and its rows are the same later.
  const id = hashOf('sns', topicArn, messageId);
  const arrival = { id, source, receivedAt: deps.clock.now(), sentAt, topicArn };
  const reading = readSnsBody(text, arrival);
  if (reading.ok === true) {
    return acceptWebhook(deps, { outcome: 'read', ...reading, message: withoutOwnLabel(reading.message) });
  }
  if (reading.ok === 'no news') {
    deps.metrics.count('RequestsAccepted', 1, { source });
    deps.log.info('a message of SNS says nothing new', { correlationId: id, source, why: reading.why });
    return jsonAnswer(202, { accepted: 0, quarantined: 0, id });
  }
  const { problem: reason } = reading;
  return orTryAgain(deps, async () => {
    await setAside(deps, arrival, text, reason);
    return refuseWebhook(deps, source, { status: 400, title: 'Not an alert', detail: `${reason}.` });
  });
}

/** Kept for operators as a malformed alert is, beside no others. @throws AdapterError */
async function setAside(
  deps: AnswerDeps,
  { id, source, receivedAt, topicArn }: { readonly id: string; source: string; receivedAt: string; topicArn: string },
  text: string,
  reason: string,
): Promise<void> {
  const message = {
    id,
    source,
    receiver: topicArn,
    groupKey: `{}:{topic=${JSON.stringify(topicArn)}}`,
    groupLabels: {},
    externalURL: '',
    truncatedAlerts: 0,
    alerts: [],
    receivedAt,
    repeats: false as const,
    notificationReason: null,
  };
  await sendAlerts(deps, { kind: 'alerts', correlationId: id, message, quarantined: [quarantine(text, 0, reason)] });
  deps.metrics.count('AlertsQuarantined', 1, { source });
}

/** Not confirmed is not subscribed, and no alert would ever come: whatever fails, SNS shall ask again. */
async function confirmSubscription(
  deps: AnswerDeps,
  source: string,
  { topicArn, subscribeUrl }: SnsEnvelope,
): Promise<APIGatewayProxyResult> {
  if (subscribeUrl === null || !isSubscribeAddress(subscribeUrl, topicArn)) {
    return refuseWebhook(deps, source, {
      status: 400,
      title: 'Not a confirmation',
      detail: `The SubscribeURL does not lead to SNS in the region of ${topicArn}.`,
    });
  }
  return orTryAgain(deps, async () => {
    await deps.snsSubscriptions.confirm(subscribeUrl);
    deps.log.info('a subscription was confirmed', { source, topicArn });
    return jsonAnswer(200, { confirmed: topicArn });
  });
}

/** Whoever may do that has done it on purpose or not: the people of the source must know, and no machine undoes it. */
async function reportEnded(
  deps: AnswerDeps,
  source: string,
  { topicArn }: SnsEnvelope,
): Promise<APIGatewayProxyResult> {
  return orTryAgain(deps, async () => {
    await reportTrouble(deps, {
      alertname: 'SubscriptionEnded',
      source,
      summary: `Alerts of source ${source} no longer arrive from ${topicArn}`,
      description: `The subscription to ${topicArn} was deleted. Subscribe again, or take the topic out of the policy file.`,
    });
    deps.log.warn('a subscription was deleted', { source, topicArn });
    return jsonAnswer(200, { ended: topicArn });
  });
}
