import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import { grantReadSpilled } from './blobs.ts';
import type { Lanes } from './lanes.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';
import { ServiceQueue } from './service-queue.ts';

export interface IngestProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly lanes: Lanes;
}

/** Stage 2: from the FIFO queue, in order per alert group, to incidents. */
export class Ingest extends Construct {
  readonly #queue: ServiceQueue;

  constructor(scope: Construct, id: string, { foundation, data, lanes }: IngestProps) {
    super(scope, id);
    // DESIGN section 3: transient errors only wait, with an alarm at 60 s.
    this.#queue = new ServiceQueue(this, 'Queue', { foundation, name: 'ingest', maxAgeSeconds: 60 });
    // Half a processor: a message may hold 900 KB of alerts to judge.
    const fn = new ServiceFunction(this, 'Ingest', { foundation, name: 'ingest-alerts', memorySize: 1024 });

    this.#queue.feed(fn, { sends: true });
    // Alerts whose group waits: SQS delays 15 minutes at most, and the message of a longer wait is sent on.
    const releases = new ServiceQueue(this, 'Releases', { foundation, name: 'releases', maxAgeSeconds: 1_200 });
    releases.feed(fn, { sends: true });
    data.table.grant(fn, ['get', 'query', 'put', 'update', 'delete'], ['open']);
    grantReadSpilled(data, fn);
    // What can never be processed pages the fallback.
    lanes.grantSend(fn, ['sns-pages']);
  }

  /** Lets the function queue alerts, and ask for some to be judged again. */
  grantSend(fn: ServiceFunction): void {
    this.#queue.grantSend(fn);
  }

  /** Lets the function ask whether the queue is there. */
  grantProbe(fn: ServiceFunction): void {
    this.#queue.grantProbe(fn);
  }
}
