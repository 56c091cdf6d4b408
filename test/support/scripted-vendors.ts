import type { PagerDutyApi, PagerDutyEvent, SlackApi, VendorOutcome } from '#shared/runtime/ports.ts';

type SlackValue = Readonly<Record<string, unknown>>;
type SlackAnswer = VendorOutcome<SlackValue>;

/** What one call does: an answer without doing anything, work done and its answer lost, or a test's own doing first. */
export type SlackScript = SlackAnswer | 'done, answer lost' | (() => Promise<void>);

export interface SlackCall {
  readonly method: string;
  readonly args: SlackValue;
}

interface Posted {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly text: string;
  readonly metadata: unknown;
}

const methods = [
  'chat.postMessage',
  'chat.update',
  'conversations.open',
  'conversations.history',
  'conversations.replies',
] as const;
type Method = (typeof methods)[number];

export const unknownOutcome = { outcome: 'unknown', reason: 'no answer in time' } as const;

/**
 * Slack that works as far as Tocsin uses it, for the methods that a test allows; any other call fails the test. Scripted
 * calls come first, in order.
 */
export function makeScriptedSlack(): SlackApi & {
  readonly calls: SlackCall[];
  readonly posted: Posted[];
  allow(...allowed: readonly Method[]): void;
  script(method: Method, ...scripts: readonly SlackScript[]): void;
  callsOf(method: Method): readonly SlackCall[];
} {
  const allowed = new Set<string>();
  const scripts = new Map<string, SlackScript[]>();
  const calls: SlackCall[] = [];
  const posted: Posted[] = [];

  function work(method: string, args: SlackValue): SlackAnswer {
    switch (method) {
      case 'chat.postMessage': {
        const ts = `1700000000.${String(posted.length + 1).padStart(6, '0')}`;
        const threadTs = typeof args.thread_ts === 'string' ? args.thread_ts : null;
        const { metadata } = args;
        posted.push({ channel: String(args.channel), ts, threadTs, text: String(args.text), metadata });
        return { outcome: 'ok', value: { ts, channel: args.channel } };
      }
      case 'chat.update':
        return posted.some((each) => each.ts === args.ts && each.channel === args.channel)
          ? { outcome: 'ok', value: { ts: args.ts } }
          : { outcome: 'refused', reason: 'message_not_found' };
      case 'conversations.open':
        return { outcome: 'ok', value: { channel: { id: `D-${String(args.users)}` } } };
      default: {
        const threadTs = method === 'conversations.replies' ? args.ts : null;
        const messages = posted.filter((each) => each.channel === args.channel && each.threadTs === threadTs);
        return { outcome: 'ok', value: { messages } };
      }
    }
  }

  return {
    calls,
    posted,
    allow: (...more) => {
      for (const method of more) allowed.add(method);
    },
    script: (method, ...more) => {
      scripts.set(method, [...(scripts.get(method) ?? []), ...more]);
    },
    callsOf: (method) => calls.filter((call) => call.method === method),
    async call(method, args) {
      calls.push({ method, args });
      const script = scripts.get(method)?.shift();
      if (script === undefined) {
        if (!allowed.has(method)) throw new Error(`Slack was called without a script: ${method}`);
        return work(method, args);
      }
      if (script === 'done, answer lost') {
        work(method, args);
        return unknownOutcome;
      }
      if (typeof script !== 'function') return script;
      await script();
      return work(method, args);
    },
  };
}

type PagerDutyAnswer = VendorOutcome<{ readonly dedupKey: string }>;

/** PagerDuty as PROTOCOLS 6 tells it: only a trigger without an open alert of its key notifies somebody. */
export function makeScriptedPagerDuty(): PagerDutyApi & {
  readonly sent: string[];
  readonly notified: string[];
  readonly alerts: Record<string, 'triggered' | 'acknowledged' | 'resolved'>;
  script(...scripts: readonly (PagerDutyAnswer | 'done, answer lost' | (() => Promise<void>))[]): void;
} {
  const scripts: (PagerDutyAnswer | 'done, answer lost' | (() => Promise<void>))[] = [];
  const sent: string[] = [];
  const notified: string[] = [];
  const alerts: Record<string, 'triggered' | 'acknowledged' | 'resolved'> = {};

  function work({ event_action: action, dedup_key: key }: PagerDutyEvent): PagerDutyAnswer {
    const open = alerts[key] === 'triggered' || alerts[key] === 'acknowledged';
    if (action === 'trigger' && !open) {
      alerts[key] = 'triggered';
      notified.push(key);
    }
    if (action === 'acknowledge' && open) alerts[key] = 'acknowledged';
    if (action === 'resolve' && open) alerts[key] = 'resolved';
    return { outcome: 'ok', value: { dedupKey: key } };
  }

  return {
    sent,
    notified,
    alerts,
    script: (...more) => {
      scripts.push(...more);
    },
    async send(event) {
      if (event.routing_key !== 'R'.repeat(32)) throw new Error('PagerDuty was called with another routing key');
      sent.push(`${event.event_action} ${event.dedup_key}`);
      const script = scripts.shift();
      if (script === undefined) return work(event);
      if (script === 'done, answer lost') {
        work(event);
        return unknownOutcome;
      }
      if (typeof script !== 'function') return script;
      await script();
      return work(event);
    },
  };
}
