import type { IncidentStatus } from '../incident/incident.ts';
import { isWorse } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import type { PageRow } from '../notification/page.ts';
import { describeEvent } from './describe.ts';
import { describeTarget } from './describe-target.ts';
import type { Commit, IncidentEvent } from './events.ts';

/** One answer to "why did I get this page, and why not that one". */
export interface WhyLine {
  readonly at: Instant;
  /** What happened, then what it meant for pages, each a sentence. */
  readonly text: string;
}

/**
 * Explains each page and each non-page of an incident (promise 5), oldest first, from its timeline and its page ledger:
 * the rule that decided, and what became of each page.
 */
export function explainPages(commits: readonly Commit[], pages: readonly PageRow[]): readonly WhyLine[] {
  const acknowledgedAt = acknowledgements(commits);
  const lines: WhyLine[] = [];
  let status: IncidentStatus = 'triggered';
  for (const commit of commits.filter(({ part }) => part === '')) {
    for (const event of commit.events) {
      const meaning = explainEvent(event, commit, status);
      status = statusAfter(event, status);
      if (meaning === null) continue;
      lines.push({ at: commit.at, text: `${describeEvent(event, commit)} ${meaning}`.trim() });
      for (const row of rowsOf(event, commit, pages)) {
        lines.push({ at: row.endedAt ?? row.owedAt, text: explainPage(row, acknowledgedAt.get(row.generation)) });
      }
    }
  }
  return lines;
}

function rowsOf(event: IncidentEvent, { generation }: Commit, pages: readonly PageRow[]): readonly PageRow[] {
  if (event.type !== 'IncidentEscalated') return [];
  const { step, round } = event;
  return pages.filter((row) => row.generation === generation && row.step === step && row.round === round);
}

/** Null: the event says nothing about pages. */
function explainEvent(event: IncidentEvent, commit: Commit, status: IncidentStatus): string | null {
  switch (event.type) {
    case 'IncidentEscalated':
      return event.why;
    case 'AlertsJoined':
      return explainJoined(commit, status);
    case 'AlertsSuppressed':
      return 'A silenced alert pages nobody.';
    case 'FlappingBegan':
      return 'While it flaps, its further beginnings page nobody.';
    case 'IncidentAcknowledged':
      return event.renews
        ? 'Still nobody is paged for this generation.'
        : 'From here on nobody is paged for this generation.';
    case 'IncidentResolved':
      return 'From here on nobody is paged, unless it is re-opened.';
    case 'DeadlineMissed':
      return event.pages ? '' : 'A reminder: it pages nobody.';
    case 'AcknowledgementExpiring':
      return 'Nobody is paged for it as long as it lasts.';
    case 'PolicyMoved':
      return 'The move pages nobody; what comes next goes by the new policy file.';
    case 'SeverityChanged':
      return isWorse(event.to, event.from) ? '' : 'A lowering pages nobody.';
    case 'GenerationStarted':
      return 'People are paged anew.';
    case 'IncidentReopened':
    case 'IncidentTriggered':
    case 'AcknowledgementExpired':
    case 'FallbackPaged':
      return '';
    default:
      return null;
  }
}

function explainJoined(commit: Commit, status: IncidentStatus): string | null {
  const decides = commit.events.some(({ type }) => type === 'IncidentTriggered' || type === 'GenerationStarted');
  if (decides) return null;
  if (status === 'acknowledged') return 'No page, because the incident is acknowledged and the severity did not rise.';
  if (status === 'resolved') return 'No page, because the incident is resolved and its firing alerts are held.';
  return 'No page of their own, because the incident pages by its escalation steps.';
}

function statusAfter(event: IncidentEvent, status: IncidentStatus): IncidentStatus {
  switch (event.type) {
    case 'IncidentTriggered':
    case 'GenerationStarted':
      return 'triggered';
    case 'IncidentAcknowledged':
      return 'acknowledged';
    case 'IncidentResolved':
      return 'resolved';
    case 'IncidentClosed':
      return 'closed';
    default:
      return status;
  }
}

/** By generation: an acknowledgement is a latch, so the first of each counts; others only renew it. */
const acknowledgements = (commits: readonly Commit[]): ReadonlyMap<number, Instant> =>
  new Map(
    commits.flatMap(({ generation, at, events }) =>
      events.some((event) => event.type === 'IncidentAcknowledged' && !event.renews) ? [[generation, at] as const] : [],
    ),
  );

function explainCancelled({ endReason }: PageRow): string {
  if (endReason === 'severity never pages') return 'the severity was changed to one that never pages';
  return `the incident was ${endReason === 'superseded' ? 'triggered again' : endReason}`;
}

function explainPage(row: PageRow, acknowledgedAt: Instant | undefined): string {
  const page = `Page to ${describeTarget(row.pageTarget)} (step ${row.step}, round ${row.round})`;
  switch (row.state) {
    case 'pending':
      return `${page}: waits ${explainWaiting(row)}; the fallback is paged at ${row.deadlineAt}.`;
    case 'claimed':
      return `${page}: being sent since ${row.claimedAt}.`;
    case 'unknown':
      return `${page}: sent at ${row.claimedAt} without an answer; it is looked up before it is sent again.`;
    case 'handed over':
      return `${page}: handed over at ${row.endedAt}.${explainLateArrival(row, acknowledgedAt)}`;
    case 'cancelled':
      return `${page}: not sent, because ${explainCancelled(row)}.`;
    case 'fallback':
      return `${page}: the fallback was paged in its place at ${row.endedAt} (${row.endReason}).`;
  }
}

const explainWaiting = ({ notBeforeAt }: PageRow): string =>
  notBeforeAt === undefined ? 'to be sent' : `until ${notBeforeAt}, as a later contact method`;

function explainLateArrival({ claimedAt, endedAt }: PageRow, acknowledgedAt: Instant | undefined): string {
  if (acknowledgedAt === undefined || claimedAt === null || endedAt === null) return '';
  if (!(claimedAt < acknowledgedAt && acknowledgedAt < endedAt)) return '';
  return ` Claimed before the acknowledgement (at ${claimedAt}), so it arrived after it.`;
}
