import type { Instant } from '../kernel/instant.ts';
import type { QueueName } from './messages.ts';

/** The ports beside the table (store/table.ts). Each throws AdapterError and nothing else. */

export interface Clock {
  now(): Instant;
  /** For the pause between two tries; virtual in the simulation. */
  sleep(millis: number): Promise<void>;
}

export interface Queues {
  /** Body is a plain object, sent as ASCII JSON. `group` and `dedup` only for the FIFO queue `ingest`. */
  send(
    queue: QueueName,
    body: unknown,
    options?: { readonly group?: string; readonly dedup?: string; readonly delaySeconds?: number },
  ): Promise<void>;
  /** Ten a request. */
  sendAll(queue: QueueName, bodies: readonly unknown[], options?: { readonly delaySeconds?: number }): Promise<void>;
  /** Gives a received message back: visible again after so many seconds. */
  postpone(queue: QueueName, receiptHandle: string, seconds: number): Promise<void>;
  /** Puts a message that can never succeed into the queue's dead-letter queue with its reason. */
  deadLetter(queue: QueueName, body: string, reason: string, origin?: DeadLetterOrigin): Promise<void>;
  /** Returns when the queue can be reached and used; sends nothing. */
  probe(queue: QueueName): Promise<void>;
}

/** The message that is set aside, as the queue knew it: what a replay needs to put it back in its place. */
export interface DeadLetterOrigin {
  readonly messageId: string;
  readonly group?: string;
}

export interface Timers {
  /** Starts the state machine; a name that exists already is success. Name: at most 80 of [A-Za-z0-9_-]. */
  start(name: string, input: TimerInput): Promise<void>;
}

/** Input of the state machine and of tick-escalation. */
export interface TimerInput {
  readonly incidentId: string;
  readonly generation: number;
  readonly part: number;
  /** Rounds of the loop so far in this execution. */
  readonly ticks: number;
}

/** What tick-escalation answers: wait until `dueAt` and ask again, or end. */
export type TickAnswer = TimerInput & { readonly next: 'wait' | 'done'; readonly dueAt: Instant | null };

export interface Blobs {
  put(
    key: string,
    body: string,
    options?: { readonly contentType?: string; readonly cacheControl?: string },
  ): Promise<void>;
  /** Null when there is no such object. */
  get(key: string): Promise<string | null>;
}

export interface Topics {
  /** Answers the message id. `topic` is an ARN. */
  publish(
    topic: string,
    message: string,
    options?: { readonly subject?: string; readonly attributes?: Readonly<Record<string, string>> },
  ): Promise<string>;
  /** SMS to a phone number. */
  sms(phone: string, message: string): Promise<string>;
}

export type SecretName = 'sources' | 'operators' | 'slack' | 'pagerduty';

export interface Secrets {
  /** Parsed JSON object of the secret, cached. `fresh` asks the service again, at most every 10 s. @throws AdapterError */
  get(name: SecretName, options?: { readonly fresh?: boolean }): Promise<Readonly<Record<string, unknown>>>;
}

/** What SNS asks its HTTPS subscriber to fetch. The caller has checked that the address is of SNS. */
export interface SnsSubscriptions {
  /** The certificate (PEM) at a SigningCertURL. */
  certificate(url: string): Promise<string>;
  /** Visits a SubscribeURL: from then on messages are sent. */
  confirm(url: string): Promise<void>;
}

/** Answer of a vendor call. `unknown`: it may or may not have been carried out. */
export type VendorOutcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  | { readonly outcome: 'rate limited'; readonly retryAfterSeconds: number }
  /** Surely not carried out, may succeed later (5xx before work, no connection). */
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** Can never succeed as it is. `reason` is the vendor's error code. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** Slack Web API: one method call within vendorTimeoutMillis, no retries inside. */
export interface SlackApi {
  call(
    method: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<VendorOutcome<Readonly<Record<string, unknown>>>>;
}

export interface PagerDutyApi {
  /** One Events API v2 event within vendorTimeoutMillis, no retries inside. */
  send(event: PagerDutyEvent, region: 'us' | 'eu'): Promise<VendorOutcome<{ readonly dedupKey: string }>>;
}

/** The body of POST /v2/enqueue (PROTOCOLS 6.1). */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedup_key: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly client?: string;
  readonly client_url?: string;
}

/** Posts to Slack's response_url, which needs no token. */
export interface SlackResponder {
  respond(responseUrl: string, body: Readonly<Record<string, unknown>>): Promise<VendorOutcome<null>>;
}
