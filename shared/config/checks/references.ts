import { defaultEscalationPolicies } from '../defaults.ts';
import { nearestName, suggestName } from '../nearest-name.ts';
import type { Finding } from '../problem.ts';
import { intervalNames } from './names.ts';
import { type Place, placesAt } from './places.ts';

/** One kind of use of a name; `*` stands for every key or index. */
interface Reference {
  readonly from: string;
  /** The map at the top of the file that defines the name. */
  readonly to: string;
  readonly what: string;
}

const target = 'escalationPolicies.*.steps.*.targets.*';

const references: readonly Reference[] = [
  ...['onCall', 'secondary', 'manager', 'members.*'].map((key) => ({
    from: `teams.*.${key}`,
    to: 'people',
    what: 'person',
  })),
  { from: 'teams.*.slackChannel', to: 'slackChannels', what: 'Slack channel' },
  { from: 'teams.*.pagerduty', to: 'pagerduty', what: 'PagerDuty service' },
  { from: 'people.*.sns', to: 'snsContacts', what: 'SNS contact' },
  { from: 'services.*.owner', to: 'teams', what: 'team' },
  { from: 'services.*.statusComponent', to: 'statusComponents', what: 'status component' },
  { from: 'severities.*.escalationPolicy', to: 'escalationPolicies', what: 'escalation policy' },
  { from: 'heartbeats.*.source', to: 'sources', what: 'source' },
  { from: 'heartbeats.*.owner', to: 'teams', what: 'team' },
  { from: `${target}.team`, to: 'teams', what: 'team' },
  { from: `${target}.person`, to: 'people', what: 'person' },
  { from: `${target}.slackChannel`, to: 'slackChannels', what: 'Slack channel' },
  { from: `${target}.pagerduty`, to: 'pagerduty', what: 'PagerDuty service' },
  { from: `${target}.sns`, to: 'snsContacts', what: 'SNS contact' },
];

/** The same at every depth of the route tree. */
const routeReferences: readonly Reference[] = [
  { from: 'service', to: 'services', what: 'service' },
  { from: 'service.otherwise', to: 'services', what: 'service' },
  { from: 'owner', to: 'teams', what: 'team' },
  { from: 'escalationPolicy', to: 'escalationPolicies', what: 'escalation policy' },
  { from: 'slackChannel', to: 'slackChannels', what: 'Slack channel' },
  { from: 'mute_time_intervals.*', to: 'time_intervals', what: 'time interval' },
  { from: 'active_time_intervals.*', to: 'time_intervals', what: 'time interval' },
];

const routesBelow = (route: Place): Place[] => [route, ...placesAt(route, 'routes.*').flatMap(routesBelow)];

function knownNames(file: Place, map: string): string[] {
  if (map === 'time_intervals') return intervalNames(file);
  const defined = placesAt(file, `${map}.*`).map(({ at }) => String(at.at(-1)));
  return map === 'escalationPolicies' ? [...new Set([...defined, ...Object.keys(defaultEscalationPolicies)])] : defined;
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
    const known = knownNames(file, reference.to);
    return places.flatMap(({ at, value: name }): Finding[] => {
      if (typeof name !== 'string' || known.includes(name)) return [];
      return [
        {
          level: 'error',
          at,
          message: `unknown ${reference.what} "${name}"`,
          fix: explainUnknown(name, known, reference.to),
        },
      ];
    });
  });
}
