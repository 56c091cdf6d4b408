import { makeSlackResponder } from '../../adapters/slack/slack-responder.ts';
import { optionalEnv } from '../env.ts';
import type { SlackResponder } from '../ports.ts';

/** Another address of Slack than its own, such as the local sandbox's. */
export const slackUrl = () => {
  const url = optionalEnv('SLACK_API_URL');
  return url === null ? {} : { url };
};

/** Apart from slack.ts, so that the door that must answer within 3 s does not load Slack's client. */
export const slackResponder = (): SlackResponder => makeSlackResponder(slackUrl());
