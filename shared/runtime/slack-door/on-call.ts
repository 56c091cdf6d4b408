import type { Actor } from '../../incident/incident.ts';
import { fail, type Result, succeed } from '../../kernel/result.ts';
import type { OnCallWish, PersonWish } from '../../notification/parse-on-call-command.ts';
import { answerOnCall, answerOverrides } from '../../notification/slack-on-call-answers.ts';
import type { SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import { answerChanged, answerRefused } from '../../notification/slack-override-answers.ts';
import { type ChangeContext, cancelOverride, makeOverride } from '../../on-call/decide-override.ts';
import { findName, findSchedule } from '../../on-call/find-name.ts';
import { readMomentAlone, readPeriod } from '../../on-call/read-period.ts';
import { swapShifts } from '../../on-call/swap-shifts.ts';
import { loadOverrides } from '../../store/override-store.ts';
import { changeOverrides } from '../change-overrides.ts';
import type { TryLimits } from '../decide-again.ts';
import type { CarryOutDeps, PersonsCommand } from './carry-out.ts';

/** What people type about schedules: loaded with the first of them, so that whoever acknowledges does not wait. */

type Wish<Kind extends OnCallWish['kind']> = Extract<OnCallWish, { kind: Kind }>;

/** At most two calls of the table in sequence. */
export function carryOutOnCall(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  wish: OnCallWish,
  limits: TryLimits,
): Promise<SlackAnswer> {
  switch (wish.kind) {
    case 'on-call':
      return show(deps, wish);
    case 'overrides':
      return list(deps);
    case 'cancel override':
      return cancel(deps, asked, wish, limits);
    case 'override':
      return override(deps, asked, wish, limits);
    case 'swap':
      return swap(deps, asked, wish, limits);
  }
}

async function show({ table, policy, clock }: CarryOutDeps, { schedule }: Wish<'on-call'>): Promise<SlackAnswer> {
  const named = schedule === null ? null : findSchedule(policy, schedule);
  if (named !== null && !named.ok) return answerRefused(named.problem);
  const schedules = named === null ? Object.values(policy.schedules) : [named.value];
  return answerOnCall(schedules, await loadOverrides(table, policy, clock.now()), clock.now());
}

const list = async ({ table, policy, clock }: CarryOutDeps): Promise<SlackAnswer> =>
  answerOverrides(await loadOverrides(table, policy, clock.now()));

const commandOf = ({ actor, commandId, correlationId, takenAt }: PersonsCommand) => ({
  actor,
  commandId,
  correlationId,
  askedAt: takenAt,
});

async function override(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  wish: Wish<'override'>,
  limits: TryLimits,
): Promise<SlackAnswer> {
  const schedule = findSchedule(deps.policy, wish.schedule);
  if (!schedule.ok) return answerRefused(schedule.problem);
  const person = findPerson(deps.policy.people, wish.person, asked.actor);
  if (!person.ok) return answerRefused(person.problem);
  // By the time of the command: a retry means the same hours, and finds them done.
  const period = readPeriod(wish.period, { timeZone: schedule.value.timeZone, now: asked.takenAt });
  if (!period.ok) return answerRefused(period.problem);
  const draft = { schedule: schedule.value.name, person: person.value, replaces: null, ...period.value };
  const decide = (context: ChangeContext) => makeOverride(draft, wish.reason, context);
  return answerChanged('override', await changeOverrides(deps, commandOf(asked), limits, decide));
}

async function swap(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  wish: Wish<'swap'>,
  limits: TryLimits,
): Promise<SlackAnswer> {
  const schedule = findSchedule(deps.policy, wish.schedule);
  if (!schedule.ok) return answerRefused(schedule.problem);
  const one = findPerson(deps.policy.people, wish.people[0], asked.actor);
  if (!one.ok) return answerRefused(one.problem);
  const other = findPerson(deps.policy.people, wish.people[1], asked.actor);
  if (!other.ok) return answerRefused(other.problem);
  const place = { timeZone: schedule.value.timeZone, now: asked.takenAt };
  const from = readMomentAlone(wish.from, place);
  if (!from.ok) return answerRefused(from.problem);
  const names = [one.value, other.value] as const;
  const decide = (context: ChangeContext) =>
    swapShifts(
      { schedule: schedule.value, people: names, from: from.value, isRunningToo: wish.isRunningToo },
      '',
      context,
    );
  return answerChanged('swap', await changeOverrides(deps, commandOf(asked), limits, decide));
}

async function cancel(
  deps: CarryOutDeps,
  asked: PersonsCommand,
  { id }: Wish<'cancel override'>,
  limits: TryLimits,
): Promise<SlackAnswer> {
  const decide = (context: ChangeContext) => cancelOverride(id, context);
  return answerChanged('cancel', await changeOverrides(deps, commandOf(asked), limits, decide));
}

function findPerson(people: CarryOutDeps['policy']['people'], wish: PersonWish, actor: Actor): Result<string> {
  if (wish.kind === 'name') return findName(wish.name, Object.keys(people), 'person');
  const userId = wish.kind === 'me' ? actor.id : wish.userId;
  const person = Object.values(people).find(({ slackUserId }) => slackUserId === userId);
  if (person !== undefined) return succeed(person.name);
  const who = wish.kind === 'me' ? 'You are' : 'This member is';
  return fail(`${who} nobody whom the policy file knows by a Slack user. Write a name of the policy file.`);
}
