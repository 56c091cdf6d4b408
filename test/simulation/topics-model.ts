import type { Topics } from '#shared/runtime/ports.ts';

/** SNS as far as Tocsin uses it. */
export class TopicsModel implements Topics {
  readonly published: { readonly topic: string; readonly message: string }[] = [];

  async publish(topic: string, message: string): Promise<string> {
    this.published.push({ topic, message });
    return `message-${this.published.length}`;
  }

  async sms(phone: string, message: string): Promise<string> {
    return this.publish(`sms:${phone}`, message);
  }
}
