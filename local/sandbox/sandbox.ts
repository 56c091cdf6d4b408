import type { RequestListener } from 'node:http';
import type { Policy } from '#shared/config/policy.ts';
import { madeUpRoutingKey, sourceTokens } from '../compile-policy.ts';
import type { LocalSettings } from '../settings.ts';
import type { Notices } from './notices.ts';
import { makeSandboxActions } from './sandbox-actions.ts';
import { sandboxSite } from './sandbox-site.ts';
import { sandboxState } from './sandbox-state.ts';
import type { TestAlert } from './test-alert.ts';
import type { Vendors } from './vendors.ts';

export interface SandboxOptions {
  readonly settings: LocalSettings;
  readonly policy: Policy;
  readonly vendors: Vendors;
  readonly notices: Notices;
  /** Where this process listens. */
  readonly product: string;
  readonly publicUrl: string;
}

/** The /sandbox site over the stand-ins: how people first meet Tocsin. */
export function openSandbox({
  settings,
  policy,
  vendors,
  notices,
  product,
  publicUrl,
}: SandboxOptions): RequestListener {
  const { slack, pagerduty } = vendors;
  const firing: TestAlert[] = [];
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  slack?.workspace.onChange(changed);
  pagerduty?.model.onChange(changed);
  notices.onChange(changed);
  const routingKeyNames = Object.fromEntries(
    Object.values(policy.pagerduty).map((service) => [madeUpRoutingKey(service.routingKeySecret), service.name]),
  );
  return sandboxSite({
    state: () =>
      sandboxState({
        slack,
        pagerduty,
        notices,
        routingKeyNames,
        firing,
        services: Object.keys(policy.services),
        statusPage: `${publicUrl}/status/`,
      }),
    actions: makeSandboxActions({
      product,
      sourceToken: sourceTokens(settings, policy)[0]?.token ?? settings.sourceToken,
      signingSecret: settings.slackSigningSecret,
      slack,
      sns: vendors.sns,
      snsTopic: Object.values(policy.sources).flatMap(({ snsTopics }) => snsTopics)[0] ?? null,
      faults: { slack: slack?.faults ?? null, pagerduty: pagerduty?.faults ?? null },
      firing,
      changed,
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hosts: ['127.0.0.1', 'localhost', '[::1]', settings.host, new URL(publicUrl).hostname],
  });
}
