import { formatDuration } from '../../config/duration.ts';
import { addSeconds } from '../../kernel/instant.ts';
import { parseSilenceWish, type SilenceWish } from '../../notification/parse-silence-command.ts';
import { sharedLabels } from '../../notification/shared-labels.ts';
import { answerHelp } from '../../notification/slack-command-answers.ts';
import type { SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import {
  answerCannotBe,
  answerEnded,
  answerMade,
  answerNothingFires,
  answerNothingShared,
  answerProposal,
  answerSilences,
  answerTooLongForButton,
} from '../../notification/slack-silence-answers.ts';
import { type ProposedSilence, proposedValue } from '../../notification/slack-silence-buttons.ts';
import { createSilence, expireSilence, type SilenceDecision } from '../../silence/decide-silence.ts';
import { warningsOf } from '../../silence/guard-rails.ts';
import type { MatcherSet } from '../../silence/silence.ts';
import { listFiringAlerts } from '../../store/firing-alerts.ts';
import { loadIncident } from '../../store/incident-store.ts';
import { loadSilence, loadSilences, loadSilencesById, saveSilences } from '../../store/silence-store.ts';
import { ConditionFailed } from '../../store/table.ts';
import { decideAgain, type TryLimits } from '../decide-again.ts';
import { sendRejudge } from '../rejudge.ts';
import { saveDecision } from '../save-silence.ts';
import { loadFiring, reachAmong } from '../silence-reach.ts';
import type { CarryOutDeps, PersonsCommand } from './carry-out.ts';
import { answerNoSuchIncident, findTarget, type Haste } from './find-target.ts';

/** What people type and press about silences: loaded with the first of them, so that whoever acknowledges does not wait. */

type By = Pick<PersonsCommand, 'actor' | 'commandId'>;

/** Within a request so many alerts are read at once; where more fire, the worker looks. */
const alertsInHaste = 1_000;

/** Says what it would hide, with the button that makes it. Nothing is stored. Three calls in sequence. */
export async function propose(
  deps: CarryOutDeps,
  { actor }: By,
  text: string,
  haste: Haste,
): Promise<SlackAnswer | null> {
  const read = parseSilenceWish(text);
  if (!read.ok) return answerHelp(read.problem);
  const wish = read.value;
  const most = haste === 'within a request' ? alertsInHaste : Number.POSITIVE_INFINITY;
  const [wanted, firing] = await Promise.all([findMatchers(deps, wish.what, haste), loadFiring(deps, most)]);
  if (wanted === null) return null;
  if ('text' in wanted) return wanted;
  const now = deps.clock.now();
  const proposed = { id: deps.ids.uuid(), matchers: wanted.matchers, seconds: wish.seconds, comment: wish.comment };
  const decision = decideMake(proposed, actor.name, now);
  if (decision.outcome !== 'accepted') return cannotBe(decision);
  const value = proposedValue(proposed);
  if (value === null) return answerTooLongForButton();
  if (firing === null) return null;
  const reach = await reachAmong(deps, decision.silence, firing);
  const warnings = warningsOf(decision.silence, reach, now);
  return answerProposal(decision.silence, wish.seconds, reach, { warnings, value });
}

/** An answer when the incident cannot be told or shares nothing; null when it takes more calls than a request has. */
async function findMatchers(
  { table }: CarryOutDeps,
  what: SilenceWish['what'],
  haste: Haste,
): Promise<{ readonly matchers: MatcherSet } | SlackAnswer | null> {
  if ('matchers' in what) return what;
  const target = await findTarget(table, what.incident, haste);
  if (target.found !== 'one') return target.found === 'none' ? target.answer : null;
  const incident = await loadIncident(table, target.id);
  if (incident === null) return answerNoSuchIncident(what.incident);
  if (incident.sample.length === 0) return answerNothingFires(incident.number);
  const shared = Object.entries(sharedLabels(incident.sample)).filter(([, value]) => value !== '');
  if (shared.length === 0) return answerNothingShared(incident.number);
  return { matchers: shared.map(([name, value]) => ({ name, operator: '=', value })) };
}

const decideMake = (
  { id, matchers, seconds, comment }: ProposedSilence,
  createdBy: string,
  now: string,
): SilenceDecision =>
  createSilence(
    {
      matchers,
      startsAt: now,
      endsAt: addSeconds(now, seconds),
      createdBy,
      comment: comment === '' ? `from Slack, for ${formatDuration(seconds)}` : comment,
    },
    { now, id },
  );

const cannotBe = (decision: SilenceDecision): SlackAnswer =>
  answerCannotBe(decision.outcome === 'rejected' ? decision.problem : 'nothing changed');

/** The time runs from the press on. A second press, or the worker after a lost answer, finds it made. */
export async function make(deps: CarryOutDeps, { actor }: By, proposed: ProposedSilence): Promise<SlackAnswer> {
  const decision = decideMake(proposed, actor.name, deps.clock.now());
  if (decision.outcome !== 'accepted') return cannotBe(decision);
  try {
    await saveDecision(deps, null, decision);
    return answerMade(decision.silence, false);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const made = await loadSilence(deps.table, proposed.id);
    if (made === null) throw error;
    return answerMade(made, true);
  }
}

/**
 * Ends silences: load them beside what fires, one transaction, and the judging again. What begins to fire in between is
 * found by the sweep's look a minute later.
 */
export async function end(
  deps: CarryOutDeps,
  { actor, commandId }: By,
  ids: readonly string[],
  limits: TryLimits,
): Promise<SlackAnswer> {
  return decideAgain(deps, limits, async () => {
    const { table, policy, clock } = deps;
    const [found, firing] = await Promise.all([loadSilencesById(table, ids), listFiringAlerts(table)]);
    const ended = ids.map((id, index) => {
      const before = found[index] ?? null;
      const decision = before === null ? null : expireSilence(before, clock.now(), actor.name);
      const after = decision?.outcome === 'accepted' ? decision.silence : null;
      return { id, before, after };
    });
    const changes = ended.flatMap(({ before, after }) => (after === null ? [] : [{ before, after }]));
    if (changes.length > 0) {
      await saveSilences(table, changes, policy);
      await sendRejudge(deps, firing, `silences-${commandId}`);
    }
    return answerEnded(
      ended.map(({ id, before, after }) => ({
        id,
        silence: after ?? before,
        was: after === null ? 'expired' : 'ended',
      })),
    );
  });
}

export async function list({ table, clock }: CarryOutDeps): Promise<SlackAnswer> {
  return answerSilences(await loadSilences(table), clock.now());
}
