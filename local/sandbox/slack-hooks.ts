import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendJson } from '../http.ts';
import { botUser, type SlackWorkspace } from './slack-workspace.ts';

/** What Slack gives along with a command or a click: trigger ids, response_urls, open modals. */
export interface SlackHooks {
  newTrigger(): string;
  /** `messageTs`: the message that the click was on, which `replace_original` changes. */
  newResponseUrl(channel: string, user: string, messageTs: string | null): string;
  useTrigger(id: string): string | null;
  openView(view: unknown, triggerId: string): void;
  /** The modal on the screen, or null. */
  readonly view: OpenView | null;
  closeView(): void;
  answerResponseUrl(id: string, body: Buffer, response: ServerResponse): void;
}

export interface OpenView {
  readonly id: string;
  readonly view: Readonly<Record<string, unknown>>;
}

interface ResponseHook {
  readonly channel: string;
  readonly user: string;
  readonly messageTs: string | null;
  readonly until: number;
  uses: number;
}

/** Slack: a trigger lives 3 s and is used once; a response_url takes 5 posts within 30 min. */
const triggerLifeMillis = 3_000;
const responseLifeMillis = 30 * 60 * 1000;
const responseUses = 5;

export function makeSlackHooks(workspace: SlackWorkspace, now: () => number, origin: () => string): SlackHooks {
  const triggers = new Map<string, { readonly until: number; used: boolean }>();
  const responses = new Map<string, ResponseHook>();
  let view: OpenView | null = null;
  return {
    newTrigger() {
      const id = `${now()}.${randomBytes(6).toString('hex')}`;
      triggers.set(id, { until: now() + triggerLifeMillis, used: false });
      return id;
    },
    newResponseUrl(channel, user, messageTs) {
      const id = randomBytes(12).toString('hex');
      responses.set(id, { channel, user, messageTs, until: now() + responseLifeMillis, uses: responseUses });
      return `${origin()}/response/${id}`;
    },
    useTrigger(id) {
      const trigger = triggers.get(id);
      if (trigger === undefined) return 'invalid_trigger_id';
      if (trigger.until < now()) return 'expired_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      trigger.used = true;
      return null;
    },
    openView(opened, triggerId) {
      view = { id: `V${triggerId}`, view: opened as OpenView['view'] };
    },
    get view() {
      return view;
    },
    closeView() {
      view = null;
    },
    answerResponseUrl(id, body, response) {
      const hook = responses.get(id);
      if (hook === undefined || hook.until < now() || hook.uses <= 0) {
        sendJson(response, 404, { ok: false, error: hook === undefined ? 'no_such_hook' : 'used_url' });
        return;
      }
      hook.uses -= 1;
      showAnswer(workspace, hook, JSON.parse(body.toString('utf8')) as CommandAnswer, now());
      sendJson(response, 200, { ok: true });
    },
  };
}

/** What a command answers, in its response or through its response_url. */
export interface CommandAnswer {
  readonly response_type?: string;
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  readonly replace_original?: boolean;
  readonly delete_original?: boolean;
}

/** Shows an answer as Slack does: only to the person who asked, unless it is meant for the channel. */
export function showAnswer(
  workspace: SlackWorkspace,
  place: { readonly channel: string; readonly user: string; readonly messageTs: string | null },
  answer: CommandAnswer,
  now: number,
): void {
  const { text = '', blocks = [] } = answer;
  if (answer.delete_original && place.messageTs !== null) {
    workspace.remove(place.channel, place.messageTs);
    return;
  }
  if (answer.replace_original && place.messageTs !== null) {
    workspace.change(place.channel, place.messageTs, { text, blocks, editedTs: workspace.nextTs(now) });
    return;
  }
  if (text === '' && blocks.length === 0) return;
  workspace.post(place.channel, {
    ts: workspace.nextTs(now),
    user: botUser.id,
    text,
    blocks,
    metadata: null,
    threadTs: null,
    editedTs: null,
    ephemeralFor: answer.response_type === 'in_channel' ? null : place.user,
  });
}
