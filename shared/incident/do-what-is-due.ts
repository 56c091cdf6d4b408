import { beginsRound, nextStep, type StepToRun } from '../escalation/next-due.ts';
import { interrupts } from '../escalation/step-target.ts';
import { nextWorkingInstant } from '../escalation/working-hours.ts';
import { earliest } from '../kernel/instant.ts';
import { addEvents, type Draft, setTimer } from './draft.ts';
import { type Due, duesOf } from './dues.ts';
import type { Incident } from './incident.ts';
import { reopen } from './reopen.ts';
import { closeDraft } from './resolve.ts';
import { runDueSteps, runStep, startGeneration } from './run-steps.ts';

/**
 * Does everything whose instant has come, in one commit: first, in order, what is only told, then the step, the expiry, the
 * hold's end or the closing. So a timer that is late tells a missed deadline before the step that it brings, and never
 * runs two steps because of its own delay. `goesOn`: the running timer itself asked.
 */
export function doWhatIsDue(draft: Draft, goesOn: boolean): Draft {
  const due = firstDue(draft);
  if (due === null) return setTimer(draft, draft.incident.dueAt, goesOn);
  const { incident, context } = draft;
  switch (due.kind) {
    case 'acknowledge deadline':
      return missAcknowledgement(draft, goesOn);
    case 'resolve deadline':
      return missResolve(draft, goesOn);
    case 'acknowledgement expiring':
    case 'update due':
      return doWhatIsDue(remind(draft, due.kind), goesOn);
    case 'step': {
      const next = nextStep(incident.pinned, incident.escalation);
      if (next === null) return setTimer(draft, null, goesOn);
      return runDueSteps(runStep(draft, next, causeOf(incident, next)), context.now, goesOn);
    }
    case 'acknowledgement expires':
      return runDueSteps(
        startGeneration(addEvents(draft, { type: 'AcknowledgementExpired' }), 'acknowledgement expired'),
      );
    case 'hold ends':
      return reopen(draft, 'hold ended', null);
    case 'closing':
      return closeDraft(draft, goesOn);
  }
}

/** An acknowledgement that has expired is neither announced nor asked for updates any more. */
function firstDue({ incident, context }: Draft): Due | null {
  const passed = duesOf(incident).filter(({ at }) => at <= context.now);
  const own = passed.find((due) => !isTold(due)) ?? null;
  const expired = own?.kind === 'acknowledgement expires' ? own.at : null;
  const worthTelling = ({ kind, at }: Due) =>
    expired === null || !(kind === 'acknowledgement expiring' || (kind === 'update due' && at >= expired));
  return passed.find((due) => isTold(due) && worthTelling(due)) ?? own;
}

const isTold = ({ kind }: Due): boolean =>
  kind === 'resolve deadline' ||
  kind === 'acknowledge deadline' ||
  kind === 'acknowledgement expiring' ||
  kind === 'update due';

function remind(draft: Draft, kind: 'acknowledgement expiring' | 'update due'): Draft {
  const { acknowledgedBy, dueAt, pinned } = draft.incident;
  if (kind === 'update due') {
    return addEvents(draft, { type: 'UpdateDue', everySeconds: pinned.updateEverySeconds ?? 0, acknowledgedBy });
  }
  return addEvents(draft, { type: 'AcknowledgementExpiring', expiresAt: dueAt ?? draft.context.now, acknowledgedBy });
}

/** Where the severity pages for it, the step that comes next runs now; pages of working hours wait for those. */
function missAcknowledgement(draft: Draft, goesOn: boolean): Draft {
  const { pinned } = draft.incident;
  const pages = pagesForDeadlines(draft.incident) && !waitsForHold(draft.incident);
  const withinSeconds = pinned.acknowledgeWithinSeconds;
  const missed = addEvents(draft, { type: 'DeadlineMissed', deadline: 'acknowledge', withinSeconds, pages });
  const next = nextStep(pinned, draft.incident.escalation);
  if (!pages || next === null) return doWhatIsDue(missed, goesOn);
  const { now, policy } = draft.context;
  const waits = pinned.pages === 'working hours' && pinned.escalation.steps[next.step - 1]?.targets.some(interrupts);
  const runsAt = waits ? nextWorkingInstant(policy.workingHours, now) : now;
  if (runsAt <= now) return runDueSteps(runStep(missed, next, 'deadline'), now, goesOn);
  return setTimer(missed, earliest(runsAt, missed.incident.dueAt ?? runsAt), goesOn);
}

/** Where nothing is repeated, a deadline that waited for working hours brought this step. */
const causeOf = ({ pinned, escalation }: Incident, next: StepToRun): 'timer' | 'deadline' =>
  pinned.escalation.repeatEverySeconds === null && beginsRound(next, escalation) ? 'deadline' : 'timer';

/** Who acknowledged has had the time that the severity gives: where it pages for it, the acknowledgement ends. */
function missResolve(draft: Draft, goesOn: boolean): Draft {
  const { pinned, status } = draft.incident;
  const pages = status === 'acknowledged' && pagesForDeadlines(draft.incident);
  const withinSeconds = pinned.resolveWithinSeconds ?? 0;
  const missed = addEvents(draft, { type: 'DeadlineMissed', deadline: 'resolve', withinSeconds, pages });
  return pages ? runDueSteps(startGeneration(missed, 'resolve deadline passed')) : doWhatIsDue(missed, goesOn);
}

const pagesForDeadlines = ({ pinned }: Incident): boolean =>
  pinned.missedDeadline === 'page' && pinned.pages !== 'never';

/** Its first step has been held back since it was re-opened: a deadline does not shorten that. */
const waitsForHold = ({ escalation, firstStepPagedAt }: Incident): boolean =>
  escalation.stepsDone === 0 && firstStepPagedAt !== null;
