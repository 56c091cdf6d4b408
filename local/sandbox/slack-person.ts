import { createHmac } from 'node:crypto';
import { type CommandAnswer, showAnswer } from './slack-hooks.ts';
import type { SlackStandIn } from './slack-stand-in.ts';
import { teamId } from './slack-workspace.ts';

/** Somebody at their keyboard in the stand-in's Slack: what they do reaches the product signed, as from Slack itself. */
export interface SlackPerson {
  command(text: string, channel: string): Promise<CommandResult>;
  /** Presses a button, or chooses in a menu, of a message. */
  press(press: Press): Promise<CommandResult>;
  submitView(values: Readonly<Record<string, unknown>>): Promise<CommandResult>;
}

export interface Press {
  readonly channel: string;
  readonly messageTs: string;
  /** The element as the message has it: type, action_id, value. */
  readonly action: Readonly<Record<string, unknown>>;
}

export interface CommandResult {
  readonly status: number;
  readonly answer: CommandAnswer;
}

export interface SlackPersonOptions {
  /** Base URL of the product. */
  readonly product: string;
  readonly signingSecret: string;
  readonly slack: Pick<SlackStandIn, 'workspace' | 'hooks'>;
  readonly user: { readonly id: string; readonly name: string };
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** The name of the slash command in the Slack app. */
export const slashCommand = '/incident';

export function makeSlackPerson({
  product,
  signingSecret,
  slack,
  user,
  now = Date.now,
}: SlackPersonOptions): SlackPerson {
  const { workspace, hooks } = slack;
  const common = () => ({ api_app_id: 'A0SANDBOX', trigger_id: hooks.newTrigger() });
  const post = (path: string, form: Readonly<Record<string, string>>) =>
    postSlackForm(`${product}${path}`, form, signingSecret, now());

  return {
    async command(text, channel) {
      const result = await post('/v1/slack/commands', {
        ...common(),
        is_enterprise_install: 'false',
        command: slashCommand,
        text,
        team_id: teamId,
        team_domain: 'sandbox',
        channel_id: channel,
        channel_name: 'sandbox',
        user_id: user.id,
        user_name: user.name,
        response_url: hooks.newResponseUrl(channel, user.id, null),
      });
      showAnswer(workspace, { channel, user: user.id, messageTs: null }, result.answer, now());
      return result;
    },
    async press({ channel, messageTs, action }) {
      const message = workspace.find(channel, messageTs);
      const payload = {
        ...common(),
        type: 'block_actions',
        user: { id: user.id, username: user.name, name: user.name, team_id: teamId },
        team: { id: teamId, domain: 'sandbox' },
        enterprise: null,
        is_enterprise_install: false,
        channel: { id: channel, name: 'sandbox' },
        container: { type: 'message', message_ts: messageTs, channel_id: channel, is_ephemeral: false },
        message: { type: 'message', ts: messageTs, text: message?.text, blocks: message?.blocks },
        response_url: hooks.newResponseUrl(channel, user.id, messageTs),
        actions: [{ ...action, action_ts: workspace.nextTs(now()) }],
        state: { values: {} },
      };
      const result = await post('/v1/slack/interactions', { payload: JSON.stringify(payload) });
      showAnswer(workspace, { channel, user: user.id, messageTs }, result.answer, now());
      return result;
    },
    async submitView(values) {
      const { view } = hooks;
      if (view === null) return { status: 404, answer: { text: 'No modal is open.' } };
      const payload = {
        ...common(),
        type: 'view_submission',
        user: { id: user.id, username: user.name, name: user.name, team_id: teamId },
        team: { id: teamId, domain: 'sandbox' },
        enterprise: null,
        is_enterprise_install: false,
        view: { ...view.view, id: view.id, hash: 'sandbox', state: { values } },
        response_urls: [],
      };
      const result = await post('/v1/slack/interactions', { payload: JSON.stringify(payload) });
      if (!('response_action' in result.answer)) hooks.closeView();
      return result;
    },
  };
}

/** Signs as Slack does (PROTOCOLS 5.1): HMAC-SHA256 over `v0:<seconds>:<raw body>`. */
export function signSlackBody(body: string, signingSecret: string, epochSeconds: number): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${epochSeconds}:${body}`).digest('hex')}`;
}

/** Posts a form as Slack signs it. `now`: epoch milliseconds. */
export async function postSlackForm(
  url: string,
  form: Readonly<Record<string, string>>,
  signingSecret: string,
  now: number,
): Promise<CommandResult> {
  const body = new URLSearchParams(form).toString();
  const seconds = Math.floor(now / 1000);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': signSlackBody(body, signingSecret, seconds),
    },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, answer: readAnswer(await response.text(), response.status) };
}

function readAnswer(text: string, status: number): CommandAnswer {
  if (status >= 400) return { text: `Slack would say: the app answered ${status}. ${problemOf(text)}`.trim() };
  if (text === '') return {};
  try {
    return JSON.parse(text) as CommandAnswer;
  } catch {
    return { text };
  }
}

function problemOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail ?? '');
  } catch {
    return '';
  }
}
