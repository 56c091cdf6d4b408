import { makeSlackApi } from '../../adapters/slack/slack-api.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { SlackApi } from '../ports.ts';
import { awsSecrets } from './secrets.ts';
import { slackUrl } from './slack-responder.ts';

export const slackApi = (): SlackApi => makeSlackApi({ token: readBotToken, ...slackUrl() });

async function readBotToken(options?: { readonly fresh?: boolean }): Promise<string> {
  const { botToken } = await awsSecrets().get('slack', options);
  if (typeof botToken !== 'string') throw new AdapterError('secrets-manager', 'invalid', 'secret slack: no botToken');
  return botToken;
}
