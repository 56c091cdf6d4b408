import { formatMatchers } from '../alert/matcher.ts';
import { formatDuration } from '../config/duration.ts';
import { type Instant, secondsBetween } from '../kernel/instant.ts';
import type {
  PredictedCourse,
  PredictedIncident,
  PredictedMoment,
  PredictedPage,
  PredictedStep,
  Prediction,
} from './prediction.ts';
import { alignRows, showBoth } from './show-moment.ts';

/** Answers as plain lines, for a terminal at 03:00 and for Slack's code blocks. Texts of alerts are as they came. */

/** The answer about an alert, instants on the clocks of a zone and in UTC. */
export function showPrediction(prediction: Prediction, timeZone: string): readonly string[] {
  const { at, labels, source, policyHash, why, inhibitedBy } = prediction;
  const alert = formatMatchers(Object.entries(labels).map(([name, value]) => ({ name, operator: '=', value })));
  const head = [
    `Alert ${alert} of source ${source}`,
    `at ${showBoth(at, timeZone)} (${timeZone}), policy file ${policyHash}`,
    '',
  ];
  const inhibition =
    inhibitedBy.length === 0 ? [] : ['', `Another alert may hold it back: rule ${inhibitedBy.join(', ')}.`];
  if (prediction.outcome === 'suppressed') {
    const { by, until } = prediction;
    return [...head, `NOBODY IS TOLD: held back by ${by} until ${showBoth(until, timeZone)}`, `  because  ${why}`];
  }
  const told = prediction.incidents.flatMap((incident) => [...showIncident(incident, timeZone), '']);
  return [...head, ...told.slice(0, -1), ...inhibition];
}

function showIncident(incident: PredictedIncident, timeZone: string): readonly string[] {
  const { severity, routePath, service, owner, matchers, openedAt, joins } = incident;
  return [
    `${severity} by route ${routePath}, service ${service ?? 'unknown'}, owner ${owner ?? 'nobody'}`,
    `  route    ${matchers.length === 0 ? 'takes every alert that no other route takes' : formatMatchers(matchers)}`,
    ...(joins === undefined
      ? []
      : [
          `  BUT      ${joins.name} (${joins.severity}, ${joins.status}) has this alert's key now: the alert joins it, and pages only if it is worse`,
        ]),
    `  opens    ${showBoth(openedAt, timeZone)}`,
    ...showCourse(incident, timeZone),
  ];
}

/** What happens when nobody acts: for an incident that might be, and for one that there is. */
export function showCourse(course: PredictedCourse, timeZone: string): readonly string[] {
  const { escalationPolicy, chosenBy, moments, knownUntil, notTold, waits } = course;
  const rows = foldReminders(moments).flatMap((moment) =>
    moment.kind === 'step' ? stepRows(moment) : [eventRow(moment)],
  );
  const sorted = rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const lines = alignRows(sorted.map(({ at, cells }) => [showBoth(at, timeZone), ...cells]));
  const end = knownUntil === null ? 'then nothing more comes by itself' : `as far as ${showBoth(knownUntil, timeZone)}`;
  return [
    `  policy   ${escalationPolicy}, chosen by ${chosenBy}`,
    '',
    ...(lines.length === 0 ? ['  nobody is told'] : lines.map((line) => `  ${line}`)),
    `  ${end}`,
    ...(waits === undefined
      ? []
      : [`  step ${waits.step} waits for working hours, until ${showBoth(waits.until, timeZone)}`]),
    ...deadlineLine(moments.flatMap((moment) => (moment.kind === 'step' ? moment.pages : []))),
    ...(notTold.length === 0 ? [] : ['', '  Not told', ...showOthers(notTold, timeZone)]),
  ];
}

/** Instants in the reasons, too, are read on the clocks of the zone. */
const showOthers = (notTold: PredictedCourse['notTold'], timeZone: string): readonly string[] =>
  alignRows(
    notTold.map(({ person, because }) => [
      `    ${person}`,
      because.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => showBoth(at, timeZone)),
    ]),
  );

/** The same sentence over and over is said once, with how often it comes. */
function foldReminders(moments: readonly PredictedMoment[]): readonly PredictedMoment[] {
  return moments.flatMap((moment, index): readonly PredictedMoment[] => {
    if (moment.kind !== 'event') return [moment];
    const isSame = (each: PredictedMoment) => each.kind === 'event' && each.sentence === moment.sentence;
    const same = moments.filter(isSame);
    if (same.length < 3) return [moment];
    const { sentence } = moment;
    return moments.findIndex(isSame) === index ? [{ ...moment, sentence: `${sentence} (${same.length} times)` }] : [];
  });
}

interface Row {
  readonly at: Instant;
  readonly cells: readonly string[];
}

const eventRow = ({ at, sentence }: { readonly at: Instant; readonly sentence: string }): Row => ({
  at,
  cells: ['', sentence],
});

function stepRows(moment: PredictedStep): readonly Row[] {
  const { at, step, round, pages, informs, skipped } = moment;
  const label = round === 1 ? `step ${step}` : `step ${step} again`;
  const told: Row[] = [
    ...pages.map((page) => ({ at: page.sentAt, cells: [label, pageText(page, at)] })),
    ...informs.map((channel) => ({ at, cells: [label, `tells ${channel}, wakes nobody`] })),
    ...skipped.map(({ who, reason }) => ({ at, cells: [label, `not ${who}: ${reason}`] })),
  ];
  return told.length > 0 ? told : [{ at, cells: [label, 'has nobody to tell'] }];
}

function pageText({ who, by, because, sentAt, cancelledAt }: PredictedPage, at: Instant): string {
  const way = by === who ? '' : ` by ${by}`;
  const rule = because === null ? '' : ` (${because})`;
  if (cancelledAt !== undefined) return `does not page ${who}${way}${rule}: acknowledged before`;
  const later =
    sentAt === at ? '' : `, ${formatDuration(secondsBetween(at, sentAt))} after the step unless acknowledged`;
  return `pages ${who}${way}${rule}${later}`;
}

function deadlineLine(pages: readonly PredictedPage[]): readonly string[] {
  const [first] = pages;
  if (first === undefined) return [];
  const within = formatDuration(secondsBetween(first.sentAt, first.deadlineAt));
  return [`  a page that is not handed over within ${within} goes to the fallback`];
}
