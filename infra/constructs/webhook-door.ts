import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import { grantSpill } from './blobs.ts';
import type { Gateway } from './gateway.ts';
import type { Ingest } from './ingest.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';

export interface WebhookDoorProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly gateway: Gateway;
  readonly ingest: Ingest;
}

/** Stage 1: the alert doors. They read no table, so they answer while DynamoDB does not. */
export class WebhookDoor extends Construct {
  constructor(scope: Construct, id: string, { foundation, data, gateway, ingest }: WebhookDoorProps) {
    super(scope, id);
    // A request may have 5 MB, which are several copies in memory; and a third of a processor for a quick cold start.
    const fn = new ServiceFunction(this, 'Receive', { foundation, name: 'receive-alerts', memorySize: 512 });

    gateway.openDoors(fn);
    data.secrets.grantRead(fn, 'sources');
    // Operators post alerts as well: `amtool alert add`.
    data.secrets.grantRead(fn, 'operators');
    ingest.grantSend(fn);
    grantSpill(data, fn);

    // Of its own, because it calls out and knows no secret. A tenth of the size: SNS carries 256 KB.
    const topics = new ServiceFunction(this, 'Sns', { foundation, name: 'receive-sns' });
    gateway.openDoors(topics);
    ingest.grantSend(topics);
    grantSpill(data, topics);
  }
}
