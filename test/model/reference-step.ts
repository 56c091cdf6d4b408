import type { Policy } from '#shared/config/policy.ts';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import type { Severity } from '#shared/incident/severity.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Span } from './clock-table.ts';
import { isInNight } from './policies.ts';
import { isInWorkingHours, referenceOnCall } from './reference-on-call.ts';
import { wakes } from './reference-policy.ts';

/** What is live: the policy file and the overrides of this moment. */
export interface Today {
  readonly policy: Policy;
  readonly overrides: readonly Override[];
  readonly at: number;
  readonly span: Span;
}

/** What the incident knows of whom it has told. */
export interface Told {
  readonly severity: Severity;
  readonly neverPages: boolean;
  readonly round: number;
  readonly byHand: boolean;
  /** When PagerDuty was, or will be, triggered in this generation, by page key. */
  readonly triggered: ReadonlyMap<string, number>;
  readonly cooldownsCount: boolean;
  /** Nobody is woken behind this step. */
  readonly isLastPage: boolean;
  readonly lastPage: ReadonlyMap<string, { readonly at: number; readonly severity: Severity }>;
}

/** A page as the reference owes it: the target's key, and how many seconds later it may be sent. */
export interface ReferencePage {
  readonly key: string;
  readonly afterSeconds: number;
  readonly person: string | null;
}

export type Missed = 'gone' | 'nobody';

export interface ReferencePlan {
  readonly pages: readonly ReferencePage[];
  readonly channels: readonly string[];
  /** `reason key`, or `reason` alone where there is nobody. */
  readonly skipped: readonly string[];
  readonly missed: readonly Missed[];
  /** It was to wake somebody, and there was nobody: not even one whom something else holds back. */
  readonly isNobody: boolean;
}

interface Person {
  readonly name: string;
}

/** Whom a target means now: people by name, or what is wrong. */
function peopleOf(target: StepTarget, { policy, overrides, at, span }: Today): readonly Person[] | Missed {
  const isPerson = (name: string) => policy.people[name] !== undefined;
  const onCall = (name: string): readonly Person[] | Missed => {
    const schedule = policy.schedules[name];
    if (!schedule) return 'gone';
    const person = referenceOnCall(schedule, overrides, at, span);
    return person === null ? 'nobody' : [{ name: person }];
  };
  if (target.kind === 'person') return isPerson(target.person) ? [{ name: target.person }] : 'gone';
  if (target.kind === 'schedule') return onCall(target.schedule);
  if (target.kind !== 'team') return 'gone';
  const team = policy.teams[target.team];
  if (!team) return 'gone';
  if (target.role === 'everyone') {
    const { onCall: first, secondary, manager } = team.roles;
    const all = [first, secondary, manager, ...team.members].filter((name) => name !== null);
    const people = all.flatMap((name) => {
      const found = policy.schedules[name] ? onCall(name) : [{ name }];
      return typeof found === 'string' ? [] : found;
    });
    return people.length === 0
      ? 'nobody'
      : people.filter(({ name }, index) => people.findIndex((each) => each.name === name) === index);
  }
  const name = team.roles[target.role];
  if (name === null) return 'nobody';
  return policy.schedules[name] ? onCall(name) : [{ name }];
}

export function isQuiet(name: string, severity: Severity, { policy, at, span }: Today): boolean {
  const person = policy.people[name];
  const quiet = person?.quiet;
  if (!quiet || severity === 'SEV1' || !quiet.severities.includes(severity)) return false;
  const hours = person.workingHours ?? policy.workingHours;
  return (
    (quiet.outsideWorkingHours && !isInWorkingHours(hours, at, span)) ||
    (quiet.during.length > 0 && isInNight(at, span))
  );
}

function isCooling(name: string, told: Told, { policy, at }: Today): boolean {
  const seconds = policy.people[name]?.cooldownSeconds;
  const last = told.lastPage.get(name);
  if (
    !told.cooldownsCount ||
    told.byHand ||
    told.round > 1 ||
    told.isLastPage ||
    told.severity === 'SEV1' ||
    !last ||
    seconds === undefined
  )
    return false;
  return at < last.at + seconds * 1000 && last.severity <= told.severity;
}

/** Every way in which a person is paged for a severity; null: its address is gone. */
function waysOf(name: string, severity: Severity, policy: Policy): readonly (ReferencePage | null)[] {
  const person = policy.people[name];
  if (!person) return [];
  const { slackUserId, sns } = person;
  const direct = { key: `person:${name}`, person: name };
  const methods = person.contact?.[severity] ?? [];
  if (methods.length === 0) return slackUserId === null && sns === null ? [] : [{ ...direct, afterSeconds: 0 }];
  return methods.map((method) => {
    const { afterSeconds } = method;
    if (method.kind === 'slack') return slackUserId === null ? null : { ...direct, afterSeconds };
    if (method.kind === 'pagerduty') return { key: `pagerduty:${method.service}`, afterSeconds, person: name };
    if (method.kind === 'sns') return { key: `person:${name}:sns:${method.contact}`, afterSeconds, person: name };
    const channel = policy.slackChannels[method.channel];
    return slackUserId === null ? null : { key: `mention:${channel}:${name}`, afterSeconds, person: name };
  });
}

/** Whom a step wakes, informs and leaves out. */
export function referenceStep(targets: readonly StepTarget[], told: Told, today: Today): ReferencePlan {
  const step = new Step(told, today);
  for (const target of targets) step.take(target);
  const isNobody = targets.some(wakes) && step.pages.size === 0 && !step.heldBack;
  const { channels, skipped, missed } = step;
  return { pages: [...step.pages.values()], channels: [...channels], skipped, missed, isNobody };
}

class Step {
  readonly pages = new Map<string, ReferencePage>();
  readonly channels = new Set<string>();
  readonly skipped: string[] = [];
  readonly missed: Missed[] = [];
  heldBack: boolean;
  readonly told: Told;
  readonly today: Today;

  constructor(told: Told, today: Today) {
    this.told = told;
    this.today = today;
    this.heldBack = told.neverPages;
  }

  take(target: StepTarget): void {
    if (target.kind === 'pagerduty') this.#oweAtOnce(`pagerduty:${target.service}`);
    else if (target.kind === 'sns') this.#oweAtOnce(`sns:${target.contact}`);
    else if (target.kind === 'slack channel') {
      const channel = this.today.policy.slackChannels[target.channel] ?? 'none';
      if (wakes(target)) this.#oweAtOnce(`mention:${channel}`);
      else this.channels.add(channel);
    } else this.#takePeople(target);
  }

  #takePeople(target: StepTarget): void {
    const people = peopleOf(target, this.today);
    if (people === 'gone') this.#miss('gone', 'target is gone');
    else if (people === 'nobody')
      this.#miss('nobody', isOnSchedule(target, this.today) ? 'nobody on call' : 'nobody in this role');
    else for (const { name } of people) this.#wake(name);
  }

  #wake(name: string): void {
    const { told, today } = this;
    const ways = waysOf(name, told.severity, today.policy);
    const [first, ...others] = ways.filter((way) => way !== null);
    for (const way of ways) if (way === null) this.skipped.push('target is gone');
    if (!first) this.#miss('gone', 'target is gone');
    else if (told.neverPages) this.#hold(`severity never pages ${first.key}`);
    else if (isQuiet(name, told.severity, today)) this.#miss('nobody', 'quiet hours');
    else if (isCooling(name, told, today)) this.#hold('cooldown');
    else for (const way of [first, ...others]) this.#owe(way);
  }

  #oweAtOnce(key: string): void {
    if (this.told.neverPages) this.#hold(`severity never pages ${key}`);
    else this.#owe({ key, afterSeconds: 0, person: null });
  }

  /** Of two pages of one name the earlier counts; PagerDuty notifies once a generation. */
  #owe(page: ReferencePage): void {
    const triggeredAt = this.told.triggered.get(page.key) ?? Number.POSITIVE_INFINITY;
    if (triggeredAt <= this.today.at + page.afterSeconds * 1000) {
      this.#hold(`already triggered in this generation ${page.key}`);
      return;
    }
    const other = this.pages.get(page.key);
    if (!other || other.afterSeconds > page.afterSeconds) this.pages.set(page.key, page);
  }

  /** Somebody is there, but is not paged. */
  #hold(words: string): void {
    this.heldBack = true;
    this.skipped.push(words);
  }

  #miss(why: Missed, words: string): void {
    this.skipped.push(words);
    this.missed.push(why);
  }
}

function isOnSchedule(target: StepTarget, { policy }: Today): boolean {
  if (target.kind === 'schedule') return true;
  if (target.kind !== 'team' || target.role === 'everyone') return false;
  const name = policy.teams[target.team]?.roles[target.role];
  return name !== undefined && name !== null && policy.schedules[name] !== undefined;
}
