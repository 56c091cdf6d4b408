import type { Journal } from '../journal.ts';

export interface SlackMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly metadata: unknown;
  /** ts of the thread's first message; null outside threads. */
  readonly threadTs: string | null;
  readonly editedTs: string | null;
  /** Only this user sees it; null: everybody. */
  readonly ephemeralFor: string | null;
}

export interface SlackUser {
  readonly id: string;
  readonly name: string;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
}

export type WorkspaceEntry =
  | { readonly op: 'post'; readonly channel: string; readonly message: SlackMessage }
  | { readonly op: 'change'; readonly channel: string; readonly ts: string; readonly change: Partial<SlackMessage> }
  | { readonly op: 'remove'; readonly channel: string; readonly ts: string };

/** What is known by id: null takes any id of the right shape. */
export interface Directory {
  readonly users: readonly SlackUser[] | null;
  readonly channels: readonly SlackChannel[] | null;
}

export const botUser: SlackUser = { id: 'U0TOCSIN', name: 'Tocsin' };
export const teamId = 'T0SANDBOX';
/** Newest messages kept of a channel. */
const keptMessages = 1_000;

/** What "Slack" holds: channels and their messages. Every change is in the journal before it is answered. */
export class SlackWorkspace {
  readonly directory: Directory;
  private readonly journal: Journal<WorkspaceEntry>;
  private readonly channels = new Map<string, SlackMessage[]>();
  private readonly listeners = new Set<() => void>();
  private lastMicros = 0;

  constructor(directory: Directory, journal: Journal<WorkspaceEntry>, entries: readonly WorkspaceEntry[]) {
    this.directory = directory;
    this.journal = journal;
    for (const entry of entries) this.apply(entry);
    const kept = [...this.channels].flatMap(([channel, messages]) =>
      messages.map((message): WorkspaceEntry => ({ op: 'post', channel, message })),
    );
    if (kept.length < entries.length) journal.rewrite(kept);
  }

  /** Called after every change. Answers how to stop it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ids of channels that exist: the named ones, and those with messages. */
  channelIds(): readonly string[] {
    return [...new Set([...(this.directory.channels ?? []).map((channel) => channel.id), ...this.channels.keys()])];
  }

  /** Oldest first. */
  messagesOf(channel: string): readonly SlackMessage[] {
    return this.channels.get(channel) ?? [];
  }

  find(channel: string, ts: string): SlackMessage | null {
    return this.messagesOf(channel).find((message) => message.ts === ts) ?? null;
  }

  /** The conversation that an id means: a user's id is their direct messages. Null: there is no such thing. */
  resolveChannel(id: string): string | null {
    if (/^[UW]/.test(id)) return this.hasUser(id) ? directMessagesOf(id) : null;
    if (id.startsWith('D')) return this.hasUser(`U${id.slice(1)}`) ? id : null;
    const known = this.directory.channels;
    if (known !== null) return known.find((one) => one.id === id || one.name === id.replace(/^#/, ''))?.id ?? null;
    return /^[CG]/.test(id) ? id : null;
  }

  hasUser(id: string): boolean {
    if (id === botUser.id) return true;
    return this.directory.users === null ? /^[UW]/.test(id) : this.directory.users.some((user) => user.id === id);
  }

  userName(id: string): string {
    return [botUser, ...(this.directory.users ?? [])].find((user) => user.id === id)?.name ?? id;
  }

  post(channel: string, message: SlackMessage): void {
    this.record({ op: 'post', channel, message });
  }

  change(channel: string, ts: string, change: Partial<SlackMessage>): void {
    this.record({ op: 'change', channel, ts, change });
  }

  remove(channel: string, ts: string): void {
    this.record({ op: 'remove', channel, ts });
  }

  /** Slack's ts: seconds with six digits, unique and growing. */
  nextTs(now: number): string {
    this.lastMicros = Math.max(now * 1000, this.lastMicros + 1);
    return `${Math.floor(this.lastMicros / 1_000_000)}.${String(this.lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  private record(entry: WorkspaceEntry): void {
    this.journal.append(entry);
    this.apply(entry);
    for (const listener of this.listeners) listener();
  }

  private apply(entry: WorkspaceEntry): void {
    const messages = this.channels.get(entry.channel) ?? [];
    this.channels.set(entry.channel, messages);
    if (entry.op === 'post') {
      messages.push(entry.message);
      if (messages.length > keptMessages) messages.shift();
      return;
    }
    const index = messages.findIndex((message) => message.ts === entry.ts);
    const found = messages[index];
    if (found === undefined) return;
    if (entry.op === 'remove') messages.splice(index, 1);
    else messages[index] = { ...found, ...entry.change };
  }
}

export const directMessagesOf = (user: string): string => `D${user.slice(1)}`;
