import { formatMatcher } from '../../alert/matcher.ts';
import { ownAlertLabel, ownRouteName } from '../defaults.ts';
import type { Policy, RouteNode } from '../policy.ts';
import type { Finding } from '../problem.ts';
import { findContradiction, isImplied, type PlacedRoute, placeRoutes } from './route-walk.ts';

const formatMatchers = (node: RouteNode): string =>
  node.matchers.length === 0 ? 'no matchers' : node.matchers.map(formatMatcher).join(', ');

function findShadow({ node, certain, before }: PlacedRoute): RouteNode | undefined {
  const known = [...certain, ...node.matchers];
  return before.find((sibling) => !sibling.continue && sibling.matchers.every((matcher) => isImplied(matcher, known)));
}

function explainUnreachable(route: PlacedRoute): Finding | null {
  const at = [...route.at, 'matchers'];
  const clash = findContradiction(route.node.matchers, route.certain);
  if (clash) {
    const message = `no alert can reach route ${route.node.path}: ${formatMatcher(clash[0])} contradicts ${formatMatcher(clash[1])}`;
    return { level: 'error', at, message, fix: 'Change one of the two, or move the route out of its parent.' };
  }
  const shadow = findShadow(route);
  if (!shadow) return null;
  return {
    level: 'error',
    at,
    message: `no alert can reach route ${route.node.path}: ${shadow.path} (${formatMatchers(shadow)}) takes them all before`,
    fix: `Move it before ${shadow.path}, or write continue: true there.`,
  };
}

/** Routes that no alert can reach. Below an unreachable one the rest is not told again. */
export function checkUnreachableRoutes(policy: Policy): Finding[] {
  const told: string[] = [];
  return placeRoutes(policy.route).flatMap((route) => {
    if (route.node.path === 'root' || told.some((path) => route.node.path.startsWith(`${path}/`))) return [];
    const finding = explainUnreachable(route);
    if (finding) told.push(route.node.path);
    return finding ? [finding] : [];
  });
}

/** A route's path names it in texts and in incident keys, so it must be its own. */
export const checkRouteNames = (policy: Policy): Finding[] =>
  placeRoutes(policy.route).flatMap(({ node, at, before }): Finding[] => {
    if (before.some(({ path }) => path === node.path)) {
      const message = `two routes are called ${node.path}`;
      return [{ level: 'error', at: [...at, 'name'], message, fix: 'Give one of them another name.' }];
    }
    return [];
  });

/** What belongs to Tocsin's own alerts cannot be routed by the file. */
export function checkReservedRoutes(policy: Policy): Finding[] {
  return placeRoutes(policy.route).flatMap(({ node, at }): Finding[] => [
    ...(node.path.split('/').at(-1) === ownRouteName
      ? [
          {
            level: 'error' as const,
            at: [...at, 'name'],
            message: `the route name "${ownRouteName}" is reserved`,
            fix: 'Choose another name.',
          },
        ]
      : []),
    ...(node.matchers.some(({ name }) => name === ownAlertLabel)
      ? [
          {
            level: 'error' as const,
            at: [...at, 'matchers'],
            message: `the label ${ownAlertLabel} is reserved for Tocsin's own alerts, which root/${ownRouteName} takes`,
            fix: 'Match another label.',
          },
        ]
      : []),
  ]);
}

/** `group` alone means the alert group; among label names it would be read in two ways. */
export const checkIncidentKeys = (policy: Policy): Finding[] =>
  placeRoutes(policy.route).flatMap(({ node, at }): Finding[] => {
    const repeated = node.incidentKey.find((label, index) => node.incidentKey.indexOf(label) < index);
    if (node.incidentKey.length > 1 && node.incidentKey.includes('group')) {
      const message = 'incidentKey mixes the reserved word group with labels';
      return [
        { level: 'error', at: [...at, 'incidentKey'], message, fix: 'Write incidentKey: group, or only label names.' },
      ];
    }
    if (repeated === undefined) return [];
    return [
      {
        level: 'error',
        at: [...at, 'incidentKey'],
        message: `incidentKey names ${repeated} twice`,
        fix: 'Name it once.',
      },
    ];
  });

/** What no branch takes must reach somebody. */
export function checkCatchAll({ route }: Policy): Finding[] {
  if (route.owner !== null || route.slackChannel !== null) return [];
  const message = 'the catch-all has neither owner nor slackChannel, so nobody hears of an alert that no route takes';
  return [
    { level: 'error', at: ['route'], onKey: true, message, fix: 'Add owner: with a team to the route at the top.' },
  ];
}
