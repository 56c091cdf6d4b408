import { toEpochMillis } from '#shared/kernel/instant.ts';
import { readButtonValue } from '#shared/notification/slack-buttons.ts';
import { incidentsOf } from './ledger.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export type PersonsAction = 'acknowledge' | 'resolve' | 'escalate' | 'update';

export interface PersonsCommand {
  readonly action: PersonsAction;
  /** What the button showed; null for who typed, and has seen nothing that could have changed since. */
  readonly seen: { readonly severity: string; readonly generation: number } | null;
}

/** The doors that people use; each answers true when it took the command (not 5xx, not silence). */
export interface PersonsDoors {
  command(number: number, action: PersonsAction, idempotencyKey: string): Promise<boolean>;
  press(action: PersonsAction, value: string, actionTs: string): Promise<boolean>;
  type(text: string, triggerId: string): Promise<boolean>;
}

/** Where the API and Slack put an id of the request into the commands that they make. */
const ids = {
  command: (key: string) => `api:human:${key}`,
  press: (action: PersonsAction, actionTs: string) => `${actionTs}:tocsin:${action}:U0ALICE`,
  type: (triggerId: string) => triggerId,
};

/** People who look now and then, act on some incidents by API, button or typed command, and try again when a door fails. */
export class PeopleModel {
  /** By command id, as the incidents remember them. */
  readonly commands = new Map<string, PersonsCommand>();
  #serial = 0;
  #ended = false;
  readonly world: World;
  readonly random: Random;
  readonly doors: PersonsDoors;

  constructor(world: World, random: Random, doors: PersonsDoors) {
    this.world = world;
    this.random = random;
    this.doors = doors;
    this.world.time.after(this.random.between(60_000, 300_000), () => this.#look());
  }

  stop(): void {
    this.#ended = true;
  }

  #look(): void {
    if (this.#ended) return;
    this.world.time.after(this.random.between(30_000, 300_000), () => this.#look());
    const open = incidentsOf(this.world).filter(({ status }) => status === 'triggered' || status === 'acknowledged');
    if (open.length === 0) return;
    const incident = this.random.pick(open);
    const drawn = this.random.between(1, 20);
    const action = drawn <= 11 ? 'acknowledge' : drawn <= 15 ? 'resolve' : drawn <= 18 ? 'escalate' : 'update';
    const act = () => void this.#act(incident.id, incident.number, action);
    act();
    if (this.random.chance(0.2)) act();
    if (incident.dueAt !== null && incident.status === 'triggered' && this.random.chance(0.8))
      this.#coincide(incident.id, incident.number, toEpochMillis(incident.dueAt));
  }

  /** Somebody answers at the very moment at which the next step is due. */
  #coincide(id: string, number: number, dueAt: number): void {
    if (dueAt > this.world.time.millis + 20 * 60_000) return;
    this.world.time.at(dueAt + this.random.between(-200, 1_000), () => {
      if (!this.#ended) void this.#act(id, number, this.random.chance(0.8) ? 'acknowledge' : 'escalate');
    });
  }

  /** At the end of a run: nobody is left waiting for an answer. */
  acknowledgeAll(): void {
    for (const { number, status } of incidentsOf(this.world))
      if (status === 'triggered') void this.#byApi(number, 'acknowledge', this.#nextId(), 0);
  }

  #nextId(): string {
    return `act-${++this.#serial}`;
  }

  #act(incidentId: string, number: number, action: PersonsAction): Promise<void> {
    const way = this.random.between(1, 3);
    if (way === 1 && action !== 'update') return this.#byButton(incidentId, action, 0);
    if (way === 2) return this.#byCommand(number, action, 0);
    return this.#byApi(number, action, this.#nextId(), 0);
  }

  /** A second request of a client carries the same key. */
  async #byApi(number: number, action: PersonsAction, key: string, tries: number): Promise<void> {
    this.commands.set(ids.command(key), { action, seen: null });
    if ((await this.doors.command(number, action, key)) || tries >= 5) return;
    await this.world.time.sleep(this.random.between(1_000, 5_000));
    await this.#byApi(number, action, key, tries + 1);
  }

  /** A second press is another act: Slack gives it an instant of its own. */
  async #byButton(incidentId: string, action: PersonsAction, tries: number): Promise<void> {
    const value = this.world.slack.buttonValueOf(incidentId, this.random);
    const seen = value === null ? null : readButtonValue(value);
    if (value === null || seen === null) return;
    const actionTs = `${Math.floor(this.world.time.millis / 1000)}.${String(++this.#serial).padStart(6, '0')}`;
    this.commands.set(ids.press(action, actionTs), { action, seen });
    if ((await this.doors.press(action, value, actionTs)) || tries >= 3) return;
    await this.world.time.sleep(this.random.between(1_000, 5_000));
    await this.#byButton(incidentId, action, tries + 1);
  }

  async #byCommand(number: number, action: PersonsAction, tries: number): Promise<void> {
    const triggerId = `trigger.${++this.#serial}`;
    const words = { acknowledge: 'ack', resolve: 'resolve', escalate: 'escalate', update: 'update' } as const;
    const text = `${words[action]} ${number}${action === 'update' ? ' investigating We look into it' : ''}`;
    this.commands.set(ids.type(triggerId), { action, seen: null });
    if ((await this.doors.type(text, triggerId)) || tries >= 3) return;
    await this.world.time.sleep(this.random.between(1_000, 5_000));
    await this.#byCommand(number, action, tries + 1);
  }
}
