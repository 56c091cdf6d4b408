import { type Instant, toEpochMillis } from '../../kernel/instant.ts';
import { type CallClass, postponeSeconds } from '../../notification/rate-limit.ts';
import type { Deps } from '../deps.ts';
import type { LaneMessage, QueueName } from '../messages.ts';

/** What became of one lane message. Whatever cannot be done now is sent again with a delay, never failed. */
export type LaneResult =
  | { readonly result: 'done' }
  | {
      readonly result: 'postpone';
      readonly millis: number;
      /** Something was done before it had to wait: the backoff begins anew. */
      readonly progressed: boolean;
      /** It must come again by then, whatever backoff and jitter say; absent: whenever. */
      readonly withinMillis?: number;
    };

export const done: LaneResult = { result: 'done' };
export const postpone = (millis: number): LaneResult => ({ result: 'postpone', millis, progressed: false });
export const afterProgress = (result: LaneResult): LaneResult =>
  result.result === 'done' ? result : { ...result, progressed: true };
export const postponeUntil = (at: Instant, now: Instant): LaneResult =>
  postpone(Math.max(0, toEpochMillis(at) - toEpochMillis(now)));

/** After an outcome that nobody knows: how long the vendor is given before it is looked up, or asked again. */
export const settleMillis = 5_000;
/** After a failure that passes by itself; backoff and jitter come on top. */
export const retryMillis = 2_000;
/** Updates whose credentials are wrong, which is a person's work: look again so much later. */
export const credentialsMillis = 300_000;
/** Somebody else was first, or a step took too long: read again soon. */
export const soonMillis = 1_000;

type Postponable = Extract<LaneMessage, { readonly postponed: number }>;

/** Sends a postponed message again as a new one; a crash before the old one is deleted only makes a harmless copy. */
export async function settle(
  deps: Pick<Deps, 'queues' | 'random'>,
  queue: QueueName,
  message: Postponable,
  result: LaneResult,
): Promise<void> {
  if (result.result === 'done') return;
  const callClass: CallClass = message.kind === 'page' ? 'page' : 'update';
  const postponed = result.progressed ? 0 : message.postponed;
  const latestSeconds = Math.ceil((result.withinMillis ?? Number.POSITIVE_INFINITY) / 1000);
  const delaySeconds = Math.min(postponeSeconds(result.millis, postponed, callClass, deps.random()), latestSeconds);
  await deps.queues.send(queue, { ...message, postponed: postponed + 1 }, { delaySeconds });
}
