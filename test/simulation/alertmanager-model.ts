import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';
import { peerUrls, type TrueAlert, type WebhookBody, webhookBody } from './webhook-body.ts';

/** Answers true when the product took the webhook (2xx). */
export type Post = (body: WebhookBody) => Promise<boolean>;

/** A webhook that the product took from the first peer. */
export interface TakenPost {
  readonly sentAt: number;
  readonly takenAt: number;
  readonly group: number;
  readonly fingerprints: ReadonlySet<string>;
}

/** What was last notified of a group: AM's notification log, shared by the peers. */
interface GroupLog {
  readonly sentFiring: Set<string>;
  sentAt: number;
}

const minute = 60_000;
/** The policy of the simulation calls a group quiet after twice as long. */
const repeatEvery = 20 * minute;
/** How long the second peer waits for news of the first one's success at most, by its place and the gossip (PROTOCOLS 1.6). */
const copyDelay = { least: 5_000, most: 50_000 } as const;

/**
 * A pair of Alertmanagers before one door: flushes of a group every interval, retried on anything but 2xx until the next
 * flush; each flush sends all that fires and what newly resolved; the second peer now and then sends its own copy late.
 */
export class AlertmanagerModel {
  readonly alerts: TrueAlert[] = [];
  readonly taken: TakenPost[] = [];
  changes = 0;
  #ended = false;
  readonly #logs = new Map<number, GroupLog>();
  readonly time: VirtualTime;
  readonly random: Random;
  readonly post: Post;

  constructor(time: VirtualTime, random: Random, post: Post) {
    this.time = time;
    this.random = random;
    this.post = post;
  }

  addGroup(group: number, alerts: readonly Readonly<Record<string, string>>[]): void {
    for (const labels of alerts) {
      const fingerprint = fingerprintOf(labels);
      const alert = { labels, fingerprint, group, firing: false, startsAt: 0, endsAt: null, periods: [] };
      this.alerts.push(alert);
      this.time.after(this.random.between(0, 10 * minute), () => this.#toggle(alert));
    }
    this.#logs.set(group, { sentFiring: new Set(), sentAt: 0 });
    const interval = this.random.between(20, 60) * 1000;
    this.time.after(this.random.between(0, 30_000), () => void this.#flush(group, interval));
  }

  /** From now on nothing changes any more; what fires is still repeated. */
  stop(): void {
    this.#ended = true;
  }

  /** Fires and ends at random; some flap fast. */
  #toggle(alert: TrueAlert): void {
    if (this.#ended) return;
    this.changes += 1;
    if (alert.firing) this.#end(alert);
    else this.#begin(alert);
    const flapping = this.random.chance(0.2);
    const minutes = alert.firing ? this.random.between(2, 25) : this.random.between(2, 15);
    this.time.after(flapping ? this.random.between(60, 120) * 1000 : minutes * minute, () => this.#toggle(alert));
  }

  #begin(alert: TrueAlert): void {
    alert.firing = true;
    alert.startsAt = this.time.millis;
    alert.endsAt = null;
    alert.periods.push({ from: this.time.millis, until: null, vanished: false });
  }

  #end(alert: TrueAlert): void {
    const period = alert.periods.at(-1);
    const vanished = this.random.chance(0.1);
    if (period) Object.assign(period, { until: this.time.millis, vanished });
    alert.firing = false;
    alert.endsAt = this.time.millis;
    if (vanished) this.#logs.get(alert.group)?.sentFiring.delete(alert.fingerprint);
  }

  /** One flush of a group ends before the next begins. */
  async #flush(group: number, interval: number): Promise<void> {
    const next = this.time.millis + interval;
    const body = this.#due(group);
    if (body !== null) await this.#deliver(group, body, next, 500);
    this.time.at(next, () => void this.#flush(group, interval));
  }

  /** The webhook that this flush sends, or null when nothing new is to be told (PROTOCOLS 1.5). */
  #due(group: number): WebhookBody | null {
    const log = this.#logs.get(group);
    if (!log) return null;
    const members = this.alerts.filter((alert) => alert.group === group);
    const firing = members.filter((alert) => alert.firing);
    const resolved = members.filter((alert) => !alert.firing && log.sentFiring.has(alert.fingerprint));
    const news = resolved.length > 0 || firing.some((alert) => !log.sentFiring.has(alert.fingerprint));
    const repeat = firing.length > 0 && this.time.millis - log.sentAt > repeatEvery;
    if (!news && !repeat) return null;
    const body = webhookBody(group, [...firing, ...resolved], peerUrls[0]);
    if (this.random.chance(0.3)) this.#copyLater(body);
    return body;
  }

  async #deliver(group: number, body: WebhookBody, deadline: number, pause: number): Promise<void> {
    const sentAt = this.time.millis;
    if (await this.post(body)) {
      this.#noteTaken(group, body, sentAt);
      return;
    }
    if (this.time.millis + pause >= deadline) return;
    await this.time.sleep(pause);
    await this.#deliver(group, body, deadline, pause * 1.5);
  }

  #noteTaken(group: number, body: WebhookBody, sentAt: number): void {
    const takenAt = this.time.millis;
    this.taken.push({ sentAt, takenAt, group, fingerprints: new Set(body.alerts.map((each) => each.fingerprint)) });
    const log = this.#logs.get(group);
    if (!log) return;
    log.sentAt = takenAt;
    for (const { fingerprint, status } of body.alerts) {
      const vanished = this.alerts.find((alert) => alert.fingerprint === fingerprint)?.periods.at(-1)?.vanished;
      if (status === 'firing' && !vanished) log.sentFiring.add(fingerprint);
      else log.sentFiring.delete(fingerprint);
    }
  }

  /** The second peer did not hear of the first one's success in time: the same flush again, once. */
  #copyLater(body: WebhookBody): void {
    this.time.after(this.random.between(copyDelay.least, copyDelay.most), () => {
      void this.post({ ...body, externalURL: peerUrls[1] });
    });
  }
}
