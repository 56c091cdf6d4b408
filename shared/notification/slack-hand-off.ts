import { type Incident, incidentName } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';
import type { OnCall } from '../on-call/on-call.ts';
import { acknowledgedUntil, type OpenAtHandOff } from '../on-call/open-at-hand-off.ts';
import type { PageCount } from '../on-call/person-page.ts';
import { dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { context, type SlackMessage, section, sectionsOf, slackMetadata } from './slack-message.ts';

/** What is told when the shift of a schedule changes. */
export interface HandOff {
  readonly schedule: string;
  readonly at: Instant;
  /** Null: nobody was on call. */
  readonly from: string | null;
  /** The shift that ended began then; pages are counted from there. */
  readonly since: Instant;
  /** Null: nobody is on call. */
  readonly to: OnCall | null;
  /** Null: nobody takes over from them within a year. */
  readonly until: Instant | null;
  readonly open: OpenAtHandOff;
  /** Of the people of the schedule. */
  readonly counts: readonly PageCount[];
}

/** Lines of each list, so that the whole stays within what Slack takes (slack-limits.ts); the rest is counted. */
const linesPerList = 10;
const nightsPerPerson = 7;

/** Names the message in its metadata, so that it is found after an unknown outcome. */
export const handOffMessageId = (schedule: string): string => `schedule:${schedule}`;
export const handOffMessageKey = (at: Instant): string => `hand-off:${at}`;

/** An update and no page: people are named in plain words, so that it pings nobody. */
export function slackHandOff(handOff: HandOff): SlackMessage {
  const { schedule, at, since, open, counts } = handOff;
  const title = titleOf(handOff);
  const lists = [
    ...list('Needs somebody', open.triggered, triggeredLine),
    ...list('Acknowledged and still open', open.acknowledged, acknowledgedLine),
  ];
  const paged = counts
    .filter(({ pages }) => pages > 0)
    .sort((a, b) => b.pages - a.pages || (a.person < b.person ? -1 : 1));
  return {
    text: title,
    blocks: [
      section(`*${title}*`),
      section(ruleOf(handOff)),
      ...sectionsOf(lists.length === 0 ? ['No incident is open.'] : lists),
      ...sectionsOf(paged.length === 0 ? ['Nobody was paged.'] : list('Who was paged', paged, countLine)),
      context(`Shift of ${dateMrkdwn(since)} to ${dateMrkdwn(at)}. Nights are 22:00 to 08:00 of each person.`),
    ],
    metadata: slackMetadata({ id: handOffMessageId(schedule) }, handOffMessageKey(at)),
  };
}

const named = (text: string): string => escapeMrkdwn(text, 100);

function titleOf({ schedule, from, to }: HandOff): string {
  const place = named(schedule);
  if (to === null) return `Nobody is on call in ${place}${from === null ? '' : ` after ${named(from)}`}`;
  const who = named(to.person);
  return from === null ? `${who} is on call in ${place}` : `${named(from)} hands ${place} over to ${who}`;
}

function ruleOf({ to, until }: HandOff): string {
  const end = until === null ? '' : ` until ${dateMrkdwn(until)}`;
  if (to === null) return `Pages to this schedule go to the next step or to the fallback${end}.`;
  return `${named(to.person)} is on call${end}, by ${ruleName(to)}.`;
}

function ruleName({ by }: OnCall): string {
  if (by.kind === 'layer') return `layer ${named(by.layer)}`;
  const replaced = by.replaced === null ? '' : ` instead of ${named(by.replaced)}`;
  return `an override of ${named(by.madeBy)}${replaced}`;
}

function list<T>(name: string, entries: readonly T[], line: (entry: T) => string): readonly string[] {
  if (entries.length === 0) return [];
  const more = entries.length - linesPerList;
  return [
    `*${name} (${entries.length})*`,
    ...entries.slice(0, linesPerList).map((entry) => `• ${line(entry)}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

const incidentText = ({ severity, number, title }: Incident): string =>
  `[${severity}] ${incidentName(number)} ${escapeMrkdwn(title, 150)}`;

const triggeredLine = (incident: Incident): string =>
  `${incidentText(incident)}: triggered since ${dateMrkdwn(incident.triggeredAt)}`;

function acknowledgedLine(incident: Incident): string {
  const until = acknowledgedUntil(incident);
  const since = incident.acknowledgedAt === null ? '' : ` since ${dateMrkdwn(incident.acknowledgedAt)}`;
  const end = until === null ? '' : `, until ${dateMrkdwn(until)}`;
  return `${incidentText(incident)}: by ${named(incident.acknowledgedBy?.name ?? 'nobody')}${since}${end}`;
}

/** `alice: 7 pages for 3 incidents, 3 at night (2026-03-02: 2, 2026-03-04: 1)` */
function countLine({ person, pages, incidents, atNight, nights }: PageCount): string {
  const all = `${named(person)}: ${pages} ${pages === 1 ? 'page' : 'pages'} for ${incidents} ${incidents === 1 ? 'incident' : 'incidents'}`;
  if (atNight === 0) return `${all}, none at night`;
  const latest = nights.slice(-nightsPerPerson).map(({ night, pages: count }) => `${night}: ${count}`);
  const earlier = nights.length > nightsPerPerson ? 'earlier nights besides, ' : '';
  return `${all}, ${atNight} at night (${earlier}${latest.join(', ')})`;
}
