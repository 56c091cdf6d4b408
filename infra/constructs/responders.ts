import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import type { Gateway } from './gateway.ts';
import type { Ingest } from './ingest.ts';
import type { Lanes } from './lanes.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';
import { ServiceQueue } from './service-queue.ts';

export interface RespondersProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly gateway: Gateway;
  readonly ingest: Ingest;
  readonly lanes: Lanes;
}

/** Stage 6: what people answer, from Slack. What takes longer than the request goes through the queue of commands. */
export class Responders extends Construct {
  constructor(scope: Construct, id: string, { foundation, data, gateway, ingest, lanes }: RespondersProps) {
    super(scope, id);
    const environment = { PUBLIC_URL: gateway.publicUrl };
    const commands = new ServiceQueue(this, 'Commands', { foundation, name: 'commands', maxAgeSeconds: 60 });
    // Slack waits 3 s, cold start included: a full processor's worth of start.
    const respond = new ServiceFunction(this, 'Slack', {
      foundation,
      name: 'respond-to-slack',
      memorySize: 1769,
      environment,
    });
    gateway.openDoors(respond);
    data.secrets.grantRead(respond, 'slack');
    // Update: the version of the silences. A silence has what fires judged again.
    data.table.grant(respond, ['get', 'query', 'put', 'update'], ['open']);
    commands.grantSend(respond);
    ingest.grantSend(respond);

    const worker = new ServiceFunction(this, 'Worker', { foundation, name: 'run-commands', environment });
    // Slack does not answer now: the command goes back with a delay.
    commands.feed(worker, { sends: true });
    data.table.grant(worker, ['get', 'query', 'put', 'update'], ['open']);
    ingest.grantSend(worker);
    lanes.grantSend(worker, ['sns-pages']);

    const draft = new ServiceFunction(this, 'Postmortem', { foundation, name: 'draft-postmortem' });
    gateway.openDoors(draft);
    data.secrets.grantRead(draft, 'operators');
    data.table.grant(draft, ['get', 'query']);
  }
}
