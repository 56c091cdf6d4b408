import type { Instant } from '../../kernel/instant.ts';
import { isExpiryNoticeDue } from '../../silence/expiry-notice.ts';
import type { Silence } from '../../silence/silence.ts';
import { isRejudgeDue, saveSilenceLookedAt } from '../../store/silence-store.ts';
import { ConditionFailed } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import { endWithItsAlert } from '../end-with-its-alert.ts';
import type { LaneMessage } from '../messages.ts';
import { requestRejudge } from '../rejudge.ts';

type LookDeps = Pick<Deps, 'table' | 'queues' | 'ids' | 'policy'>;

/** What is due of a silence since `dueAt`: the judging of what fires, the word to its author, its end with its alert. */
export async function lookAtSilence(deps: LookDeps, now: Instant, silence: Silence, dueAt: Instant): Promise<void> {
  if (isRejudgeDue(silence, dueAt, now)) await requestRejudge(deps, silence);
  if (isExpiryNoticeDue(silence, now)) await askForNotice(deps, silence);
  if (await endWithItsAlert(deps, silence, now)) return;
  try {
    await saveSilenceLookedAt(deps.table, silence, now, deps.policy);
  } catch (error) {
    // Somebody has just changed it and asked for the judging again: its new version has its own next instant.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** The vendor is called by its lane, which has retries of its own. */
async function askForNotice({ queues, ids }: LookDeps, { id, endsAt }: Silence): Promise<void> {
  const correlationId = ids.next();
  const message: LaneMessage = { kind: 'silence ends soon', correlationId, silenceId: id, endsAt, postponed: 0 };
  await queues.send('slack-updates', message);
}
