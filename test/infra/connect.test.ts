import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerReceiver } from '#infra/alertmanager-receiver.ts';
import { describeConnection } from '#infra/connect.ts';
import { scopesOfMethods, slackManifest } from '#infra/slack-manifest.ts';
import { doors } from '#shared/runtime/wiring.ts';
import { at, type Synthesized, synthesize } from './support/synthesize.ts';

let prod: Synthesized;
beforeAll(async () => {
  prod = await synthesize('prod');
});

const url = 'https://tocsin.example/prod';
const pathsOf = (text: string) =>
  [...text.matchAll(/https:\/\/tocsin\.example\/prod(\/\S+)/g)].map((match) => match[1]);
/** The output as the stack prints it, with the address that API Gateway would give. */
const output = (name: string): string => {
  const value = at(prod.service.template.toJSON(), 'Outputs', name, 'Value', 'Fn::Join');
  const [, parts] = Array.isArray(value) ? value : [];
  const names: Readonly<Record<string, string>> = { 'AWS::Region': 'eu-central-1', 'AWS::URLSuffix': 'amazonaws.com' };
  return parts
    .map((part: unknown) => (typeof part === 'string' ? part : (names[String(at(part, 'Ref'))] ?? 'abc123')))
    .join('');
};
const deployed = 'https://abc123.execute-api.eu-central-1.amazonaws.com/prod';

describe('what connects Alertmanager and Slack', () => {
  it('comes out of the stack filled in with the deployed address', () => {
    expect(output('PublicUrl')).toBe(deployed);
    expect(output('AlertmanagerReceiver')).toBe(alertmanagerReceiver(deployed));
    expect(output('SlackManifest')).toBe(slackManifest(deployed));
  });

  it('is the same for the local run, whatever its address', () => {
    expect(describeConnection('http://127.0.0.1:8080')).toContain('url: http://127.0.0.1:8080/v1/alertmanager\n');
    const printed = execFileSync(process.execPath, ['infra/connect.ts', '--url', `${url}/`], { encoding: 'utf8' });
    expect(printed).toBe(`${describeConnection(url)}\n`);
  });

  it('leads to doors that are there', () => {
    const posts = doors.filter(({ method }) => method === 'POST').map(({ path }) => path);
    const paths = pathsOf(describeConnection(url));
    expect(paths).toEqual(['/v1/alertmanager', '/v1/slack/commands', '/v1/slack/interactions']);
    expect(paths.filter((path) => !posts.includes(path ?? ''))).toEqual([]);
  });

  it('is YAML that Alertmanager and Slack read', () => {
    expect(parse(alertmanagerReceiver(url))).toEqual({
      receivers: [
        {
          name: 'tocsin',
          webhook_configs: [
            {
              url: `${url}/v1/alertmanager`,
              send_resolved: true,
              max_alerts: 0,
              http_config: {
                authorization: { type: 'Bearer', credentials_file: '/etc/alertmanager/tocsin-token' },
              },
            },
          ],
        },
      ],
    });
    expect(parse(slackManifest(url))).toMatchObject({
      features: {
        slash_commands: [{ command: '/incident', url: `${url}/v1/slack/commands` }],
      },
      settings: { interactivity: { is_enabled: true, request_url: `${url}/v1/slack/interactions` } },
    });
  });

  it('asks Slack for the scopes of the methods that the code calls, and for no more', () => {
    const sources = execFileSync('git', ['ls-files', 'shared/runtime', 'shared/adapters', 'functions'], {
      encoding: 'utf8',
    })
      .split('\n')
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(file, 'utf8'));
    const methods = new Set(
      sources.flatMap((text) =>
        [...text.matchAll(/'((?:chat|conversations|users|views|reactions|pins|bookmarks|files)\.[a-zA-Z.]+)'/g)].map(
          (match) => match[1],
        ),
      ),
    );
    expect([...methods].sort()).toEqual(Object.keys(scopesOfMethods).sort());
    expect(parse(slackManifest(url)).oauth_config.scopes.bot).toEqual([
      'channels:history',
      'chat:write',
      'chat:write.public',
      'commands',
      'groups:history',
      'im:history',
      'im:write',
    ]);
  });
});
