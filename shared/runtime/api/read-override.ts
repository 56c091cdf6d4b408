import { parseDuration } from '../../config/duration.ts';
import type { Policy } from '../../config/policy.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Result } from '../../kernel/result.ts';
import type { OverrideDraft } from '../../on-call/check-override.ts';
import { findName, findSchedule } from '../../on-call/find-name.ts';
import { type Moment, parseMoment } from '../../on-call/moment.ts';
import { type PeriodWish, readMomentAlone, readPeriod } from '../../on-call/read-period.ts';
import type { Schedule } from '../../on-call/schedule.ts';
import type { SwapWish } from '../../on-call/swap-shifts.ts';
import { type Body, badRequest, found, type Read } from '../read-value.ts';

/** What a request says of an override or a swap: names that there are, and times on the clocks of the schedule. */

interface Place {
  readonly policy: Pick<Policy, 'schedules' | 'people'>;
  readonly now: Instant;
}

export function readOverride(
  body: Body,
  { policy, now }: Place,
): Read<{ readonly draft: OverrideDraft; readonly reason: string }> {
  const schedule = readSchedule(body, policy);
  if (!schedule.ok) return schedule;
  const person = readPerson(body.person, 'person', policy);
  if (!person.ok) return person;
  const replaces = body.replaces == null ? found(null) : readPerson(body.replaces, 'replaces', policy);
  if (!replaces.ok) return replaces;
  const wish = readWish(body);
  if (!wish.ok) return wish;
  const reason = readReason(body);
  if (!reason.ok) return reason;
  const { name, timeZone } = schedule.value;
  const period = told(readPeriod(wish.value, { timeZone, now }));
  if (!period.ok) return period;
  const names = { schedule: name, person: person.value, replaces: replaces.value };
  return found({ draft: { ...names, ...period.value }, reason: reason.value });
}

export function readSwap(
  body: Body,
  { policy, now }: Place,
): Read<{ readonly swap: SwapWish; readonly reason: string }> {
  const schedule = readSchedule(body, policy);
  if (!schedule.ok) return schedule;
  const { people } = body;
  if (!Array.isArray(people) || people.length !== 2) {
    return badRequest('The body needs "people", a list of two names such as ["alice", "bob"].');
  }
  const one = readPerson(people[0], 'people', policy);
  if (!one.ok) return one;
  const other = readPerson(people[1], 'people', policy);
  if (!other.ok) return other;
  const isRunningToo = body.at != null;
  const moment = readMoment(body, isRunningToo ? 'at' : 'from');
  if (!moment.ok) return moment;
  const reason = readReason(body);
  if (!reason.ok) return reason;
  const place = { timeZone: schedule.value.timeZone, now };
  const from = told(readMomentAlone(moment.value ?? { kind: 'now' }, place));
  if (!from.ok) return from;
  const swap = { schedule: schedule.value, people: [one.value, other.value] as const, from: from.value, isRunningToo };
  return found({ swap, reason: reason.value });
}

const told = <T>(result: Result<T>): Read<T> => (result.ok ? found(result.value) : badRequest(result.problem));

const needed = (field: string) => badRequest(`The body needs "${field}", a name of the policy file.`);

const readSchedule = ({ schedule }: Body, policy: Place['policy']): Read<Schedule> =>
  typeof schedule === 'string' ? told(findSchedule(policy, schedule)) : needed('schedule');

const readPerson = (name: unknown, field: string, { people }: Place['policy']): Read<string> =>
  typeof name === 'string' ? told(findName(name, Object.keys(people), 'person')) : needed(field);

/** `startsAt` (absent: now) and `endsAt`, or `duration` in its place. */
function readWish(body: Body): Read<PeriodWish> {
  const from = readMoment(body, 'startsAt');
  if (!from.ok) return from;
  const to = readMoment(body, 'endsAt');
  if (!to.ok) return to;
  const start: Moment = from.value ?? { kind: 'now' };
  const { duration } = body;
  if ((to.value === null) === (duration == null)) {
    return badRequest('The body needs one of "endsAt", such as "2026-12-25T09:00", and "duration", such as "2h".');
  }
  if (to.value !== null) return found({ from: start, end: { to: to.value } });
  const seconds = typeof duration === 'string' ? parseDuration(duration) : null;
  return seconds === null
    ? badRequest('The field "duration" is a number and a unit, such as 30m, 2h or 1d.')
    : found({ from: start, end: { seconds } });
}

/** Null when absent. */
function readMoment(body: Body, field: string): Read<Moment | null> {
  const value = body[field];
  if (value === undefined || value === null) return found(null);
  const moment = typeof value === 'string' ? parseMoment(value) : null;
  return moment === null
    ? badRequest(
        `The field "${field}" is a time on the clocks of the schedule, such as "2026-12-24T18:00", or an instant such as "2026-12-24T17:00:00Z".`,
      )
    : found(moment);
}

function readReason({ reason }: Body): Read<string> {
  if (reason === undefined || reason === null) return found('');
  return typeof reason === 'string' ? found(reason) : badRequest('The field "reason" is a text.');
}
