import type { SlackApi, SlackResponder, VendorOutcome } from '#shared/runtime/ports.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SlackMessage {
  readonly at: number;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, string>> } | null;
  /** What people see now. */
  text: string;
  /** What its buttons carry; null when it has none. */
  buttonValue: string | null;
}

type Arguments = Readonly<Record<string, unknown>>;
type Answer = VendorOutcome<Readonly<Record<string, unknown>>>;
const ok = (value: Readonly<Record<string, unknown>>): Answer => ({ outcome: 'ok', value: { ok: true, ...value } });

/** Slack as far as Tocsin uses it. Fails loudly on a method that it does not know. */
export class SlackModel implements SlackApi, SlackResponder {
  readonly messages: SlackMessage[] = [];
  readonly responses: { readonly url: string; readonly body: Arguments }[] = [];
  readonly #byTs = new Map<string, SlackMessage>();
  readonly #byChannel = new Map<string, SlackMessage[]>();
  #serial = 0;
  readonly time: VirtualTime;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  async call(method: string, args: Arguments): Promise<Answer> {
    switch (method) {
      case 'chat.postMessage':
        return this.#post(args);
      case 'chat.update':
        return this.#update(args);
      case 'conversations.open':
        return ok({ channel: { id: `D-${String(args.users)}` } });
      case 'conversations.history':
        return ok({ messages: this.#listed(args, null), has_more: false });
      case 'conversations.replies':
        return ok({ messages: this.#listed(args, String(args.ts)), has_more: false });
      default:
        throw new Error(`the Slack model knows no ${method}`);
    }
  }

  async respond(url: string, body: Arguments): Promise<VendorOutcome<null>> {
    this.responses.push({ url, body });
    return { outcome: 'ok', value: null };
  }

  /** Of some message about the incident that still has buttons: an old page's too. */
  buttonValueOf(incidentId: string, random: Random): string | null {
    const values = this.messages.flatMap(({ metadata, buttonValue }) =>
      buttonValue !== null && metadata?.event_payload.incident_id === incidentId ? [buttonValue] : [],
    );
    return values.length === 0 ? null : random.pick(values);
  }

  #post(args: Arguments): Answer {
    const ts = `${Math.floor(this.time.millis / 1000)}.${String(++this.#serial).padStart(6, '0')}`;
    const channel = String(args.channel);
    const message: SlackMessage = {
      at: this.time.millis,
      channel,
      ts,
      threadTs: args.thread_ts ? String(args.thread_ts) : null,
      metadata: (args.metadata ?? null) as SlackMessage['metadata'],
      text: String(args.text),
      buttonValue: buttonValueIn(args.blocks),
    };
    this.messages.push(message);
    this.#byTs.set(`${channel} ${ts}`, message);
    const inChannel = this.#byChannel.get(channel);
    if (inChannel) inChannel.push(message);
    else this.#byChannel.set(channel, [message]);
    return ok({ ts, channel });
  }

  #update(args: Arguments): Answer {
    const message = this.#byTs.get(`${String(args.channel)} ${String(args.ts)}`);
    if (!message) return { outcome: 'refused', reason: 'message_not_found' };
    message.text = String(args.text);
    message.buttonValue = buttonValueIn(args.blocks);
    return ok({ ts: message.ts, channel: message.channel });
  }

  #listed(args: Arguments, threadTs: string | null) {
    return (this.#byChannel.get(String(args.channel)) ?? [])
      .filter((each) =>
        threadTs === null ? each.threadTs === null : each.threadTs === threadTs || each.ts === threadTs,
      )
      .map((each) => ({ ts: each.ts, thread_ts: each.threadTs ?? undefined, metadata: each.metadata ?? undefined }))
      .reverse();
  }
}

function buttonValueIn(blocks: unknown): string | null {
  if (!Array.isArray(blocks)) return null;
  const actions = blocks.find((block: { type?: unknown }) => block.type === 'actions');
  const value: unknown = actions?.elements?.[0]?.value;
  return typeof value === 'string' ? value : null;
}
