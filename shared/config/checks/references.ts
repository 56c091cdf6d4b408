import { defaultEscalationPolicies } from '../defaults.ts';
import { nearestName, suggestName } from '../nearest-name.ts';
import type { Finding } from '../problem.ts';
import { intervalNames } from './names.ts';
import { type Place, placesAt } from './places.ts';

/** One kind of use of a name; `*` stands for every key or index. */
interface Reference {
  readonly from: string;
  /** The maps at the top of the file that define the name. */
  readonly to: readonly string[];
  readonly what: string;
}

const refer = (what: string, to: string | readonly string[], ...from: readonly string[]): Reference[] =>
  from.map((each) => ({ from: each, to: typeof to === 'string' ? [to] : to, what }));

const target = 'escalationPolicies.*.steps.*.targets.*';
const layer = 'schedules.*.layers.*';
const method = 'people.*.contact.*.*';

const references: readonly Reference[] = [
  ...refer(
    'person or schedule',
    ['people', 'schedules'],
    ...['onCall', 'secondary', 'manager'].map((role) => `teams.*.${role}`),
  ),
  ...refer('person', 'people', 'teams.*.members.*', `${layer}.members.*`, `${target}.person`),
  ...refer('schedule', 'schedules', `${target}.schedule`),
  ...refer('Slack channel', 'slackChannels', 'teams.*.slackChannel', 'schedules.*.handOffChannel'),
  ...refer('Slack channel', 'slackChannels', `${method}.slackMention`, `${target}.slackChannel`),
  ...refer('PagerDuty service', 'pagerduty', 'teams.*.pagerduty', `${method}.pagerduty`, `${target}.pagerduty`),
  ...refer('SNS contact', 'snsContacts', 'people.*.sns', `${method}.sns`, `${target}.sns`),
  ...refer('calendar of holidays', 'holidays', `${layer}.when.*.holidays`),
  ...refer('calendar of holidays', 'holidays', 'workingHours.holidays', 'people.*.workingHours.holidays'),
  ...refer('time interval', 'time_intervals', 'people.*.quiet.during.*', 'services.*.escalationPolicy.*.during'),
  ...refer('team', 'teams', 'services.*.owner', 'heartbeats.*.owner', `${target}.team`),
  ...refer('status component', 'statusComponents', 'services.*.statusComponent'),
  ...refer('source', 'sources', 'heartbeats.*.source'),
  ...refer('escalation policy', 'escalationPolicies', 'severities.*.escalationPolicy', `${target}.policy`),
  ...refer(
    'escalation policy',
    'escalationPolicies',
    'services.*.escalationPolicy',
    'services.*.escalationPolicy.*.use',
  ),
];

/** The same at every depth of the route tree. */
const routeReferences: readonly Reference[] = [
  ...refer('service', 'services', 'service', 'service.otherwise'),
  ...refer('team', 'teams', 'owner'),
  ...refer('escalation policy', 'escalationPolicies', 'escalationPolicy', 'escalationPolicy.*.use'),
  ...refer('Slack channel', 'slackChannels', 'slackChannel'),
  ...refer('time interval', 'time_intervals', 'mute_time_intervals.*', 'active_time_intervals.*'),
  ...refer('time interval', 'time_intervals', 'escalationPolicy.*.during'),
];

const routesBelow = (route: Place): Place[] => [route, ...placesAt(route, 'routes.*').flatMap(routesBelow)];

function knownNames(file: Place, map: string): string[] {
  if (map === 'time_intervals') return intervalNames(file);
  const defined = placesAt(file, `${map}.*`).map(({ at }) => String(at.at(-1)));
  return map === 'escalationPolicies' ? [...new Set([...defined, ...Object.keys(defaultEscalationPolicies)])] : defined;
}

/** Names of the one kind where the other is asked for: both fill roles of a team, and are easily taken for each other. */
function explainOtherKind(file: Place, name: string, [to, ...others]: readonly string[]): string | null {
  if (others.length > 0) return null;
  if (to === 'people' && knownNames(file, 'schedules').includes(name)) {
    return `"${name}" is a schedule: write schedule: ${name} in a step, or name the people here.`;
  }
  if (to === 'schedules' && knownNames(file, 'people').includes(name)) {
    return `"${name}" is a person: write person: ${name}.`;
  }
  return null;
}

function explainUnknown(name: string, known: readonly string[], to: string): string {
  if (known.length === 0) return `Add ${to}: with "${name}" in it.`;
  const addition = `${nearestName(name, known) === null ? 'Or' : 'If not,'} add "${name}" under ${to}.`;
  return `${suggestName(name, known)} ${addition}`.replace(`Use one of: "${name}"`, `Use "${name}"`);
}

/**
 * Every name that nothing defines. Reads the plain data before its shape is known to be right, so that a typing mistake
 * in a key and one in a name are told together.
 */
export function checkReferences(value: unknown): Finding[] {
  const file: Place = { at: [], value };
  const routes = placesAt(file, 'route').flatMap(routesBelow);
  const uses = [
    ...references.map((reference) => ({ reference, places: placesAt(file, reference.from) })),
    ...routeReferences.map((reference) => ({
      reference,
      places: routes.flatMap((route) => placesAt(route, reference.from)),
    })),
  ];
  return uses.flatMap(({ reference, places }) => {
    const known = reference.to.flatMap((map) => knownNames(file, map));
    return places.flatMap(({ at, value: name }): Finding[] => {
      if (typeof name !== 'string' || known.includes(name)) return [];
      return [
        {
          level: 'error',
          at,
          message: `unknown ${reference.what} "${name}"`,
          fix: explainOtherKind(file, name, reference.to) ?? explainUnknown(name, known, reference.to.join(' or ')),
        },
      ];
    });
  });
}
