import type { Topics } from '#shared/runtime/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

/** SNS as far as Tocsin uses it. */
export class TopicsModel implements Topics {
  readonly published: { readonly at: number; readonly topic: string; readonly message: string }[] = [];
  readonly time: VirtualTime;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  async publish(topic: string, message: string): Promise<string> {
    this.published.push({ at: this.time.millis, topic, message });
    return `message-${this.published.length}`;
  }

  async sms(phone: string, message: string): Promise<string> {
    return this.publish(`sms:${phone}`, message);
  }
}
