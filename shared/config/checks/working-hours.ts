import type { Policy, WorkingHours } from '../policy.ts';
import type { Finding, PolicyPath } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import { isTimeZone, timeZoneFix } from '../time-zone.ts';

const hoursEnd = ({ start, end }: Pick<WorkingHours, 'start' | 'end'>, at: PolicyPath): Finding[] => {
  if (end > start) return [];
  const message = `working hours end at ${end}, not after their start at ${start}`;
  return [{ level: 'error', at: [...at, 'end'], message, fix: 'Write a later end; "24:00" is midnight.' }];
};

/** Working hours that exist: a known zone, and an end after the start. */
export function checkWorkingHours({ workingHours }: Policy, { people }: PolicyDocument): Finding[] {
  const findings = hoursEnd(workingHours, ['workingHours']);
  if (!isTimeZone(workingHours.timeZone)) {
    const message = `unknown time zone "${workingHours.timeZone}"`;
    findings.push({ level: 'error', at: ['workingHours', 'timeZone'], message, fix: timeZoneFix });
  }
  const personal = Object.entries(people ?? {}).flatMap(([name, person]) =>
    person.workingHours === undefined ? [] : hoursEnd(person.workingHours, ['people', name, 'workingHours']),
  );
  return [...findings, ...personal];
}
