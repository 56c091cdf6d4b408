import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';
import { isTimeZone, timeZoneFix } from '../time-zone.ts';

/** A page to somebody without an address would go to the fallback each time. */
export const checkReachablePeople = (policy: Policy): Finding[] =>
  Object.values(policy.people)
    .filter((person) => person.slackUserId === null && person.sns === null)
    .map(({ name }) => ({
      level: 'error',
      at: ['people', name],
      onKey: true,
      message: `nobody can reach ${name}: neither slack nor sns is set`,
      fix: 'Add slack: with the member id, or sns: with an SNS contact.',
    }));

interface UsedId {
  readonly at: readonly string[];
  readonly id: string | null;
}

function findRepeated(uses: readonly UsedId[], level: Finding['level'], what: string): Finding[] {
  return uses.flatMap(({ at, id }, index): Finding[] => {
    const first = uses.find((use) => use.id === id);
    if (id === null || first === undefined || uses.indexOf(first) === index) return [];
    const message = `${what} ${id} is already that of ${first.at[1]}`;
    return [{ level, at, message, fix: 'Correct one of the two, or remove one entry.' }];
  });
}

/** Who pressed a button is told by the Slack user id alone; two names for one channel are only confusing. */
export const checkRepeatedSlackIds = (policy: Policy): Finding[] => [
  ...findRepeated(
    Object.values(policy.people).map(({ name, slackUserId }) => ({ at: ['people', name, 'slack'], id: slackUserId })),
    'error',
    'the Slack user id',
  ),
  ...findRepeated(
    Object.entries(policy.slackChannels).map(([name, id]) => ({ at: ['slackChannels', name], id })),
    'warning',
    'the Slack channel id',
  ),
];

/** Working hours that exist: a known zone, and an end after the start. */
export function checkWorkingHours({ workingHours }: Policy): Finding[] {
  const findings: Finding[] = [];
  if (!isTimeZone(workingHours.timeZone)) {
    const message = `unknown time zone "${workingHours.timeZone}"`;
    findings.push({ level: 'error', at: ['workingHours', 'timeZone'], message, fix: timeZoneFix });
  }
  if (workingHours.end <= workingHours.start) {
    const message = `working hours end at ${workingHours.end}, not after their start at ${workingHours.start}`;
    findings.push({
      level: 'error',
      at: ['workingHours', 'end'],
      message,
      fix: 'Write a later end; "24:00" is midnight.',
    });
  }
  return findings;
}
