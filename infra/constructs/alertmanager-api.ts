import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import type { Gateway } from './gateway.ts';
import type { Ingest } from './ingest.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';

export interface AlertmanagerApiProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly gateway: Gateway;
  readonly ingest: Ingest;
}

/** Alertmanager's API v2 for its clients: amtool, Karma, Grafana. Alerts are posted to the webhook door's function. */
export class AlertmanagerApi extends Construct {
  constructor(scope: Construct, id: string, { foundation, data, gateway, ingest }: AlertmanagerApiProps) {
    super(scope, id);
    // A list of 10,000 alerts is some 10 MB to read and to write: nearly a whole processor, which a short answer does not pay for.
    const fn = new ServiceFunction(this, 'Serve', { foundation, name: 'serve-alertmanager', memorySize: 1536 });

    gateway.openDoors(fn);
    data.secrets.grantRead(fn, 'sources');
    data.secrets.grantRead(fn, 'operators');
    data.table.grant(fn, ['get', 'query', 'put', 'update'], ['open']);
    // A silence that is made or ended asks for alerts to be judged again; /-/ready asks whether the queue is there.
    ingest.grantSend(fn);
    ingest.grantProbe(fn);
  }
}
