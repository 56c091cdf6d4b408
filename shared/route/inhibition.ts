import type { AlertId } from '../alert/alert.ts';
import { compileMatchers } from '../alert/compile-matcher.ts';
import { type Labels, labelValue } from '../alert/labels.ts';
import { type CompiledMatcher, type Matcher, matchesAll } from '../alert/matcher.ts';
import { InvariantError } from '../kernel/assert.ts';
import { hashOf } from '../kernel/hash.ts';
import type { InhibitRule } from './inhibit-rule.ts';

/**
 * Inhibition as Alertmanager documents it (PROTOCOLS 4.4), without a scan of all alerts: one that the source side of a rule takes
 * is filed, while it fires, in the place of that rule and of its values of the `equal` labels. A target looks into the places
 * of the rules that take it, and nowhere else.
 */
export interface InhibitorPlace {
  /** Hash of what the rule says and of the equal values: an edit of the file moves no rule that says the same. */
  readonly place: string;
  /** `two`: it matches the target side of the rule too, and then inhibits nothing that matches both sides either. */
  readonly sides: 'one' | 'two';
}

/** The first of the alerts that are filed in a place; what matches one side only comes before what matches both. */
export interface Inhibitor extends AlertId {
  readonly sides: InhibitorPlace['sides'];
}

/** By place, as loaded; null: nothing that fires is filed there. */
export type KnownInhibitors = ReadonlyMap<string, Inhibitor | null>;

/** A rule that takes an alert as its target. */
export interface InhibitTarget {
  readonly rule: string;
  readonly place: string;
  readonly alsoSource: boolean;
}

/**
 * Rules that one alert is filed for, at most: each is one more write of its transaction, which takes 100. What comes
 * later in the file is told rather than inhibited.
 */
export const placesPerAlert = 30;

interface CompiledRule {
  readonly id: string;
  readonly name: string;
  readonly equal: readonly string[];
  readonly source: readonly CompiledMatcher[];
  readonly target: readonly CompiledMatcher[];
}

function compileSide(matchers: readonly Matcher[], rule: string): readonly CompiledMatcher[] {
  const compiled = compileMatchers(matchers);
  // The policy file is checked before it is bundled, so this is never a user's mistake.
  if (!compiled.ok) throw new InvariantError(`inhibition rule ${rule}: ${compiled.problem}`);
  return compiled.value;
}

/** Order and repetition change nothing of what a list of conditions says. */
const textOf = (matchers: readonly Matcher[]): string =>
  JSON.stringify(
    [...new Set(matchers.map(({ name, operator, value }) => JSON.stringify([name, operator, value])))].sort(),
  );

function compileRule({ name, sourceMatchers, targetMatchers, equal }: InhibitRule): CompiledRule {
  const sorted = [...new Set(equal)].sort();
  return {
    id: hashOf(textOf(sourceMatchers), textOf(targetMatchers), JSON.stringify(sorted)),
    name,
    equal: sorted,
    source: compileSide(sourceMatchers, name),
    target: compileSide(targetMatchers, name),
  };
}

/** Two rules that say the same are one: the first. */
function compileRules(rules: readonly InhibitRule[]): readonly CompiledRule[] {
  const byId = new Map<string, CompiledRule>();
  for (const rule of rules.map(compileRule)) if (!byId.has(rule.id)) byId.set(rule.id, rule);
  return [...byId.values()];
}

/** Rules never change, so they are made ready once for as long as somebody holds them. */
const compiledRules = new WeakMap<readonly InhibitRule[], readonly CompiledRule[]>();

function compiledOf(rules: readonly InhibitRule[]): readonly CompiledRule[] {
  const known = compiledRules.get(rules);
  if (known !== undefined) return known;
  const compiled = compileRules(rules);
  compiledRules.set(rules, compiled);
  return compiled;
}

/** A missing label is equal to an empty one, and to another missing one. */
const placeOf = ({ id, equal }: CompiledRule, labels: Labels): string =>
  hashOf(id, ...equal.map((name) => labelValue(labels, name)));

/** Where an alert is filed while it fires: it inhibits whatever looks there. */
export function inhibitorPlaces(rules: readonly InhibitRule[], labels: Labels): readonly InhibitorPlace[] {
  return compiledOf(rules)
    .filter(({ source }) => matchesAll(source, labels))
    .slice(0, placesPerAlert)
    .map((rule) => ({ place: placeOf(rule, labels), sides: matchesAll(rule.target, labels) ? 'two' : 'one' }));
}

/** The rules that take an alert as their target, in the order of the file. */
export function inhibitTargets(rules: readonly InhibitRule[], labels: Labels): readonly InhibitTarget[] {
  return compiledOf(rules)
    .filter(({ target }) => matchesAll(target, labels))
    .map((rule) => ({
      rule: rule.name,
      place: placeOf(rule, labels),
      alsoSource: matchesAll(rule.source, labels),
    }));
}

/** The first rule that inhibits, with the alert that does it. */
export function findInhibition(
  targets: readonly InhibitTarget[],
  known: KnownInhibitors,
): { readonly rule: string; readonly inhibitor: AlertId } | null {
  for (const { rule, place, alsoSource } of targets) {
    const first = known.get(place) ?? null;
    if (first === null || (alsoSource && first.sides === 'two')) continue;
    return { rule, inhibitor: { source: first.source, fingerprint: first.fingerprint } };
  }
  return null;
}

export const samePlaces = (a: readonly InhibitorPlace[], b: readonly InhibitorPlace[]): boolean =>
  a.length === b.length &&
  a.every(({ place, sides }) => b.some((other) => other.place === place && other.sides === sides));
