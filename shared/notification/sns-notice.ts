import { type Incident, incidentName } from '../incident/incident.ts';
import type { FallbackReason } from '../timeline/events.ts';
import { cleanLine, cleanLines, cutText } from './clean-text.ts';
import { readableUtc } from './escape-slack.ts';
import type { IncidentLinks } from './incident-links.ts';
import type { PageRow } from './page.ts';

/** What an SNS contact or the fallback is told, by e-mail and by SMS. */
export interface SnsNotice {
  /** Printable ASCII, at most 100 characters, begins with a letter: SNS refuses others (SNS API reference, Publish). */
  readonly subject: string;
  readonly text: string;
  /** Printable ASCII, at most 140 characters: one SMS, whatever the carrier's alphabet. */
  readonly sms: string;
}

/** A page to an SNS contact. SNS has no key for repeats, so a second sending says that it may be one. */
export function snsPageNotice(page: PageRow, incident: Incident, links: IncidentLinks): SnsNotice {
  const again = page.attempts > 1 ? ' (may be a repeat of the same page)' : '';
  return notice({
    subject: `${incident.severity} ${incidentName(incident.number)} ${cleanLine(incident.title)}`,
    lead: `${leadFor(page)} paged for ${incidentName(incident.number)}${again}.`,
    sms: `${incident.severity} ${incidentName(incident.number)}${again === '' ? '' : ' (repeat?)'}: ${cleanLine(incident.title)}`,
    details: [...incidentDetails(incident, links), `Why: ${cutText(cleanLine(page.why), 500)}`],
  });
}

/** A topic of a person may have other readers: they see who is meant. */
const leadFor = ({ pageTarget }: PageRow): string =>
  pageTarget.kind === 'person' ? `${cutText(cleanLine(pageTarget.person), 100)}, you are` : 'You are';

/** The last resort, for an incident that Tocsin could tell nobody else about. */
export function fallbackNotice(
  incident: Incident,
  reason: FallbackReason,
  target: string | null,
  links: IncidentLinks,
): SnsNotice {
  const name = incidentName(incident.number);
  return notice({
    subject: `FALLBACK ${incident.severity} ${name} ${cleanLine(incident.title)}`,
    lead: `${name} needs somebody: ${fallbackSentence(reason, target === null ? null : cutText(cleanLine(target), 200))}`,
    sms: `FALLBACK ${incident.severity} ${name} (${reason}): ${cleanLine(incident.title)}`,
    details: incidentDetails(incident, links),
  });
}

/** The last resort for trouble that belongs to no incident, such as an alert that could not be processed. */
export const troubleNotice = (sentence: string): SnsNotice =>
  notice({
    subject: `FALLBACK ${cleanLine(sentence)}`,
    lead: `Tocsin needs somebody: ${cutText(cleanLine(sentence), 1_000)}`,
    sms: `FALLBACK ${cleanLine(sentence)}`,
    details: [],
  });

function fallbackSentence(reason: FallbackReason, target: string | null): string {
  const whom = target === null ? 'a page' : `the page to ${target}`;
  switch (reason) {
    case 'deadline passed':
      return `${whom} was not handed over before its deadline.`;
    case 'dead-lettered':
      return `${whom} could not be processed.`;
    case 'target is gone':
      return `${whom} has nobody to go to any more.`;
    case 'nobody on call':
      return target === null ? 'a step found nobody to page.' : `a step found nobody to page as ${target}.`;
    case 'nobody acknowledged':
      return 'every step of its escalation policy was paged and nobody acknowledged.';
  }
}

const incidentDetails = (incident: Incident, links: IncidentLinks): readonly string[] => [
  `Title: ${cutText(cleanLine(incident.title), 500)}`,
  `Severity: ${incident.severity}, ${incident.status} since ${readableUtc(incident.triggeredAt)}`,
  `Service: ${incident.service ?? 'none named'}; owner: ${incident.owner ?? 'nobody'}`,
  `Firing: ${incident.firing} of ${incident.alertsTotal} alerts`,
  ...(links.runbook === null ? [] : [`Runbook: ${links.runbook}`]),
  ...(links.dashboard === null ? [] : [`Dashboard: ${links.dashboard}`]),
  ...(links.incident === null ? [] : [`Incident: ${links.incident}`]),
];

const notice = (parts: { subject: string; lead: string; sms: string; details: readonly string[] }): SnsNotice => ({
  subject: cutAscii(parts.subject, 100),
  text: cleanLines([parts.lead, ...parts.details].join('\n')),
  sms: cutAscii(parts.sms, 140),
});

/** Accents fall off, everything else outside of printable ASCII becomes a question mark. */
function cutAscii(text: string, max: number): string {
  const ascii = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '?');
  return ascii.length <= max ? ascii : `${ascii.slice(0, max - 3)}...`;
}
