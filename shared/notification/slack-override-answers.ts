import type { OverrideDecision } from '../on-call/decide-override.ts';
import type { Shift } from '../on-call/on-call.ts';
import type { Override } from '../on-call/override.ts';
import { dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { whoWhen } from './slack-on-call-answers.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';

/** What became of a person's command about overrides, for who asked. */

const name = (text: string): string => escapeMrkdwn(text, 80);
const told = 5;

/** A refusal says what to do instead. */
export const answerRefused = (problem: string): SlackAnswer => answer(escapeMrkdwn(problem, 1_000));

export function answerChanged(did: 'override' | 'swap' | 'cancel', decision: OverrideDecision): SlackAnswer {
  switch (decision.outcome) {
    case 'rejected':
      return answerRefused(decision.problem);
    case 'unchanged':
      return answer(unchangedText(decision));
    case 'accepted':
      return answer(did === 'cancel' ? cancelledText(decision.overrides) : madeText(did, decision));
  }
}

function unchangedText({ reason, overrides }: Extract<OverrideDecision, { outcome: 'unchanged' }>): string {
  switch (reason) {
    case 'command repeated':
      return `That was already done: ${overrides.map((each) => whoWhen(each)).join('; ')}.`;
    case 'is on call already':
      return 'Nothing to do: this person is on call then already.';
    case 'cancelled already':
      return 'That was cancelled already.';
  }
}

function madeText(
  did: 'override' | 'swap',
  { overrides, takes, covers }: Extract<OverrideDecision, { outcome: 'accepted' }>,
): string {
  const [first] = overrides;
  const id = (did === 'swap' ? first?.swapId : first?.id) ?? '';
  const sentences = [
    `${did === 'swap' ? 'Swapped: ' : ''}${overrides.map((each) => whoWhen(each, ' is on call')).join('; ')}.`,
    ...(takes.length === 0 ? [] : [`That is instead of ${insteadOf(takes)}.`]),
    ...covers.slice(0, told).map(coversText),
    ...(covers.length > told ? [`It covers ${covers.length - told} more.`] : []),
    `\`/incident override cancel ${id}\` takes it back.`,
  ];
  return sentences.join(' ');
}

/** Whoever had it, each once. */
const insteadOf = (takes: readonly Shift[]): string =>
  [...new Set(takes.map(({ onCall }) => (onCall === null ? 'nobody' : name(onCall.person))))].slice(0, 10).join(', ');

const coversText = ({ person, endsAt, createdBy }: Override): string =>
  `It covers the override for ${name(person)} until ${dateMrkdwn(endsAt)} by ${name(createdBy.name)}, because it was made later.`;

const cancelledText = (overrides: readonly Override[]): string =>
  `Cancelled: ${overrides.map((each) => whoWhen(each)).join('; ')}. The schedule counts again, from now on.`;
