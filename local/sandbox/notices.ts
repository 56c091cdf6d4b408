import type { SQSEvent } from 'aws-lambda';
import type { Journal } from '../journal.ts';

/** What went out over SNS: to a topic of the deployment, or as an SMS. */
export interface Notice {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `events`, `fallback`, `alarms`, or `sms`. */
  readonly topic: string;
  /** Phone number of an SMS. */
  readonly to: string | null;
  readonly subject: string | null;
  readonly message: string;
}

export interface Notices {
  /** Oldest first. */
  readonly all: readonly Notice[];
  add(notice: Notice): void;
  onChange(listener: () => void): () => void;
}

const kept = 2_000;

export function makeNotices(journal: Journal<Notice>, entries: readonly Notice[]): Notices {
  const all = entries.slice(-kept);
  if (all.length < entries.length) journal.rewrite(all);
  const listeners = new Set<() => void>();
  return {
    all,
    add(notice) {
      journal.append(notice);
      all.push(notice);
      if (all.length > kept) all.shift();
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Takes what SNS delivered to the sandbox's queue. */
export function recordDeliveries(notices: Notices, event: SQSEvent): void {
  for (const record of event.Records) {
    const envelope = JSON.parse(record.body) as Readonly<Record<string, unknown>>;
    notices.add({
      at: Date.parse(String(envelope.Timestamp)),
      topic: String(envelope.TopicArn).split('-').at(-1) ?? '',
      to: null,
      subject: typeof envelope.Subject === 'string' ? envelope.Subject : null,
      message: String(envelope.Message),
    });
  }
}
