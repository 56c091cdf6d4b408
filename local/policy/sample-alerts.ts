import { compileMatchers } from '#shared/alert/compile-matcher.ts';
import type { Labels } from '#shared/alert/labels.ts';
import { type Matcher, matchesAll } from '#shared/alert/matcher.ts';
import { type PlacedRoute, placeRoutes, possibleValues } from '#shared/config/checks/route-walk.ts';
import type { FromLabel, Policy, ServiceRule } from '#shared/config/policy.ts';
import type { Severity } from '#shared/incident/severity.ts';

export interface SampleAlerts {
  readonly samples: readonly Labels[];
  /** Routes that no label set was found for, such as behind a regular expression that cannot be guessed. */
  readonly unsampled: readonly string[];
}

/** Ours: each is played six times. */
const mostSamples = 2_000;

/**
 * Alerts that two policy files may tell apart: for each route of either, labels that it takes, with each value of the severity
 * and the service label that means something to one of them. Services that both files treat alike stand for each other.
 */
export function sampleAlerts(before: Policy, after: Policy): SampleAlerts {
  const policies = [before, after] as const;
  const routes = policies.flatMap((policy) => placeRoutes(policy.route));
  const services = representatives(policies);
  const unsampled = new Set<string>();
  const samples = new Map<string, Labels>();
  for (const route of routes) {
    const base = labelsOf([...route.certain, ...route.node.matchers]);
    if (base === null) {
      unsampled.add(route.node.path);
      continue;
    }
    for (const labels of variants(base, route, services)) {
      if (samples.size < mostSamples) samples.set(JSON.stringify(Object.entries(labels).sort()), labels);
    }
  }
  return { samples: [...samples.values()], unsampled: [...unsampled].sort() };
}

/** One name of all services that have the same owner and choice in both files, and one that no file knows. */
function representatives(policies: readonly Policy[]): readonly string[] {
  const names = new Set(policies.flatMap(({ services }) => Object.keys(services)));
  const alike = new Map<string, string>();
  for (const name of names) {
    const told = policies.map(({ services }) => [
      services[name]?.owner ?? null,
      services[name]?.escalationPolicy ?? null,
    ]);
    const key = JSON.stringify(told);
    if (!alike.has(key)) alike.set(key, name);
  }
  return [...alike.values()];
}

function variants(base: Labels, { certain, node }: PlacedRoute, services: readonly string[]): readonly Labels[] {
  const matchers = [...certain, ...node.matchers];
  const severities = valuesOf(node.severity, matchers);
  const named = node.service?.kind === 'label' ? valuesOf(serviceRule(node.service, services), matchers) : [null];
  return severities
    .flatMap((severity) => named.map((service) => ({ ...base, ...severity, ...service })))
    .filter((labels) => takes(matchers, labels));
}

const serviceRule = (
  rule: Extract<ServiceRule, { kind: 'label' }>,
  services: readonly string[],
): FromLabel<string> => ({
  kind: 'label',
  label: rule.label,
  map: Object.fromEntries(services.map((name) => [name, name])),
  otherwise: '',
});

/** The label with each value that the rule knows, and without it. */
function valuesOf(
  rule: FromLabel<Severity> | FromLabel<string>,
  matchers: readonly Matcher[],
): readonly (Labels | null)[] {
  if (rule.kind === 'fixed') return [null];
  const { label } = rule;
  const values = possibleValues(label, matchers) ?? Object.keys(rule.map);
  return [null, ...values.map((value): Labels => ({ [label]: value }))];
}

/** Labels that all matchers take; null when none is found. */
function labelsOf(matchers: readonly Matcher[]): Labels | null {
  const names = [...new Set(matchers.map(({ name }) => name))];
  const entries = names.map(
    (name) =>
      [
        name,
        valueFor(
          name,
          matchers.filter((each) => each.name === name),
        ),
      ] as const,
  );
  const labels: Record<string, string> = {};
  for (const [name, value] of entries) if (value !== null && value !== '') labels[name] = value;
  return takes(matchers, labels) ? labels : null;
}

function valueFor(name: string, matchers: readonly Matcher[]): string | null {
  const listed = possibleValues(name, matchers) ?? [];
  const guesses = matchers.map(
    ({ value }) =>
      value
        .replaceAll(/\(\?:|[()^$\\]/g, '')
        .replaceAll(/\.[*+]|\[[^\]]*\][*+]?/g, 'x')
        .split('|')[0] ?? '',
  );
  const candidates = [...listed, '', ...guesses, 'something-else'];
  return candidates.find((value) => takes(matchers, value === '' ? {} : { [name]: value })) ?? null;
}

function takes(matchers: readonly Matcher[], labels: Labels): boolean {
  const compiled = compileMatchers(matchers);
  return compiled.ok && matchesAll(compiled.value, labels);
}
