import type { OwedPage } from '../notification/page.ts';
import { describeTarget } from './describe-target.ts';
import type { IncidentEvent, SkippedTarget } from './events.ts';

/** Whom a step told and whom it did not, each with the reason. */
export function describeEscalation({
  step,
  round,
  cause,
  by,
  pages,
  informedChannels,
  skipped,
}: Extract<IncidentEvent, { type: 'IncidentEscalated' }>): string {
  const told = [
    ...(pages.length > 0 ? [`pages ${pages.map(describePage).join(', ')}`] : []),
    ...(informedChannels.length > 0 ? [`informs channel ${informedChannels.join(', ')}`] : []),
    ...skipped.map(describeSkipped),
  ];
  const again = round > 1 ? `, round ${round}` : '';
  const who = cause === 'manual' ? ` (asked for by ${by.name})` : '';
  return `Escalation step ${step}${again}${who}: ${told.length > 0 ? told.join('; ') : 'has nobody to tell'}.`;
}

/** Such as `alice by contact alice-phone at 2026-... (layer nights of schedule platform)`. */
function describePage({ target, notBeforeAt, because }: OwedPage): string {
  const later = notBeforeAt === undefined ? '' : ` at ${notBeforeAt}`;
  return `${describeTarget(target)}${later}${because === undefined ? '' : ` (${because})`}`;
}

/** The detail says what the reason says, and more. */
const describeSkipped = ({ named, reason, detail }: SkippedTarget): string => `skips ${named} (${detail ?? reason})`;
