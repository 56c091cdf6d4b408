/**
 * A small reference, written apart from the product: from the inputs alone (which alert fired or ended when, which command
 * of a person was taken when) it says which pages the policy of the simulation owes. The product's ledger gives only the
 * order and the instants of the inputs; nothing that the product decided about pages is read here.
 *
 * A refire within 15 min of the resolve re-opens; step 1 is paged at most once in 15 min by re-openings. A person's resolve
 * while members fire holds for 30 min: members that fire again stay held, any other alert re-opens. A worse severity always
 * pages at once, in a new generation. Who escalates what is acknowledged begins a new generation at the next step. An
 * acknowledgement of a SEV1 expires after 40 min, and pages anew; who acknowledges again in its last 10 min renews it.
 */
import { type Between, firstStepOf, lateness, nextRun, type Severity, type Window } from './expected-pages.ts';

const minute = 60_000;
const reopensWithin = 15 * minute;
const repagesAtMostEvery = 15 * minute;
const holdsFor = 30 * minute;
const expiresAfter = 40 * minute;
const renewableFor = 10 * minute;

interface ReferenceIncident {
  readonly number: number;
  status: 'triggered' | 'acknowledged' | 'resolved';
  severity: Severity;
  generation: number;
  readonly firing: Set<string>;
  /** Every alert that was ever a member: a hold keeps those quiet, and only news re-opens it. */
  readonly members: Set<string>;
  /** Last time that step 1 was paged; null: never. */
  firstStepAt: Between | null;
  /** Latest acknowledgement or renewal. */
  acknowledgedAt: number;
  resolvedAt: number;
  heldUntil: number | null;
  /** Of the present generation; it has ended when somebody answered. */
  window: Window;
}

export interface Seen {
  readonly severity: string;
  readonly generation: number;
}

export type Input =
  | {
      readonly at: number;
      readonly kind: 'fires';
      readonly group: string;
      readonly alert: string;
      readonly severity: Severity;
    }
  | { readonly at: number; readonly kind: 'ends'; readonly group: string; readonly alert: string }
  | { readonly at: number; readonly kind: 'acknowledge'; readonly incident: number; readonly seen: Seen | null }
  | { readonly at: number; readonly kind: 'resolve'; readonly incident: number }
  | { readonly at: number; readonly kind: 'escalate'; readonly incident: number }
  /** The end of an acknowledgement was noticed; legal only from its end on. */
  | { readonly at: number; readonly kind: 'expired'; readonly incident: number }
  /** The end of a hold was noticed; legal only from its end on. */
  | { readonly at: number; readonly kind: 'hold ended'; readonly incident: number };

type Of<Kind extends Input['kind']> = Extract<Input, { readonly kind: Kind }>;
const at = (instant: number): Between => ({ from: instant, by: instant });
const fromStepOne = at(0);

export class Reference {
  readonly windows: Window[] = [];
  readonly violations: string[] = [];
  readonly #byGroup = new Map<string, ReferenceIncident>();
  readonly #byNumber = new Map<number, ReferenceIncident>();

  /** `number` is the incident number that the product gave, if this input opened one: a name, not a decision. */
  take(input: Input, number: number | null): void {
    if (input.kind === 'fires') this.#fires(input, number);
    else if (input.kind === 'ends') this.#ends(input);
    else this.#command(input);
  }

  #command(input: Exclude<Input, { kind: 'fires' | 'ends' }>): void {
    const incident = this.#byNumber.get(input.incident);
    if (!incident) this.#note(`${input.kind} of INC-${input.incident}, which no alert opened`);
    else if (input.kind === 'acknowledge') this.#acknowledge(incident, input);
    else if (input.kind === 'resolve') this.#resolve(incident, input);
    else if (input.kind === 'escalate') this.#escalate(incident, input);
    else if (input.kind === 'expired') this.#expired(incident, input);
    else this.#holdEnded(incident, input);
  }

  /** After the last input: what should have happened by itself. */
  finish(now: number): void {
    for (const { number, heldUntil, firing, status, severity, acknowledgedAt } of this.#byNumber.values()) {
      if (heldUntil !== null && firing.size > 0 && now > heldUntil + lateness)
        this.#note(`INC-${number} is held beyond the end of its hold`);
      if (status === 'acknowledged' && severity === 'SEV1' && now > acknowledgedAt + expiresAfter + lateness)
        this.#note(`INC-${number} is acknowledged beyond the end of its acknowledgement`);
    }
  }

  #note(violation: string): void {
    this.violations.push(violation);
  }

  #fires(input: Of<'fires'>, number: number | null): void {
    const known = this.#byGroup.get(input.group);
    if (!known || isPast(known, input.at)) {
      if (number === null) this.#note(`${input.alert} fired at ${input.at} and no incident was opened`);
      else this.#open(input, number);
      return;
    }
    if (number !== null)
      this.#note(`${input.alert} fired at ${input.at} in INC-${known.number}, and INC-${number} was opened`);
    known.firing.add(input.alert);
    const held = known.heldUntil !== null && input.at < known.heldUntil && known.members.has(input.alert);
    known.members.add(input.alert);
    if (input.severity < known.severity) {
      known.severity = input.severity;
      this.#renew(known, input.at, at(input.at), fromStepOne);
    } else if (known.status === 'resolved' && !held) this.#reopen(known, input.at);
  }

  #open(input: Of<'fires'>, number: number): void {
    const { at: begins, severity, alert } = input;
    const window = this.#window({ number, generation: 1, severity }, begins, at(begins), fromStepOne);
    const opened: ReferenceIncident = {
      number,
      status: 'triggered',
      severity,
      generation: 1,
      firing: new Set([alert]),
      members: new Set([alert]),
      firstStepAt: null,
      acknowledgedAt: 0,
      resolvedAt: 0,
      heldUntil: null,
      window,
    };
    this.#byGroup.set(input.group, opened);
    this.#byNumber.set(number, opened);
  }

  #ends(input: Of<'ends'>): void {
    const incident = this.#byGroup.get(input.group);
    incident?.firing.delete(input.alert);
    if (!incident || incident.firing.size > 0) return;
    if (incident.status === 'resolved') {
      incident.heldUntil = null;
      return;
    }
    this.#end(incident, 'resolved', input.at);
    incident.resolvedAt = input.at;
  }

  #acknowledge(incident: ReferenceIncident, { at: now, seen }: Of<'acknowledge'>): void {
    if (seen !== null && seen.severity > incident.severity)
      this.#note(`INC-${incident.number} was acknowledged by a button that showed ${seen.severity}`);
    if (seen !== null && seen.severity === incident.severity && seen.generation < incident.generation)
      this.#note(`INC-${incident.number} was acknowledged by a button of generation ${seen.generation}`);
    const renewableFrom = incident.acknowledgedAt + expiresAfter - renewableFor;
    if (incident.status === 'triggered') this.#end(incident, 'acknowledged', now);
    else if (incident.severity !== 'SEV1' || now < renewableFrom)
      this.#note(`INC-${incident.number} was acknowledged again at ${now}, too early to renew it`);
    incident.acknowledgedAt = now;
  }

  #expired(incident: ReferenceIncident, { at: now }: Of<'expired'>): void {
    const { number, status, severity, acknowledgedAt } = incident;
    const expiresAt = acknowledgedAt + expiresAfter;
    if (status !== 'acknowledged' || severity !== 'SEV1' || now < expiresAt) {
      this.#note(`the acknowledgement of INC-${number} ended at ${now}, which it should not`);
      return;
    }
    if (now > expiresAt + lateness) this.#note(`the acknowledgement of INC-${number} ended ${now - expiresAt} ms late`);
    this.#renew(incident, now, at(now), fromStepOne);
  }

  #resolve(incident: ReferenceIncident, { at: now }: Of<'resolve'>): void {
    if (incident.status === 'resolved') return;
    this.#end(incident, 'resolved', now);
    incident.resolvedAt = now;
    incident.heldUntil = incident.firing.size > 0 ? now + holdsFor : null;
  }

  #escalate(incident: ReferenceIncident, { at: now }: Of<'escalate'>): void {
    const { window } = incident;
    if (incident.status === 'resolved') this.#note(`INC-${incident.number} was escalated although it is resolved`);
    else if (incident.status === 'triggered') window.escalatedAt.push(now);
    else this.#renew(incident, now, at(now), nextRun(window, window.end ?? now));
  }

  #holdEnded(incident: ReferenceIncident, { at: now }: Of<'hold ended'>): void {
    const { number, heldUntil, firing } = incident;
    if (heldUntil === null || now < heldUntil || firing.size === 0) {
      this.#note(`INC-${number} re-opened at ${now} without a hold that had ended`);
      return;
    }
    if (now > heldUntil + lateness) this.#note(`the hold of INC-${number} ended ${now - heldUntil} ms late`);
    this.#reopen(incident, now);
  }

  /** Pages its first step again at most once in 15 min, unless the severity rose. */
  #reopen(incident: ReferenceIncident, now: number): void {
    const last = incident.firstStepAt;
    const due = (paged: number | undefined) => (paged === undefined ? now : Math.max(now, paged + repagesAtMostEvery));
    this.#renew(incident, now, { from: due(last?.from), by: due(last?.by) }, fromStepOne);
  }

  #renew(incident: ReferenceIncident, now: number, start: Between, first: Between): void {
    this.#end(incident, 'triggered', now);
    incident.heldUntil = null;
    incident.generation += 1;
    incident.window = this.#window(incident, now, start, first);
  }

  #window(
    { number, generation, severity }: Pick<ReferenceIncident, 'number' | 'generation' | 'severity'>,
    begins: number,
    start: Between,
    first: Between,
  ): Window {
    const window = { incident: number, generation, severity, begins, start, first, escalatedAt: [], end: null };
    this.windows.push(window);
    return window;
  }

  /** A first step that was due around the end may have come or not: then the hold counts from it, or from the one before. */
  #end(incident: ReferenceIncident, status: ReferenceIncident['status'], now: number): void {
    const { window, firstStepAt } = incident;
    incident.status = status;
    if (window.end !== null) return;
    window.end = now;
    const first = firstStepOf(window, now);
    if (first === null || now < first.came.from) return;
    const isSure = first.sure && now >= first.came.by;
    incident.firstStepAt = isSure ? first.came : { from: firstStepAt?.from ?? 0, by: first.came.by };
  }
}

/** Then an alert of the same group opens another incident. */
const isPast = (incident: ReferenceIncident, now: number): boolean =>
  incident.status === 'resolved' && incident.heldUntil === null && now >= incident.resolvedAt + reopensWithin;
