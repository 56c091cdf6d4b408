import { join } from 'node:path';
import type { Policy } from '#shared/config/policy.ts';
import { startWireServer } from '../aws/wire-server.ts';
import { localSecrets } from '../compile-policy.ts';
import type { EngineAddresses } from '../environment.ts';
import { openJournal } from '../journal.ts';
import { makeNotices, type Notice, type Notices } from '../sandbox/notices.ts';
import { startVendors, type Vendors } from '../sandbox/vendors.ts';
import type { LocalSettings } from '../settings.ts';
import type { StateMachineEngine } from '../timers.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';
import { type QueueEngine, startQueueEngine } from './queues.ts';

/** Everything that the functions talk to: AWS's services and the vendors, or what stands in for them. */
export interface Engines {
  readonly addresses: EngineAddresses;
  readonly queues: QueueEngine;
  readonly vendors: Vendors;
  readonly notices: Notices;
  /** Timers call functions and functions start timers: the machine comes when the functions are there. */
  connectStateMachine(machine: StateMachineEngine): void;
}

/** `started` takes what must be ended later, in the order of starting. @throws StartError */
export async function startEngines(
  settings: LocalSettings,
  policy: Policy,
  report: (problem: string) => void,
  started: (end: () => Promise<void>) => void,
): Promise<Engines> {
  const dynamo = await startDynamoDbLocal(settings.dataDir, process.env, report);
  started(dynamo.stop);
  const queues = await startQueueEngine(settings.dataDir);
  started(queues.stop);
  const vendors = await startVendors(settings, policy);
  started(vendors.stop);
  const stored = openJournal<Notice>(join(settings.dataDir, 'notices.jsonl'));
  const notices = makeNotices(stored.journal, stored.entries);
  let stateMachine: StateMachineEngine | null = null;
  const wire = await startWireServer({
    stateMachine: () => {
      if (stateMachine === null) throw new Error('the state machine is starting');
      return stateMachine;
    },
    secrets: localSecrets(settings, policy),
    snsEndpoint: queues.endpoint,
    onSms: ({ phone, message }) => notices.add({ at: Date.now(), topic: 'sms', to: phone, subject: null, message }),
  });
  started(wire.stop);
  return {
    addresses: {
      queues,
      dynamoEndpoint: dynamo.endpoint,
      accessKeyId: dynamo.accessKeyId,
      wireEndpoint: `http://127.0.0.1:${wire.port}`,
      slackApiUrl: vendors.slackApiUrl,
      pagerdutyServer: vendors.pagerdutyServer,
      pagerdutyCaFile: vendors.pagerduty?.caFile ?? null,
      snsServer: vendors.sns.server,
    },
    queues,
    vendors,
    notices,
    connectStateMachine: (machine) => {
      stateMachine = machine;
    },
  };
}
