import type { HeartbeatRule } from '../heartbeat/heartbeat-rule.ts';
import type { Severity } from '../incident/severity.ts';
import { compileChoice } from './compile-choice.ts';
import { secondsOf } from './compile-escalation.ts';
import { compileWrittenMatchers } from './compile-matchers.ts';
import {
  defaultGroupIntervalSeconds,
  defaultGroupWaitSeconds,
  defaultRepeatIntervalSeconds,
  heartbeatLabel,
  ownAlertLabel,
  ownIncidentKey,
  ownRouteName,
  scheduleLabel,
} from './defaults.ts';
import { parseGoDuration } from './duration.ts';
import type { Policy, RouteNode, ServiceRule } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';
import type { RouteDocument } from './schema/route.ts';

type RootDocument = PolicyDocument['route'];

const compileSeverity = (severity: RootDocument['severity']): RouteNode['severity'] =>
  typeof severity === 'string' ? { kind: 'fixed', value: severity } : { kind: 'label', ...severity };

const compileService = (service: NonNullable<RootDocument['service']>): ServiceRule =>
  typeof service === 'string'
    ? { kind: 'fixed', value: service }
    : { kind: 'label', label: service.label, otherwise: service.otherwise ?? null };

/** What children take from their parent unless they say otherwise. */
type Inherited = Pick<
  RouteNode,
  | 'severity'
  | 'service'
  | 'owner'
  | 'escalationPolicy'
  | 'incidentKey'
  | 'slackChannel'
  | 'cooldownSeconds'
  | 'groupBy'
  | 'groupWaitSeconds'
  | 'groupIntervalSeconds'
  | 'repeatIntervalSeconds'
> & {
  /** The receiver that a node above names; null: each node is called by its path. */
  readonly namedReceiver: string | null;
};

const secondsOr = (written: string | number | undefined, otherwise: number): number =>
  written === undefined ? otherwise : (parseGoDuration(String(written)) ?? otherwise);

const alertmanagerDefaults = {
  groupBy: [],
  groupWaitSeconds: defaultGroupWaitSeconds,
  groupIntervalSeconds: defaultGroupIntervalSeconds,
  repeatIntervalSeconds: defaultRepeatIntervalSeconds,
} as const;

const alwaysActive = { muteTimeIntervals: [], activeTimeIntervals: [] } as const;

const inherit = (node: Partial<RootDocument> | RouteDocument, parent: Inherited): Inherited => ({
  severity: node.severity === undefined ? parent.severity : compileSeverity(node.severity),
  service: node.service === undefined ? parent.service : compileService(node.service),
  owner: node.owner ?? parent.owner,
  escalationPolicy:
    node.escalationPolicy === undefined ? parent.escalationPolicy : compileChoice(node.escalationPolicy),
  incidentKey:
    node.incidentKey === undefined
      ? parent.incidentKey
      : node.incidentKey === 'group'
        ? ['group']
        : [...node.incidentKey],
  slackChannel: node.slackChannel ?? parent.slackChannel,
  ...cooldownOf(node.cooldown, parent),
  // Alertmanager takes an empty list as "no grouping" since 0.31; only a missing one is inherited.
  groupBy: node.group_by === undefined ? parent.groupBy : [...node.group_by],
  groupWaitSeconds: secondsOr(node.group_wait, parent.groupWaitSeconds),
  groupIntervalSeconds: secondsOr(node.group_interval, parent.groupIntervalSeconds),
  repeatIntervalSeconds: secondsOr(node.repeat_interval, parent.repeatIntervalSeconds),
  namedReceiver: node.receiver ?? parent.namedReceiver,
});

function cooldownOf(written: string | undefined, parent: Inherited): Pick<Inherited, 'cooldownSeconds'> {
  const seconds = written === undefined ? (parent.cooldownSeconds ?? 0) : secondsOf(written);
  return seconds === 0 ? {} : { cooldownSeconds: seconds };
}

/** What a node is, beside its place in the tree. */
const fillIn = ({ namedReceiver, ...inherited }: Inherited, path: string) => ({
  ...inherited,
  receiver: namedReceiver ?? path,
});

function compileRoute(node: RouteDocument, path: string, parent: Inherited): RouteNode {
  const own = inherit(node, parent);
  return {
    path,
    matchers: compileWrittenMatchers({ matchers: node.matchers, match: node.match, matchRegex: node.match_re }),
    continue: node.continue ?? false,
    ...fillIn(own, path),
    muteTimeIntervals: [...(node.mute_time_intervals ?? [])],
    activeTimeIntervals: [...(node.active_time_intervals ?? [])],
    routes: compileRoutes(node.routes ?? [], path, own),
  };
}

const compileRoutes = (nodes: readonly RouteDocument[], parentPath: string, parent: Inherited): RouteNode[] =>
  nodes.map((node, index) => compileRoute(node, `${parentPath}/${node.name ?? index}`, parent));

/** What Tocsin raises alerts of its own about. */
interface OwnRules {
  readonly heartbeats?: Policy['heartbeats'];
  readonly schedules?: readonly OwnedSchedule[];
}

interface OwnedSchedule {
  readonly name: string;
  /** Team that has it as a role; null: none. */
  readonly owner: string | null;
}

/** Takes Tocsin's own alerts before any branch of the file can: they are SEV3 and go to the root's owner. */
const ownRoute = (root: Inherited, { heartbeats = {}, schedules = [] }: OwnRules): RouteNode => ({
  path: `root/${ownRouteName}`,
  matchers: [{ name: ownAlertLabel, operator: '=', value: 'true' }],
  continue: false,
  severity: { kind: 'fixed', value: 'SEV3' },
  service: null,
  owner: root.owner,
  escalationPolicy: null,
  incidentKey: ownIncidentKey,
  slackChannel: root.slackChannel,
  receiver: `root/${ownRouteName}`,
  ...alertmanagerDefaults,
  ...alwaysActive,
  routes: [
    ...Object.values(heartbeats).map((rule) => heartbeatRoute(root, rule)),
    ...schedules.map((rule) => scheduleRoute(root, rule)),
  ],
});

/** One incident for each schedule that has a gap, told to the team that has it as a role. */
const scheduleRoute = (root: Inherited, { name, owner }: OwnedSchedule): RouteNode => {
  const path = `root/${ownRouteName}/schedule-${name}`;
  return {
    ...ownNode(root, owner),
    path,
    matchers: [{ name: scheduleLabel, operator: '=', value: name }],
    severity: { kind: 'fixed', value: 'SEV3' },
    incidentKey: [scheduleLabel],
    receiver: path,
  };
};

/** One incident for each heartbeat, told to whom its rule names, with the severity that its state has. */
const heartbeatRoute = (root: Inherited, { name, owner }: HeartbeatRule): RouteNode => {
  const path = `root/${ownRouteName}/heartbeat-${name}`;
  return {
    ...ownNode(root, owner),
    path,
    matchers: [{ name: heartbeatLabel, operator: '=', value: name }],
    severity: { kind: 'label', label: 'severity', map: sameSeverity, otherwise: 'SEV3' },
    incidentKey: [heartbeatLabel],
    receiver: path,
  };
};

/** What the nodes below Tocsin's own route share; without an owner of its own a node tells the root's. */
const ownNode = (root: Inherited, owner: string | null) =>
  ({
    continue: false,
    service: null,
    owner: owner ?? root.owner,
    escalationPolicy: null,
    slackChannel: owner === null ? root.slackChannel : null,
    ...alertmanagerDefaults,
    ...alwaysActive,
    routes: [],
  }) as const;

const sameSeverity: Readonly<Record<Severity, Severity>> = { SEV1: 'SEV1', SEV2: 'SEV2', SEV3: 'SEV3', SEV4: 'SEV4' };

/** The route tree with everything inherited filled in and Tocsin's own route in front. */
export function compileRouteTree(root: RootDocument, rules: OwnRules = {}): RouteNode {
  const own = inherit(root, {
    severity: compileSeverity(root.severity),
    service: null,
    owner: null,
    escalationPolicy: null,
    incidentKey: ['group'],
    slackChannel: null,
    namedReceiver: null,
    ...alertmanagerDefaults,
  });
  return {
    path: 'root',
    matchers: [],
    continue: false,
    ...fillIn(own, 'root'),
    ...alwaysActive,
    routes: [ownRoute(own, rules), ...compileRoutes(root.routes ?? [], 'root', own)],
  };
}
