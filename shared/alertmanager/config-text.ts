import { formatMatcher, type Matcher } from '../alert/matcher.ts';
import type { Policy, RouteNode } from '../config/policy.ts';
import type { InhibitRule } from '../route/inhibit-rule.ts';
import type { NumberRange, TimeInterval } from '../route/time-interval.ts';
import { quoteYaml, writeYaml, type YamlValue } from './yaml-text.ts';

type Printed = Pick<Policy, 'hash' | 'environment' | 'route' | 'inhibitRules' | 'timeIntervals'>;

/**
 * The policy as an alertmanager.yml that amtool loads and routes by as we do: `status.config.original`. Routes, time intervals and
 * inhibition only: receivers have names and nothing else, so that no credential can be in it. Every node says what it inherits.
 */
export function printConfig({ hash, environment, route, inhibitRules, timeIntervals }: Printed): string {
  const intervals = Object.entries(timeIntervals);
  const document: Record<string, YamlValue> = {
    route: printRoute(route, true),
    ...(inhibitRules.length === 0 ? {} : { inhibit_rules: inhibitRules.map(printInhibitRule) }),
    receivers: receiversOf(route).map((name) => ({ name })),
    ...(intervals.length === 0
      ? {}
      : {
          time_intervals: intervals.map(([name, each]) => ({ name, time_intervals: each.map(printInterval) })),
        }),
  };
  return `# Tocsin, environment ${quoteYaml(environment)}, policy ${hash}: what Alertmanager's clients can know of it.\n${writeYaml(document)}`;
}

/** Names of all receivers, in the order of the tree. */
export function receiversOf(route: RouteNode): readonly string[] {
  const names = new Set<string>();
  const visit = (node: RouteNode) => {
    names.add(node.receiver);
    node.routes.forEach(visit);
  };
  visit(route);
  return [...names];
}

const printMatchers = (matchers: readonly Matcher[]): YamlValue => matchers.map(formatMatcher);

/** Prometheus's durations have no decimals. */
const printDuration = (seconds: number): string =>
  Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;

/** Alertmanager refuses matchers, `continue` and time intervals at the root, where they say nothing. */
function printRoute(node: RouteNode, isRoot: boolean): YamlValue {
  const { muteTimeIntervals, activeTimeIntervals } = node;
  return {
    receiver: node.receiver,
    ...(isRoot ? {} : { matchers: printMatchers(node.matchers), continue: node.continue }),
    group_by: node.groupBy,
    group_wait: printDuration(node.groupWaitSeconds),
    group_interval: printDuration(node.groupIntervalSeconds),
    repeat_interval: printDuration(node.repeatIntervalSeconds),
    ...(muteTimeIntervals.length === 0 ? {} : { mute_time_intervals: muteTimeIntervals }),
    ...(activeTimeIntervals.length === 0 ? {} : { active_time_intervals: activeTimeIntervals }),
    ...(node.routes.length === 0 ? {} : { routes: node.routes.map((child) => printRoute(child, false)) }),
  };
}

/** Names of rules are ours: older Alertmanagers refuse a key that they do not know. */
const printInhibitRule = ({ sourceMatchers, targetMatchers, equal }: InhibitRule): YamlValue => ({
  source_matchers: printMatchers(sourceMatchers),
  target_matchers: printMatchers(targetMatchers),
  equal,
});

const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const printRanges = (ranges: readonly NumberRange[], name: (value: number) => string = String): YamlValue =>
  ranges.map(({ begin, end }) => `${name(begin)}:${name(end)}`);

/** A field that always holds is left out. */
function printInterval({ times, weekdays, daysOfMonth, months, years, timeZone }: TimeInterval): YamlValue {
  return {
    ...(times === null
      ? {}
      : {
          times: times.map(({ startMinute, endMinute }) => ({
            start_time: clock(startMinute),
            end_time: clock(endMinute),
          })),
        }),
    ...(weekdays === null ? {} : { weekdays: printRanges(weekdays, (day) => dayNames[day] ?? String(day)) }),
    ...(daysOfMonth === null ? {} : { days_of_month: printRanges(daysOfMonth) }),
    ...(months === null ? {} : { months: printRanges(months) }),
    ...(years === null ? {} : { years: printRanges(years) }),
    location: timeZone,
  };
}
