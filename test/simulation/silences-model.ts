import { fromEpochMillis } from '#shared/kernel/instant.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

type Labels = Readonly<Record<string, string>>;

/** A silence as a person meant it: `covers` is written by hand beside its matchers, so that it judges the product's matching. */
export interface MeantSilence {
  readonly comment: string;
  readonly matchers: readonly string[];
  readonly covers: (labels: Labels) => boolean;
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface SilenceDoors {
  /** Answers the id, or null when the door failed or its answer was lost. */
  create(body: Readonly<Record<string, unknown>>): Promise<string | null>;
  expire(id: string): Promise<boolean>;
}

const minute = 60_000;

/** People who silence some alerts for a while, now or from a little later on, and end some silences early. */
export class SilencesModel {
  /** By comment: a request whose answer was lost is sent again, and may make a second silence of one intent. */
  readonly meant = new Map<string, MeantSilence>();
  #ended = false;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly doors: SilenceDoors;

  constructor(time: VirtualTime, random: Random, doors: SilenceDoors) {
    this.time = time;
    this.random = random;
    this.doors = doors;
    this.time.after(this.random.between(5, 15) * minute, () => this.#think());
  }

  stop(): void {
    this.#ended = true;
  }

  #think(): void {
    if (this.#ended) return;
    this.time.after(this.random.between(3, 9) * minute, () => this.#think());
    const startsAt = this.time.millis + (this.random.chance(0.25) ? this.random.between(60_000, 180_000) : 0);
    const endsAt = startsAt + this.random.between(4 * minute, 15 * minute);
    const comment = `deploy ${this.meant.size + 1}`;
    const silence = { comment, ...this.#draw(), startsAt, endsAt };
    this.meant.set(comment, silence);
    void this.#make(silence, 0);
  }

  async #make(silence: MeantSilence, tries: number): Promise<void> {
    const { comment, matchers, startsAt, endsAt } = silence;
    const id = await this.doors.create({
      comment,
      matchers,
      startsAt: fromEpochMillis(startsAt),
      endsAt: fromEpochMillis(endsAt),
    });
    if (id === null) {
      if (tries >= 3) return;
      await this.time.sleep(this.random.between(1_000, 5_000));
      return this.#make(silence, tries + 1);
    }
    if (!this.random.chance(0.4)) return;
    this.time.at(startsAt + this.random.between(0, endsAt - startsAt), () => void this.#expire(id, 0));
  }

  async #expire(id: string, tries: number): Promise<void> {
    if ((await this.doors.expire(id)) || tries >= 3) return;
    await this.time.sleep(this.random.between(1_000, 5_000));
    await this.#expire(id, tries + 1);
  }

  #draw(): Pick<MeantSilence, 'matchers' | 'covers'> {
    const group = String(this.random.between(0, 5));
    const member = String(this.random.between(0, 3));
    switch (this.random.between(1, 6)) {
      case 1:
        return { matchers: [`group="${group}"`], covers: (labels) => labels.group === group };
      case 2:
        return {
          matchers: [`group="${group}"`, 'severity!="critical"'],
          covers: (labels) => labels.group === group && labels.severity !== 'critical',
        };
      case 3:
        return {
          matchers: [`alertname="Alert${member}"`, 'service=~"check.*"'],
          covers: (labels) => labels.alertname === `Alert${member}` && labels.service === 'checkout',
        };
      case 4:
        return {
          matchers: [`instance=~"host-[0${member}]"`, `group!~"[01${group}]"`],
          covers: (labels) =>
            (labels.instance === 'host-0' || labels.instance === `host-${member}`) &&
            !['0', '1', group].includes(labels.group ?? ''),
        };
      case 5:
        return {
          matchers: [`group="${group}"`, `instance="host-${member}"`],
          covers: (labels) => labels.group === group && labels.instance === `host-${member}`,
        };
      default:
        return { matchers: ['service="billing"'], covers: () => false };
    }
  }
}
