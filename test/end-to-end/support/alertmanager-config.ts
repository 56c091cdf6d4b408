import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanagerReceiver } from '#infra/alertmanager-receiver.ts';
import type { Scope } from './scope.ts';
import { tokens } from './tocsin.ts';

export interface ConfigOptions {
  readonly groupBy?: readonly string[];
}

/** Makes texts of alertmanager.yml: quick groups, and the very receiver that `npm run connect` prints. */
export function makeAlertmanagerConfig(scope: Scope, url: string): (options?: ConfigOptions) => string {
  const tokenFile = join(scope.tempDir('token'), 'tocsin-token');
  writeFileSync(tokenFile, tokens.source);
  const receiver = alertmanagerReceiver(url).replace('/etc/alertmanager/tocsin-token', tokenFile);
  return ({ groupBy = ['alertname', 'service'] } = {}) => `route:
  receiver: tocsin
  group_by: [${groupBy.join(', ')}]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 1h
${receiver}`;
}
