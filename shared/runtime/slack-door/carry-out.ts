import { parseSlackCommand, type SlackCommand } from '../../notification/parse-slack-command.ts';
import { answerHelp, answerList } from '../../notification/slack-command-answers.ts';
import { answerOutcome, type SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import type { SilencePress } from '../../notification/slack-silence-buttons.ts';
import { listOpenIncidents } from '../../store/incident-store.ts';
import type { TryLimits } from '../decide-again.ts';
import type { Deps } from '../deps.ts';
import type { QueuedCommand } from '../messages.ts';
import { type CommandDeps, runCommand } from '../run-command.ts';
import { buttonOfCommand, changeOf, type WantedChange } from './change-of.ts';
import { findTarget, type Haste } from './find-target.ts';

export type CarryOutDeps = CommandDeps & Pick<Deps, 'settings' | 'queues' | 'ids' | 'log'>;
export type PersonsCommand = Pick<
  QueuedCommand,
  'command' | 'incidentNumber' | 'actor' | 'commandId' | 'correlationId' | 'takenAt'
>;

const tryLimits: Readonly<Record<Haste, TryLimits>> = {
  'within a request': { tries: 1, budgetMillis: 0 },
  'by the worker': { tries: 5, budgetMillis: 5_000 },
};

/**
 * Carries out what a person typed or pressed, and says what became of it. Within a request it takes at most 3 calls of the
 * table in sequence: finding the incident, loading it, and the transaction.
 * @returns null when it takes more calls than a request has: nothing was done
 * @throws AdapterError when the table could not be asked, or somebody else decided first
 */
export async function carryOut(deps: CarryOutDeps, asked: PersonsCommand, haste: Haste): Promise<SlackAnswer | null> {
  const { command } = asked;
  if (command.type === 'Slack text') return carryOutText(deps, asked, parseSlackCommand(command.text), haste);
  if (command.type === 'Slack silence') return carryOutSilence(deps, asked, command.press, haste);
  const name = buttonOfCommand(command);
  if (name === null) return answerHelp(null);
  const target = await findTarget(deps.table, asked.incidentNumber, haste);
  if (target.found !== 'one') return target.found === 'none' ? target.answer : null;
  return change(deps, asked, { id: target.id, number: asked.incidentNumber, haste }, { name, command });
}

async function carryOutText(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  command: SlackCommand,
  haste: Haste,
): Promise<SlackAnswer | null> {
  if (command.kind === 'help') return answerHelp(command.problem);
  if (command.kind === 'list') return answerList(await listOpenIncidents(deps.table));
  if (command.kind === 'silence' || command.kind === 'unsilence' || command.kind === 'silences') {
    return carryOutSilence(deps, asked, command, haste);
  }
  if (command.kind === 'on-call') {
    const { carryOutOnCall } = await import('./on-call.ts');
    return carryOutOnCall(deps, asked, command.wish, tryLimits[haste]);
  }
  if (command.kind === 'who' && command.labels !== null) {
    const { whoOfAlert } = await import('./who.ts');
    return whoOfAlert(deps, command.labels, command);
  }
  const { number } = command;
  const target = await findTarget(deps.table, number, haste);
  if (target.found !== 'one') return target.found === 'none' ? target.answer : null;
  const place: Place = { id: target.id, number, haste };
  const wanted = changeOf(command);
  if (wanted !== null) return change(deps, asked, place, wanted);
  const { kind } = command;
  return look(deps, asked, place, kind === 'why' || kind === 'postmortem' || kind === 'who' ? kind : 'show');
}

/** They need the matchers' engine and the routes, which no other command needs. */
async function carryOutSilence(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  wanted: SilencePress | Extract<SlackCommand, { kind: 'silence' | 'unsilence' | 'silences' }>,
  haste: Haste,
): Promise<SlackAnswer | null> {
  const { end, list, make, propose } = await import('./silences.ts');
  const limits = tryLimits[haste];
  if ('kind' in wanted) {
    if (wanted.kind === 'silence') return propose(deps, asked, wanted.text, haste);
    return wanted.kind === 'silences' || wanted.ids.length === 0 ? list(deps) : end(deps, asked, wanted.ids, limits);
  }
  switch (wanted.do) {
    case 'make':
      return make(deps, asked, wanted.silence);
    case 'end':
      return end(deps, asked, [wanted.id], limits);
    case 'silence alerts': {
      const { silenceAlerts } = await import('./silence-alerts.ts');
      return silenceAlerts(deps, asked, wanted, { haste, limits });
    }
  }
}

interface Place {
  readonly id: string;
  /** As the person named it. */
  readonly number: number | null;
  readonly haste: Haste;
}

async function change(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  { id, number, haste }: Place,
  { name, command }: WantedChange,
): Promise<SlackAnswer> {
  const { decision, incident } = await runCommand(
    deps,
    { ...requestOf(asked), incidentId: id, command },
    tryLimits[haste],
  );
  return answerOutcome(name, decision, incident, number);
}

const requestOf = ({ actor, commandId, correlationId }: PersonsCommand) => ({ actor, commandId, correlationId });

/** Showing, explaining and drafting. */
async function look(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  place: Place,
  kind: 'show' | 'why' | 'postmortem' | 'who',
): Promise<SlackAnswer> {
  if (kind === 'who') {
    const { whoIsNext } = await import('./who.ts');
    return whoIsNext(deps, place);
  }
  const { draft, explain, show } = await import('./look-into.ts');
  if (kind === 'show') return show(deps, place);
  if (kind === 'why') return explain(deps, place);
  return draft(deps, place, async () => {
    const command = { type: 'RecordPostmortem' } as const;
    const request = { ...requestOf(asked), incidentId: place.id, command };
    const { incident } = await runCommand(deps, request, tryLimits[place.haste]);
    return incident;
  });
}
