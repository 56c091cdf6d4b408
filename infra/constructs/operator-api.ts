import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import type { Gateway } from './gateway.ts';
import type { Ingest } from './ingest.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';

export interface OperatorApiProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly gateway: Gateway;
  readonly ingest: Ingest;
}

/** Incidents, alerts, silences and on-call for people and tools, and the probes. */
export class OperatorApi extends Construct {
  constructor(scope: Construct, id: string, { foundation, data, gateway, ingest }: OperatorApiProps) {
    super(scope, id);
    const fn = new ServiceFunction(this, 'Serve', {
      foundation,
      name: 'serve-api',
      memorySize: 512,
      environment: { PUBLIC_URL: gateway.publicUrl },
    });

    gateway.openDoors(fn);
    data.secrets.grantRead(fn, 'operators');
    // /metrics reads both indexes.
    data.table.grant(fn, ['get', 'query', 'put', 'update'], ['open', 'due']);
    // A silence that is made or ended asks for alerts to be judged again.
    ingest.grantSend(fn);
    ingest.grantProbe(fn);
  }
}
