import { addSeconds, fromEpochMillis } from '#shared/kernel/instant.ts';
import { type OwedPage, targetKey } from '#shared/notification/page.ts';
import type { Commit, IncidentEvent } from '#shared/timeline/events.ts';
import type { ReferencePlan } from './reference-step.ts';

/** One step that ran, in words that both sides can say: whom it pages when, whom it informs, whom not and why. */
export interface RanStep {
  readonly generation: number;
  readonly step: number;
  readonly round: number;
  readonly cause: 'timer' | 'manual' | 'deadline';
  readonly at: string;
  readonly pages: readonly string[];
  readonly informs: readonly string[];
  readonly skips: readonly string[];
  readonly fallbacks: readonly string[];
}

const pageWords = (key: string, deadlineAt: string, notBeforeAt: string | undefined): string =>
  `${key} by ${deadlineAt}${notBeforeAt === undefined ? '' : ` not before ${notBeforeAt}`}`;

/** As the reference says it. */
export function wordsOfStep(
  incident: {
    readonly generation: number;
    readonly now: number;
    readonly pins: { readonly row: { readonly pageDeadlineSeconds: number } };
  },
  { step, round }: { readonly step: number; readonly round: number },
  cause: RanStep['cause'],
  plan: ReferencePlan,
  fallbacks: readonly string[],
): RanStep {
  const at = fromEpochMillis(incident.now);
  const pages = plan.pages.map(({ key, afterSeconds }) => {
    const from = fromEpochMillis(incident.now + afterSeconds * 1000);
    const deadlineAt = addSeconds(from, incident.pins.row.pageDeadlineSeconds);
    return pageWords(key, deadlineAt, afterSeconds === 0 ? undefined : from);
  });
  return {
    generation: incident.generation,
    step,
    round,
    cause,
    at,
    pages: pages.sort(),
    informs: [...plan.channels].sort(),
    skips: [...plan.skipped].sort(),
    fallbacks,
  };
}

/** As the product's commit says it; what is only told is a word. */
export function wordsOf({ events, at }: Commit, generationBefore: number): readonly (RanStep | string)[] {
  const told: (RanStep | string)[] = [];
  let generation = generationBefore;
  for (const event of events) {
    if (event.type === 'GenerationStarted') generation = event.generation;
    const last = told.at(-1);
    if (event.type === 'FallbackPaged' && typeof last === 'object') {
      told[told.length - 1] = { ...last, fallbacks: [...last.fallbacks, event.reason] };
    } else if (event.type === 'IncidentEscalated') told.push(stepOf(event, generation, at));
    else told.push(...reminderOf(event));
  }
  return told;
}

function reminderOf(event: IncidentEvent): readonly string[] {
  if (event.type === 'AcknowledgementExpiring') return ['expires soon'];
  if (event.type === 'UpdateDue') return ['update due'];
  if (event.type !== 'DeadlineMissed') return [];
  return [`${event.deadline} deadline${event.pages ? ', pages' : ''}`];
}

function stepOf(event: Extract<IncidentEvent, { type: 'IncidentEscalated' }>, generation: number, at: string): RanStep {
  const { step, round, cause, pages, informedChannels, skipped } = event;
  const words = ({ target, deadlineAt, notBeforeAt }: OwedPage) =>
    pageWords(targetKey(target), deadlineAt, notBeforeAt);
  const held = ['already triggered in this generation', 'severity never pages'];
  return {
    generation,
    step,
    round,
    cause,
    at,
    pages: pages.map(words).sort(),
    informs: [...informedChannels].sort(),
    skips: skipped
      .map(({ reason, target }) =>
        held.includes(reason) && target !== null ? `${reason} ${targetKey(target)}` : reason,
      )
      .sort(),
    fallbacks: [],
  };
}
