import { type AlertSummary, type Incident, incidentName } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import { codeMrkdwn, dateMrkdwn, escapeMrkdwn, escapeMrkdwnLines, linkMrkdwn } from './escape-slack.ts';
import type { IncidentLinks } from './incident-links.ts';
import { nextPage } from './next-page.ts';
import { ownLabels, sharedLabels } from './shared-labels.ts';
import { incidentButtons } from './slack-buttons.ts';
import { context, fieldsSection, header, type SlackBlock, section } from './slack-message.ts';

const severityMark: Readonly<Record<Severity, string>> = { SEV1: '🔴', SEV2: '🟠', SEV3: '🟡', SEV4: '🔵' };

/**
 * What Slack shows of an incident, in at most 12,000 characters whatever the alerts hold. The bounds of the parts: title
 * 400, fields 7 x 350, labels 8 x 130, samples 5 x 540, links 2,400, public text 500; a test holds their sum.
 */
export function incidentBlocks(incident: Incident, links: IncidentLinks): readonly SlackBlock[] {
  const buttons = incidentButtons(incident);
  return [
    header(headline(incident)),
    section(`*${escapeMrkdwn(incident.title, 400) || 'Untitled'}*`),
    fieldsSection(fieldsOf(incident)),
    ...firingSection(incident),
    ...linksSection(links),
    ...publicUpdate(incident),
    ...(buttons === null ? [] : [buttons]),
    context(
      `Policy file ${codeMrkdwn(incident.pinned.policyHash, 40)}, route ${codeMrkdwn(incident.routePath, 100)}, ` +
        `source ${codeMrkdwn(incident.source, 100)}. Ask \`/incident why ${incident.number}\``,
    ),
  ];
}

/** `🔴 SEV1 INC-42 triggered`: plain text, so it holds no word of an alert. */
export const headline = (incident: Incident): string =>
  incident.status === 'resolved' || incident.status === 'closed'
    ? `✅ ${incidentName(incident.number)} ${incident.status} (was ${incident.severity})`
    : `${severityMark[incident.severity]} ${incident.severity} ${incidentName(incident.number)} ${incident.status}`;

function fieldsOf(incident: Incident): readonly string[] {
  return [
    field('Service', incident.service === null ? 'none named' : escapeMrkdwn(incident.service, 200)),
    field('Owner', incident.owner === null ? 'nobody' : escapeMrkdwn(incident.owner, 200)),
    field('Firing', `${incident.firing} of ${incident.alertsTotal} alerts`),
    field(
      'Since',
      dateMrkdwn(incident.openedAt) + (incident.reopenings > 0 ? `, reopened ${incident.reopenings}×` : ''),
    ),
    ...progressFields(incident),
    ...flappingField(incident),
  ];
}

function flappingField({ flapping }: Incident): readonly string[] {
  if (flapping === undefined) return [];
  const { alerts, since, transitions } = flapping;
  const who = alerts === 1 ? '1 alert' : `${alerts} alerts`;
  return [field('Flapping', `${who} since ${dateMrkdwn(since)}, ${transitions} changes; held open until calm`)];
}

function progressFields(incident: Incident): readonly string[] {
  switch (incident.status) {
    case 'triggered':
      return [field('Next page', nextPageText(incident))];
    case 'acknowledged':
      return [
        field('Acknowledged', `${whoAndWhen(incident.acknowledgedBy?.name, incident.acknowledgedAt)}`),
        ...(incident.dueAt === null ? [] : [field('Acknowledgement expires', dateMrkdwn(incident.dueAt))]),
      ];
    case 'resolved':
    case 'closed':
      return [
        field(
          'Resolved',
          `${whoAndWhen(incident.resolvedBy?.name, incident.resolvedAt)}${incident.resolveReason === null ? '' : ` (${incident.resolveReason})`}`,
        ),
        ...(incident.heldUntil === null || incident.status === 'closed'
          ? []
          : [field('Opens again', `${dateMrkdwn(incident.heldUntil)}, if alerts still fire then`)]),
      ];
  }
}

function nextPageText(incident: Incident): string {
  const next = nextPage(incident);
  if (next === null) return incident.pinned.pages === 'never' ? `nobody (${incident.severity} never pages)` : 'nobody';
  const targets = escapeMrkdwn(next.targets.join(', ') || 'nobody', 200);
  return `${targets} ${dateMrkdwn(next.at)} (${next.repeated ? 'repeat of step' : 'step'} ${next.step})`;
}

const field = (name: string, value: string) => `*${name}*\n${value}`;

const whoAndWhen = (name: string | undefined, at: string | null) =>
  `${escapeMrkdwn(name ?? 'unknown', 150)}${at === null ? '' : ` ${dateMrkdwn(at)}`}`;

const shownLabels = 8;
const shownSamples = 5;

function firingSection(incident: Incident): readonly SlackBlock[] {
  const shared = sharedLabels(incident.sample);
  const labels = Object.entries(shared).slice(0, shownLabels);
  const samples = incident.sample.slice(0, shownSamples);
  const unseen = incident.firing - samples.length;
  const lines = samples.map((each) => sampleLine(each, shared));
  return [
    ...(labels.length === 0
      ? []
      : [section(labels.map(([name, value]) => codeMrkdwn(`${name}=${value}`, 125)).join(' '))]),
    ...(lines.length === 0
      ? []
      : [section([...lines, ...(unseen > 0 ? [`…and ${unseen} more firing`] : [])].join('\n'))]),
  ];
}

/** At most 540 characters: 125 of labels, 250 of summary, 70 of value, the rest are dates and marks. */
function sampleLine(sample: AlertSummary, shared: AlertSummary['labels']): string {
  const own = Object.entries(ownLabels(sample, shared)).map(([name, value]) => `${name}=${value}`);
  const { summary, description, value } = sample.annotations;
  const words = summary ?? description;
  return [
    '•',
    ...(own.length === 0 ? [] : [codeMrkdwn(own.join(' '), 120)]),
    ...(words ? [escapeMrkdwn(words, 250)] : []),
    ...(value ? [`(value ${codeMrkdwn(value, 60)})`] : []),
    `since ${dateMrkdwn(sample.startsAt)}`,
  ].join(' ');
}

/** As many links as fit into 2,400 characters, the most useful first: a Prometheus query can be as long as the limit. */
function linksSection(links: IncidentLinks): readonly SlackBlock[] {
  const labelled = [
    { address: links.runbook, label: 'Runbook' },
    { address: links.dashboard, label: 'Dashboard' },
    { address: links.incident, label: 'Incident' },
    { address: links.generator, label: 'Query' },
  ];
  const text = labelled.reduce((line, { address, label }) => {
    const link = address === null ? '' : linkMrkdwn(address, label);
    return link === '' || line.length + link.length > 2_400 ? line : line === '' ? link : `${line} · ${link}`;
  }, '');
  return text === '' ? [] : [section(text)];
}

const publicUpdate = ({ statusUpdate }: Incident): readonly SlackBlock[] =>
  statusUpdate === null
    ? []
    : [
        section(
          `*Public status: ${statusUpdate.status}* ${dateMrkdwn(statusUpdate.at)}\n${escapeMrkdwnLines(statusUpdate.text, 500)}`,
        ),
      ];
