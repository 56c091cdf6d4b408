import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { feedOfPerson, feedOfSchedule, followedFrom } from '../../on-call/calendar.ts';
import { findName, findSchedule } from '../../on-call/find-name.ts';
import { type CalendarShift, icalOf } from '../../on-call/ical.ts';
import type { Override } from '../../on-call/override.ts';
import { loadOverrides } from '../../store/override-store.ts';
import type { Deps } from '../deps.ts';
import { problem } from '../problem.ts';
import { notFound } from '../read-value.ts';

type CalendarDeps = Pick<Deps, 'table' | 'clock' | 'policy'>;
type Answer = Promise<APIGatewayProxyResult>;

/** GET /v1/on-call/schedules/{name}/calendar.ics */
export async function calendarOfSchedule(deps: CalendarDeps, event: APIGatewayProxyEvent): Answer {
  const schedule = findSchedule(deps.policy, event.pathParameters?.name ?? '');
  if (!schedule.ok) return problem(notFound(schedule.problem).problem);
  const { name } = schedule.value;
  return answerCalendar(deps, `On call: ${name}`, (overrides, now) =>
    feedOfSchedule(schedule.value, { overrides, now }),
  );
}

/** GET /v1/on-call/people/{name}/calendar.ics */
export async function calendarOfPerson(deps: CalendarDeps, event: APIGatewayProxyEvent): Answer {
  const { policy } = deps;
  const person = findName(event.pathParameters?.name ?? '', Object.keys(policy.people), 'person');
  if (!person.ok) return problem(notFound(person.problem).problem);
  return answerCalendar(deps, `On call: ${person.value}`, (overrides, now) =>
    feedOfPerson(person.value, policy, { overrides, now }),
  );
}

async function answerCalendar(
  { table, clock, policy }: CalendarDeps,
  name: string,
  shiftsOf: (overrides: readonly Override[], now: string) => readonly CalendarShift[],
): Answer {
  const now = clock.now();
  const overrides = await loadOverrides(table, policy, followedFrom(now));
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'text/calendar; charset=utf-8', 'Cache-Control': 'no-store' },
    body: icalOf(name, shiftsOf(overrides, now), now),
  };
}
