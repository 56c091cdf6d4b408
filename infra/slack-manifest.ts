/** Scopes of the bot by the Web API method that needs them (docs.slack.dev, reference/methods). A test holds it against the code. */
export const scopesOfMethods: Readonly<Record<string, readonly string[]>> = {
  // Public channels without joining them; private ones take an invitation of the bot.
  'chat.postMessage': ['chat:write', 'chat:write.public'],
  'chat.update': ['chat:write'],
  'conversations.open': ['im:write'],
  // After an unknown outcome the message is looked for where it was sent: public and private channels, direct messages.
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
};

const scopes = [...new Set(['commands', ...Object.values(scopesOfMethods).flat()])].sort();

/** The Slack app as a manifest (YAML) for api.slack.com, "Create New App" from a manifest. `url`: base, no trailing slash. */
export const slackManifest = (url: string): string => `display_information:
  name: Tocsin
  description: Incidents from alerts, acknowledged where you talk
features:
  bot_user:
    display_name: Tocsin
    always_online: true
  slash_commands:
    - command: /incident
      url: ${url}/v1/slack/commands
      description: Look at incidents and act on them
      usage_hint: list | ack 42 | resolve 42 | help
      should_escape: false
oauth_config:
  scopes:
    bot:
${scopes.map((scope) => `      - ${scope}`).join('\n')}
settings:
  interactivity:
    is_enabled: true
    request_url: ${url}/v1/slack/interactions
  org_deploy_enabled: false
  socket_mode_enabled: false
  token_rotation_enabled: false
`;
