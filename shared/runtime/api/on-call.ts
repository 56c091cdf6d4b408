import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { addSeconds, type Instant, secondsBetween } from '../../kernel/instant.ts';
import { findName, findSchedule } from '../../on-call/find-name.ts';
import { parseMoment } from '../../on-call/moment.ts';
import { shiftsBetween } from '../../on-call/on-call.ts';
import { type Place, readMomentAlone } from '../../on-call/read-period.ts';
import { loadOverrides } from '../../store/override-store.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { badRequest, found, notFound } from '../read-value.ts';
import { calendarAddress } from './calendar-key.ts';
import { viewSchedule, viewShifts } from './on-call-view.ts';
import type { Operator } from './operator.ts';
import { pageOf } from './page-of.ts';
import { type ParameterReader, readQuery } from './read-query.ts';

export type OnCallDeps = Pick<Deps, 'table' | 'clock' | 'policy' | 'settings'>;
type Answer = Promise<APIGatewayProxyResult>;

const daySeconds = 86_400;
const usualDays = 14;
/** A quarter: of the shortest shifts as many as one answer takes. */
const mostDays = 100;
const personDays = 90;
/** Of one person: beyond it they are in very many schedules, or in turns of minutes. */
const mostShifts = 1_000;

/** GET /v1/on-call: every schedule now, and whose turn is next. */
export async function listOnCall(deps: OnCallDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const { table, policy, clock, settings } = deps;
  const now = clock.now();
  const overrides = await loadOverrides(table, policy, now);
  const addressOf = calendarAddress(event, operator, settings.publicUrl);
  const schedules = Object.values(policy.schedules).map((schedule) => ({
    ...viewSchedule(schedule, overrides, now),
    calendar: addressOf('schedules', schedule.name),
  }));
  return jsonAnswer(200, { at: now, schedules });
}

/** GET /v1/on-call/schedules/{name}: its shifts and gaps, by default of the next two weeks. */
export async function showSchedule(deps: OnCallDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const { table, policy, clock, settings } = deps;
  const schedule = findSchedule(policy, event.pathParameters?.name ?? '');
  if (!schedule.ok) return problem(notFound(schedule.problem).problem);
  const { name, timeZone } = schedule.value;
  const now = clock.now();
  const instant = momentOf({ timeZone, now });
  const query = readQuery(event, { from: instant, to: instant });
  if (!query.ok) return problem(query.problem);
  const from = query.value.from ?? now;
  const to = query.value.to ?? addSeconds(from, usualDays * daySeconds);
  if (to <= from)
    return problem(badRequest(`It would end at ${to}, not after its start at ${from}. Write a later end.`).problem);
  if (secondsBetween(from, to) > mostDays * daySeconds) {
    return problem(badRequest(`From ${from} to ${to} are more than ${mostDays} days. Ask for fewer.`).problem);
  }
  const overrides = await loadOverrides(table, policy, from);
  const calendar = calendarAddress(event, operator, settings.publicUrl)('schedules', name);
  const shifts = viewShifts(shiftsBetween(schedule.value, overrides, from, to));
  return jsonAnswer(200, { schedule: name, timeZone, from, to, ...shifts, calendar });
}

/** An instant, or a local time of the place; null when absent. */
const momentOf =
  (place: Place): ParameterReader<Instant | null> =>
  (values, name) => {
    const text = values.at(-1);
    if (text === undefined) return found(null);
    const moment = parseMoment(text);
    if (moment === null) {
      return badRequest(
        `The parameter ${name} is a time such as 2026-12-24T18:00 (as clocks in ${place.timeZone} show it) or 2026-12-24T17:00:00Z.`,
      );
    }
    const read = readMomentAlone(moment, place);
    return read.ok ? found(read.value) : badRequest(read.problem);
  };

/** GET /v1/on-call/people/{name}: what a person is on call for now, and the shifts of the next 90 days. */
export async function showPerson(deps: OnCallDeps, event: APIGatewayProxyEvent, operator: Operator): Answer {
  const { table, policy, clock, settings } = deps;
  const person = findName(event.pathParameters?.name ?? '', Object.keys(policy.people), 'person');
  if (!person.ok) return problem(notFound(person.problem).problem);
  const now = clock.now();
  const overrides = await loadOverrides(table, policy, now);
  const shifts = Object.values(policy.schedules).flatMap((schedule) =>
    viewShifts(shiftsBetween(schedule, overrides, now, addSeconds(now, personDays * daySeconds)))
      .shifts.filter((shift) => shift.person === person.value)
      .map(({ startsAt, endsAt, by }) => ({ schedule: schedule.name, startsAt, endsAt, by })),
  );
  const sorted = shifts.toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0));
  const onCall = sorted.filter(({ startsAt }) => startsAt === now).map(({ schedule }) => schedule);
  const calendar = calendarAddress(event, operator, settings.publicUrl)('people', person.value);
  const { entries, rest } = pageOf(sorted, mostShifts);
  return jsonAnswer(200, { person: person.value, at: now, onCall, shifts: entries, complete: rest === null, calendar });
}
