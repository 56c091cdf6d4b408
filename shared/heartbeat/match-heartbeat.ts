import { compileMatchers } from '../alert/compile-matcher.ts';
import type { Labels } from '../alert/labels.ts';
import { type CompiledMatcher, matchesAll } from '../alert/matcher.ts';
import { InvariantError } from '../kernel/assert.ts';
import type { HeartbeatRule } from './heartbeat-rule.ts';

type Rules = Readonly<Record<string, HeartbeatRule>>;

interface ReadyRule {
  readonly rule: HeartbeatRule;
  readonly matchers: readonly CompiledMatcher[];
}

/** The rules of a policy never change, so they are made ready once for as long as somebody holds them. */
const readyRules = new WeakMap<Rules, readonly ReadyRule[]>();

function makeReady(rules: Rules): readonly ReadyRule[] {
  const known = readyRules.get(rules);
  if (known !== undefined) return known;
  const ready = Object.values(rules).map((rule) => {
    const compiled = compileMatchers(rule.matchers);
    // The policy file is checked before it is bundled, so this is never a user's mistake.
    if (!compiled.ok) throw new InvariantError(`heartbeat ${rule.name}: ${compiled.problem}`);
    return { rule, matchers: compiled.value };
  });
  readyRules.set(rules, ready);
  return ready;
}

/** The heartbeat that this alert is; it never opens an incident by itself. Null: it is an alert like any other. */
export function heartbeatOfAlert(rules: Rules, source: string, labels: Labels): HeartbeatRule | null {
  const found = makeReady(rules).find(
    ({ rule, matchers }) => rule.source === source && matchers.length > 0 && matchesAll(matchers, labels),
  );
  return found?.rule ?? null;
}

/** The heartbeats that a request of the source proves alive: by itself, or by an alert that fires in it. */
export const heartbeatsIn = (
  rules: Rules,
  source: string,
  firing: readonly { readonly labels: Labels }[],
): readonly HeartbeatRule[] =>
  makeReady(rules)
    .filter(
      ({ rule, matchers }) =>
        rule.source === source && (matchers.length === 0 || firing.some(({ labels }) => matchesAll(matchers, labels))),
    )
    .map(({ rule }) => rule);
