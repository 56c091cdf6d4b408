import { namePattern } from '../config/name.ts';
import { suggestName } from '../config/nearest-name.ts';
import type { Policy } from '../config/policy.ts';
import { fail, type Result, succeed } from '../kernel/result.ts';
import type { Schedule } from './schedule.ts';

/** The name that somebody means, letter case aside, or a sentence that says which there are. Never one that only every object has. */
export function findName(asked: string, known: readonly string[], what: 'schedule' | 'person'): Result<string> {
  if (known.includes(asked)) return succeed(asked);
  const alike = known.filter((name) => name.toLowerCase() === asked.toLowerCase());
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return succeed(only);
  if (known.length === 0) return fail(`The policy file has no ${what}.`);
  if (!namePattern.test(asked)) return fail(`That is no name of a ${what}. ${suggestName('', known)}`);
  return fail(`There is no ${what} ${asked}. ${suggestName(asked, known)}`);
}

export function findSchedule({ schedules }: Pick<Policy, 'schedules'>, asked: string): Result<Schedule> {
  const found = findName(asked, Object.keys(schedules), 'schedule');
  const schedule = found.ok ? schedules[found.value] : undefined;
  return schedule === undefined ? fail(found.ok ? 'There is no such schedule.' : found.problem) : succeed(schedule);
}
