import { operatorSource, ownSource } from '../defaults.ts';
import { type Finding, formatPath } from '../problem.ts';
import { type Place, placesAt } from './places.ts';

const reservedSources: readonly string[] = [ownSource, operatorSource];

/** The maps whose keys the file chooses. */
const namedMaps = [
  'people',
  'teams',
  'schedules',
  'holidays',
  'services',
  'sources',
  'escalationPolicies',
  'slackChannels',
  'pagerduty',
  'snsContacts',
  'statusComponents',
  'maintenanceWindows',
  'heartbeats',
];

/** Lists whose entries have names, as in Alertmanager; those of a row share one set of names. */
const namedLists = [['time_intervals', 'mute_time_intervals'], ['inhibit_rules']];

/** In the order of the file within a list. */
const namesIn = (file: Place, lists: readonly string[]): Place[] =>
  lists.flatMap((list) => placesAt(file, `${list}.*.name`)).filter(({ value }) => typeof value === 'string');

/** The time intervals that routes can refer to. */
export const intervalNames = (file: Place): string[] =>
  namesIn(file, ['time_intervals', 'mute_time_intervals']).map(({ value }) => String(value));

const reserved = (name: string): string => `the name "${name}" is reserved`;

/** Names that mean something else already: those of JavaScript's own objects, and `tocsin` for our own alerts. */
export function checkReservedNames(value: unknown): Finding[] {
  const file: Place = { at: [], value };
  const inMaps = namedMaps
    .flatMap((map) => placesAt(file, `${map}.*`).map(({ at }) => ({ map, at, name: String(at.at(-1)) })))
    .filter(({ map, name }) => name in Object.prototype || (map === 'sources' && reservedSources.includes(name)))
    .map(({ at, name }): Finding => {
      const fix = reservedSources.includes(name)
        ? `Choose another name; Tocsin's own alerts come from the source ${ownSource}, what operators post from ${operatorSource}.`
        : 'Choose another name.';
      return { level: 'error', at, onKey: true, message: reserved(name), fix };
    });
  const inLists = namesIn(file, namedLists.flat())
    .filter((place) => String(place.value) in Object.prototype)
    .map((place): Finding => {
      return { level: 'error', at: place.at, message: reserved(String(place.value)), fix: 'Choose another name.' };
    });
  return [...inMaps, ...inLists];
}

/** A name in a list can be written twice, and then nobody knows which one is meant. */
export function checkRepeatedNames(value: unknown): Finding[] {
  const file: Place = { at: [], value };
  return namedLists.flatMap((lists) => {
    const places = namesIn(file, lists);
    return places.flatMap((place, index): Finding[] => {
      const first = places.findIndex((other) => other.value === place.value);
      if (first === index) return [];
      const message = `the name "${String(place.value)}" is already that of ${formatPath(places[first]?.at.slice(0, 2) ?? [])}`;
      return [{ level: 'error', at: place.at, message, fix: 'Give one of them another name.' }];
    });
  });
}
