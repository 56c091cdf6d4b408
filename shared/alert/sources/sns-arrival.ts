import type { Instant } from '../../kernel/instant.ts';
import type { Arrival, WebhookReading } from '../parse-webhook.ts';

/** What the door knows of a notification of SNS beside its text. */
export interface SnsArrival extends Arrival {
  /** When SNS took it from its publisher. */
  readonly sentAt: Instant;
  readonly topicArn: string;
}

export type SnsBodyReading = WebhookReading | { readonly ok: 'no news'; readonly why: string };
