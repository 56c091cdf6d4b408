import { type Incident, incidentName } from '../incident/incident.ts';
import { type Instant, secondsBetween } from '../kernel/instant.ts';
import { readableUtc } from '../notification/escape-slack.ts';
import type { PageRow } from '../notification/page.ts';
import { describeEvent } from '../timeline/describe.ts';
import { describeTarget } from '../timeline/describe-target.ts';
import type { Commit } from '../timeline/events.ts';
import { escapeMarkdown } from './escape-markdown.ts';

/** All that is known of one incident; commits and pages oldest first. */
export interface PostmortemInput {
  readonly incident: Incident;
  readonly commits: readonly Commit[];
  readonly pages: readonly PageRow[];
  readonly now: Instant;
}

/**
 * The first draft of the blameless account, as Markdown. Each line of the timeline cites its commit, so that every fact
 * can be checked; what only people know is left as questions. The same input gives the same text.
 */
export function draftPostmortem({ incident, commits, pages, now }: PostmortemInput): string {
  const name = incidentName(incident.number);
  return `${[
    `# Postmortem of ${name}: ${escapeMarkdown(incident.title)}`,
    `_Draft of ${readableUtc(now)}, from version ${incident.version} of the timeline. It is about causes, not culprits: assume that everybody did their best with what they knew then._`,
    '## Summary',
    summaryTable(incident, now),
    '## What happened',
    '_In two or three sentences for somebody who was not there: what broke, who felt it, what ended it._',
    '## Timeline',
    timeline(commits),
    '## Who was paged',
    pageTable(pages),
    prompts,
    '## Action items',
    '| Action | Kind (prevent, detect, soften) | Owner | Due |\n| --- | --- | --- | --- |\n|  |  |  |  |',
  ].join('\n\n')}\n`;
}

function summaryTable(incident: Incident, now: Instant): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Severity', incident.severity],
    ['Status', incident.status],
    ['Service', incident.service === null ? 'none named' : escapeMarkdown(incident.service)],
    ['Owner', incident.owner === null ? 'nobody' : escapeMarkdown(incident.owner)],
    ['Began', readableUtc(incident.openedAt)],
    [
      'Time to acknowledge',
      timeTo(
        incident.openedAt,
        incident.firstAcknowledgedAt,
        incident.resolvedAt === null ? 'not acknowledged yet' : 'never acknowledged',
      ),
    ],
    ['Time to resolve', timeTo(incident.openedAt, incident.resolvedAt, `open for ${spent(incident.openedAt, now)}`)],
    ['Resolved', resolvedText(incident)],
    ['Alerts', `${incident.alertsTotal} in all, ${incident.firing} firing`],
    ['Opened again', String(incident.reopenings)],
    ['Decided by', `route ${escapeMarkdown(incident.routePath)}, policy file ${incident.pinned.policyHash}`],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([label, value]) => `| ${label} | ${value} |`)].join('\n');
}

const timeTo = (from: Instant, to: Instant | null, otherwise: string) => (to === null ? otherwise : spent(from, to));

function resolvedText(incident: Incident): string {
  if (incident.resolvedAt === null) return 'not yet';
  const by = incident.resolvedBy === null ? '' : ` by ${escapeMarkdown(incident.resolvedBy.name)}`;
  return `${readableUtc(incident.resolvedAt)}${by}${incident.resolveReason === null ? '' : ` (${incident.resolveReason})`}`;
}

/** `1 h 5 min`, `4 min 30 s`, `12 s`: the two largest units. */
function spent(from: Instant, to: Instant): string {
  const seconds = Math.max(0, Math.round(secondsBetween(from, to)));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/**
 * Each event with its commit: `c7` is the commit of version 7. Timers are machinery and told by what they caused; that an update
 * is due would be told again and again.
 */
function timeline(commits: readonly Commit[]): string {
  const lines = commits.flatMap((commit) =>
    commit.events
      .filter(({ type }) => type !== 'TimerSet' && type !== 'UpdateDue')
      .map(
        (event) => `- ${exactUtc(commit.at)} ${escapeMarkdown(describeEvent(event, commit), 1_000)} (${cite(commit)})`,
      ),
  );
  return lines.length === 0 ? 'Nothing is stored.' : lines.join('\n');
}

/** Seconds count when people ask who knew what first. */
const exactUtc = (at: Instant) => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;

const cite = (commit: Commit) =>
  commit.part === '' ? `c${commit.version}` : `c${commit.version} ${escapeMarkdown(commit.part, 80)}`;

function pageTable(pages: readonly PageRow[]): string {
  if (pages.length === 0) return 'Nobody was paged.';
  const rows = pages.map(
    (page) =>
      `| ${exactUtc(page.owedAt)} | ${escapeMarkdown(describeTarget(page.target))} | ${page.generation}, ${page.step}, ${page.round} | ${outcome(page)} | ${escapeMarkdown(page.why)} |`,
  );
  return ['| Owed | To | Generation, step, round | Outcome | Why |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

const outcome = (page: PageRow): string =>
  `${page.state}${page.endReason === null ? '' : ` (${page.endReason})`}${page.endedAt === null ? '' : ` after ${spent(page.owedAt, page.endedAt)}`}`;

const prompts = [
  '## Impact',
  '_Who noticed, how many, for how long, and what could they not do? How do we know?_',
  '## Causes',
  '_What had to be true together for this to happen? What made it possible, and what set it off? Ask "how", not "who"._',
  '## Detection and response',
  '_Did the first alert tell the truth? Did the right people know in time? What did they have to find out that a runbook could have said? What slowed them down?_',
  '## What went well',
  '_What limited the damage, and was it luck?_',
].join('\n\n');
