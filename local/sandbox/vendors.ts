import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '#shared/config/policy.ts';
import type { LocalSettings } from '../settings.ts';
import { type PagerDutyStandIn, startPagerDutyStandIn } from './pagerduty-stand-in.ts';
import { type SlackStandIn, type SlackStandInOptions, startSlackStandIn } from './slack-stand-in.ts';
import type { Directory } from './slack-workspace.ts';
import { type SnsStandIn, startSnsStandIn } from './sns-stand-in.ts';

/** Whom the product talks to. A stand-in is started only where neither a credential nor an address was given. */
export interface Vendors {
  readonly slack: SlackStandIn | null;
  /** Null: Slack's own address. */
  readonly slackApiUrl: string | null;
  readonly pagerduty: PagerDutyStandIn | null;
  readonly pagerdutyServer: string | null;
  /** Publishes to `POST /v1/sns`. Always there: the real SNS cannot reach this machine. */
  readonly sns: SnsStandIn;
  stop(): Promise<void>;
}

export async function startVendors(settings: LocalSettings, policy: Policy): Promise<Vendors> {
  const { dataDir } = settings;
  const slack = settings.slack.kind === 'stand-in' ? await startSlack(dataDir, directoryOf(policy)) : null;
  const pagerduty = settings.pagerduty.kind === 'stand-in' ? await startPagerDutyStandIn({ dataDir }) : null;
  const sns = await startSnsStandIn();
  return {
    slack,
    slackApiUrl: slack?.apiUrl ?? (settings.slack.kind === 'given' ? settings.slack.address : null),
    pagerduty,
    pagerdutyServer: pagerduty?.server ?? (settings.pagerduty.kind === 'given' ? settings.pagerduty.address : null),
    sns,
    async stop() {
      await Promise.all([slack?.stop(), pagerduty?.stop(), sns.stop()]);
    },
  };
}

/** The people and channels that the policy file names are the ones that "Slack" knows. */
function directoryOf(policy: Policy): Directory {
  const users = Object.values(policy.people).flatMap(({ name, slackUserId }) =>
    slackUserId === null ? [] : [{ id: slackUserId, name }],
  );
  return { users, channels: Object.entries(policy.slackChannels).map(([name, id]) => ({ name, id })) };
}

/** On the port of the last run when it is free: a response_url that waits in a queue still leads here. */
async function startSlack(dataDir: string, directory: Directory): Promise<SlackStandIn> {
  const portFile = join(dataDir, 'slack.port');
  const lastPort = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  const options: SlackStandInOptions = { dataDir, directory };
  const standIn = await startSlackStandIn({ ...options, port: lastPort }).catch(() => startSlackStandIn(options));
  writeFileSync(portFile, String(standIn.port));
  return standIn;
}
