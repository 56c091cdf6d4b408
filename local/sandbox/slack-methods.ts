import { breaksSlackLimits } from './slack-limits.ts';
import { botUser, directMessagesOf, type SlackMessage, type SlackWorkspace, teamId } from './slack-workspace.ts';

export type SlackArgs = Readonly<Record<string, unknown>>;
export type SlackAnswer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

export interface SlackSession {
  readonly workspace: SlackWorkspace;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Uses up a trigger id: null when it is good, else Slack's error. */
  readonly useTrigger: (id: string) => string | null;
  readonly openView: (view: unknown, triggerId: string) => void;
}

type Method = (session: SlackSession, args: SlackArgs) => SlackAnswer;

/** The Web API methods that the stand-in has. */
export const slackMethods: Readonly<Record<string, Method>> = {
  'api.test': () => ({ ok: true }),
  'auth.test': () => ({
    ok: true,
    url: 'https://sandbox.slack.example/',
    team: 'Sandbox',
    user: botUser.name,
    team_id: teamId,
    user_id: botUser.id,
    bot_id: 'B0TOCSIN',
  }),
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': updateMessage,
  'chat.delete': deleteMessage,
  'conversations.history': readHistory,
  'conversations.replies': readReplies,
  'conversations.open': openConversation,
  'users.info': readUser,
  'views.open': openView,
};

const refuse = (error: string): SlackAnswer => ({ ok: false, error });
const textOf = (args: SlackArgs, name: string): string => (typeof args[name] === 'string' ? args[name] : '');
const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';

function postMessage({ workspace, now }: SlackSession, args: SlackArgs): SlackAnswer {
  const channel = workspace.resolveChannel(textOf(args, 'channel'));
  if (channel === null) return refuse('channel_not_found');
  const blocks = readBlocks(args.blocks);
  if (blocks === null) return refuse('invalid_blocks_format');
  const broken = breaksSlackLimits(textOf(args, 'text'), blocks);
  if (broken !== null) return refuse(broken);
  const threadTs = textOf(args, 'thread_ts') || null;
  if (threadTs !== null && workspace.find(channel, threadTs) === null) return refuse('thread_not_found');
  const message: SlackMessage = {
    ts: workspace.nextTs(now),
    user: botUser.id,
    text: textOf(args, 'text'),
    blocks,
    metadata: args.metadata ?? null,
    threadTs,
    editedTs: null,
    ephemeralFor: null,
  };
  workspace.post(channel, message);
  return { ok: true, channel, ts: message.ts, message: toWire(message, true) };
}

function postEphemeral({ workspace, now }: SlackSession, args: SlackArgs): SlackAnswer {
  const channel = workspace.resolveChannel(textOf(args, 'channel'));
  const user = textOf(args, 'user');
  if (channel === null) return refuse('channel_not_found');
  if (!workspace.hasUser(user)) return refuse('user_not_in_channel');
  const blocks = readBlocks(args.blocks);
  if (blocks === null) return refuse('invalid_blocks_format');
  const broken = breaksSlackLimits(textOf(args, 'text'), blocks);
  if (broken !== null) return refuse(broken);
  const ts = workspace.nextTs(now);
  const text = textOf(args, 'text');
  const threadTs = textOf(args, 'thread_ts') || null;
  const message = { ts, user: botUser.id, text, blocks, metadata: null, threadTs, editedTs: null, ephemeralFor: user };
  workspace.post(channel, message);
  return { ok: true, message_ts: ts };
}

function updateMessage({ workspace, now }: SlackSession, args: SlackArgs): SlackAnswer {
  const channel = workspace.resolveChannel(textOf(args, 'channel'));
  if (channel === null) return refuse('channel_not_found');
  const found = workspace.find(channel, textOf(args, 'ts'));
  // Ephemeral messages cannot be changed by this method.
  if (found === null || found.ephemeralFor !== null) return refuse('message_not_found');
  if (found.user !== botUser.id) return refuse('cant_update_message');
  const blocks = readBlocks(args.blocks);
  if (blocks === null) return refuse('invalid_blocks_format');
  const broken = breaksSlackLimits(textOf(args, 'text'), blocks);
  if (broken !== null) return refuse(broken);
  const metadata = args.metadata === undefined ? {} : { metadata: args.metadata };
  const change = { text: textOf(args, 'text'), blocks, editedTs: workspace.nextTs(now), ...metadata };
  workspace.change(channel, found.ts, change);
  return { ok: true, channel, ts: found.ts, text: change.text, message: toWire({ ...found, ...change }, true) };
}

function deleteMessage({ workspace }: SlackSession, args: SlackArgs): SlackAnswer {
  const channel = workspace.resolveChannel(textOf(args, 'channel'));
  if (channel === null) return refuse('channel_not_found');
  const found = workspace.find(channel, textOf(args, 'ts'));
  if (found === null) return refuse('message_not_found');
  workspace.remove(channel, found.ts);
  return { ok: true, channel, ts: found.ts };
}

function readHistory({ workspace }: SlackSession, args: SlackArgs): SlackAnswer {
  const channel = workspace.resolveChannel(textOf(args, 'channel'));
  if (channel === null) return refuse('channel_not_found');
  const top = workspace
    .messagesOf(channel)
    .filter((message) => message.ephemeralFor === null && (message.threadTs ?? message.ts) === message.ts);
  return pageOf([...within(top, args)].reverse(), args);
}

function readReplies({ workspace }: SlackSession, args: SlackArgs): SlackAnswer {
  const channel = workspace.resolveChannel(textOf(args, 'channel'));
  const ts = textOf(args, 'ts');
  if (channel === null) return refuse('channel_not_found');
  if (workspace.find(channel, ts) === null) return refuse('thread_not_found');
  const thread = workspace
    .messagesOf(channel)
    .filter((message) => message.ephemeralFor === null && (message.ts === ts || message.threadTs === ts));
  return pageOf(within(thread, args), args);
}

/** `oldest` and `latest` are exclusive unless `inclusive`. Fixed width, so they compare as strings. */
function within(messages: readonly SlackMessage[], args: SlackArgs): readonly SlackMessage[] {
  const oldest = textOf(args, 'oldest') || '0';
  const latest = textOf(args, 'latest') || '9999999999.999999';
  const inclusive = isTrue(args.inclusive);
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= Number(oldest) && at <= Number(latest) : at > Number(oldest) && at < Number(latest);
  });
}

function pageOf(messages: readonly SlackMessage[], args: SlackArgs): SlackAnswer {
  const limit = Math.min(Math.max(Number(args.limit ?? 100) || 100, 1), 999);
  const from = Number(textOf(args, 'cursor') || '0') || 0;
  const page = messages.slice(from, from + limit);
  const more = from + limit < messages.length;
  return {
    ok: true,
    messages: page.map((message) => toWire(message, isTrue(args.include_all_metadata))),
    has_more: more,
    response_metadata: { next_cursor: more ? String(from + limit) : '' },
  };
}

function toWire(message: SlackMessage, withMetadata: boolean): Readonly<Record<string, unknown>> {
  return {
    type: 'message',
    user: message.user,
    bot_id: 'B0TOCSIN',
    ts: message.ts,
    text: message.text,
    blocks: message.blocks,
    ...(message.threadTs !== null && { thread_ts: message.threadTs }),
    ...(message.editedTs !== null && { edited: { user: message.user, ts: message.editedTs } }),
    ...(withMetadata && message.metadata !== null && { metadata: message.metadata }),
  };
}

function openConversation({ workspace }: SlackSession, args: SlackArgs): SlackAnswer {
  const user = textOf(args, 'users').split(',')[0] ?? '';
  if (!workspace.hasUser(user)) return refuse('user_not_found');
  return { ok: true, channel: { id: directMessagesOf(user) } };
}

function readUser({ workspace }: SlackSession, args: SlackArgs): SlackAnswer {
  const id = textOf(args, 'user');
  if (!workspace.hasUser(id)) return refuse('user_not_found');
  const name = workspace.userName(id);
  const flags = { deleted: false, is_bot: id === botUser.id, is_restricted: false, is_ultra_restricted: false };
  return { ok: true, user: { id, name, real_name: name, team_id: teamId, profile: { display_name: name }, ...flags } };
}

function openView(session: SlackSession, args: SlackArgs): SlackAnswer {
  const triggerId = textOf(args, 'trigger_id');
  const refused = session.useTrigger(triggerId);
  if (refused !== null) return refuse(refused);
  if (typeof args.view !== 'object' || args.view === null) return refuse('invalid_arguments');
  session.openView(args.view, triggerId);
  return { ok: true, view: args.view };
}

/** Null: not a list. */
function readBlocks(value: unknown): readonly unknown[] | null {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : null;
}
