import type { APIGatewayProxyResult } from 'aws-lambda';
import { printConfig, receiversOf } from '../../alertmanager/config-text.ts';
import { spokenVersion } from '../../alertmanager/version.ts';
import type { Policy } from '../../config/policy.ts';
import type { Instant } from '../../kernel/instant.ts';
import { metricsContentType, writeMetrics } from '../api/metrics-text.ts';
import { answerJson, answerText } from './answers.ts';

/** A policy never changes while a process lives, and clients ask for it before everything else. */
const printed = new WeakMap<Policy, string>();

function configOf(policy: Policy): string {
  const known = printed.get(policy);
  if (known !== undefined) return known;
  const text = printConfig(policy);
  printed.set(policy, text);
  return text;
}

/** GET /status. There are no peers to gossip with: the store is shared, so the cluster is `disabled`, as of one that runs alone. */
export const showStatus = (policy: Policy, upSince: Instant): APIGatewayProxyResult =>
  answerJson(
    200,
    JSON.stringify({
      cluster: { name: '', peers: [], status: 'disabled' },
      config: { original: configOf(policy) },
      uptime: upSince,
      versionInfo: spokenVersion,
    }),
  );

/** GET /receivers, in the order of the route tree. */
export const listReceivers = (policy: Policy): APIGatewayProxyResult =>
  answerJson(200, JSON.stringify(receiversOf(policy.route).map((name) => ({ name }))));

/** What Karma reads the version from. The figures of Tocsin itself are at /metrics. */
export function showMetrics(): APIGatewayProxyResult {
  const { version, revision, branch, goVersion } = spokenVersion;
  const text = writeMetrics([
    {
      name: 'alertmanager_build_info',
      type: 'gauge',
      help: 'The version of Alertmanager whose API Tocsin speaks.',
      samples: [{ labels: { branch, goversion: goVersion, revision, version }, value: 1 }],
    },
  ]);
  return answerText(200, text, metricsContentType);
}
