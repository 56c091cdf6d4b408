import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type ButtonValue, buttonOf, readButtonValue, type SlackButton } from '../../notification/slack-buttons.ts';
import { isSilenceAction, readSilencePress, type SilencePress } from '../../notification/slack-silence-buttons.ts';
import { bodyBytes } from '../http-request.ts';
import { badRequest, bodyLimitBytes, found, isRecord, parseJson, type Read, tooLarge } from '../read-value.ts';

/** Who did it, as Slack says. `teamIds` are all the workspaces that the request names. */
export interface SlackPerson {
  readonly userId: string;
  readonly userName: string;
  readonly teamIds: readonly string[];
}

interface SlackAct {
  /** The same for every copy of one act: a command that was carried out is then known. */
  readonly commandId: string;
  /** Takes answers for 30 minutes without a token: a secret. */
  readonly responseUrl: string;
  readonly person: SlackPerson;
}

export type SlackRequest =
  | ({ readonly kind: 'command'; readonly text: string } & SlackAct)
  /** `seen`: null when the button's value is no longer readable. */
  | ({ readonly kind: 'press'; readonly button: SlackButton; readonly seen: ButtonValue | null } & SlackAct)
  /** The same for a button about silences. */
  | ({ readonly kind: 'silence press'; readonly seen: SilencePress | null } & SlackAct)
  /** An interaction that no part of Tocsin waits for. */
  | { readonly kind: 'other' };

/** A command's text is cut here: a note holds 3,000 characters (incident/narrate.ts), and a queue's message 1 MiB. */
const textLimit = 8_000;
const nameLimit = 80;
const malformed = (what: string) => badRequest(`This is no request of Slack's: ${what}.`);

/** Reads what Slack posts (PROTOCOLS 5.2, 5.3). The sender is already known to be Slack. */
export function readSlackRequest(event: APIGatewayProxyEvent): Read<SlackRequest> {
  const bytes = bodyBytes(event);
  if (bytes.length > bodyLimitBytes) return tooLarge(bytes.length);
  const form = new URLSearchParams(bytes.toString('utf8'));
  return event.resource.endsWith('/interactions') ? readInteraction(form) : readCommand(form);
}

function readCommand(form: URLSearchParams): Read<SlackRequest> {
  const act = readAct({
    commandId: form.get('trigger_id'),
    responseUrl: form.get('response_url'),
    userId: form.get('user_id'),
    userName: form.get('user_name'),
    teamIds: [form.get('team_id')],
  });
  if (!act.ok) return act;
  return found({ kind: 'command', text: (form.get('text') ?? '').slice(0, textLimit), ...act.value });
}

function readInteraction(form: URLSearchParams): Read<SlackRequest> {
  const payload = parseJson(form.get('payload') ?? '');
  if (!isRecord(payload)) return malformed('the field payload holds no JSON object');
  if (payload.type !== 'block_actions') return found({ kind: 'other' });
  if (!Array.isArray(payload.actions)) return malformed('its actions are missing');
  const pressed = payload.actions.filter(isRecord).find((each) => isOurs(each));
  if (pressed === undefined) return found({ kind: 'other' });
  const user = isRecord(payload.user) ? payload.user : {};
  const team = isRecord(payload.team) ? payload.team : {};
  const { action_ts: actionTs, action_id: actionId, value } = pressed;
  const act = readAct({
    commandId: typeof actionTs === 'string' && actionTs !== '' ? `${actionTs}:${actionId}:${user.id}` : null,
    responseUrl: payload.response_url,
    userId: user.id,
    userName: user.username ?? user.name,
    teamIds: [team.id, user.team_id],
  });
  if (!act.ok) return act;
  const text = typeof value === 'string' ? value : '';
  const button = buttonOfAction(pressed);
  return found(
    button === null
      ? { kind: 'silence press', seen: readSilencePress(String(actionId), text), ...act.value }
      : { kind: 'press', button, seen: readButtonValue(text), ...act.value },
  );
}

const isOurs = (action: Readonly<Record<string, unknown>>): boolean =>
  buttonOfAction(action) !== null || (typeof action.action_id === 'string' && isSilenceAction(action.action_id));

const buttonOfAction = ({ action_id: id }: Readonly<Record<string, unknown>>): SlackButton | null =>
  typeof id === 'string' ? buttonOf(id) : null;

function readAct(fields: {
  readonly commandId: unknown;
  readonly responseUrl: unknown;
  readonly userId: unknown;
  readonly userName: unknown;
  readonly teamIds: readonly unknown[];
}): Read<SlackAct> {
  const { commandId, responseUrl, userId, userName } = fields;
  if (typeof userId !== 'string' || !/^\w{1,64}$/.test(userId)) return malformed('it names no user');
  if (typeof commandId !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(commandId)) {
    return malformed('it has no trigger_id or action_ts');
  }
  if (typeof responseUrl !== 'string' || !/^https?:[\x21-\x7e]{1,2000}$/.test(responseUrl)) {
    return malformed('it has no response_url');
  }
  const teamIds = fields.teamIds.filter((id) => typeof id === 'string').filter((id) => id !== '');
  const name = typeof userName === 'string' ? userName.slice(0, nameLimit) : '';
  return found({ commandId, responseUrl, person: { userId, userName: name, teamIds } });
}
