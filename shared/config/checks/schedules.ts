import type { Layer, Schedule } from '../../on-call/schedule.ts';
import type { Policy } from '../policy.ts';
import type { Finding, PolicyPath } from '../problem.ts';
import { findClockProblem } from './one-off-times.ts';

const placeOf = (schedule: Schedule, index: number, ...rest: PolicyPath): PolicyPath => [
  'schedules',
  schedule.name,
  'layers',
  index,
  ...rest,
];

/** A role of a team may be a person or a schedule, so one name cannot be both. */
export const checkScheduleNames = ({ schedules, people }: Policy): Finding[] =>
  Object.keys(schedules)
    .filter((name) => Object.hasOwn(people, name))
    .map((name) => ({
      level: 'error',
      at: ['schedules', name],
      onKey: true,
      message: `schedule ${name} has the name of a person`,
      fix: 'Give the schedule another name: a role of a team may be either.',
    }));

/** A layer is named on pages and in answers, so its name must be its own. */
export const checkLayerNames = ({ schedules }: Policy): Finding[] =>
  Object.values(schedules).flatMap((schedule) =>
    schedule.layers.flatMap(({ name }, index): Finding[] => {
      const first = schedule.layers.findIndex((layer) => layer.name === name);
      if (first === index) return [];
      const message = `layer ${index + 1} of schedule ${schedule.name} has the name of layer ${first + 1}: ${name}`;
      return [{ level: 'error', at: placeOf(schedule, index, 'name'), message, fix: 'Give it another name.' }];
    }),
  );

/** Start and end of a layer are what its author counts on to the minute, and come once: moved by a change of the clocks they are others. */
export const checkLayerTimes = ({ schedules }: Policy): Finding[] =>
  Object.values(schedules).flatMap((schedule) =>
    schedule.layers.flatMap(({ name, start, end }, index): Finding[] => {
      const times = [{ key: 'start', time: start }, ...(end === null ? [] : [{ key: 'end', time: end }])];
      const wrong = times.flatMap(({ key, time }): Finding[] => {
        const problem = findClockProblem(time, schedule.timeZone);
        return problem === null ? [] : [{ level: 'error', at: placeOf(schedule, index, key), ...problem }];
      });
      if (end === null || end > start) return wrong;
      const message = `layer ${name} of schedule ${schedule.name} ends at ${end}, not after its start at ${start}`;
      return [...wrong, { level: 'error', at: placeOf(schedule, index, 'end'), message, fix: 'Write a later end.' }];
    }),
  );

/** Whether a layer has somebody at every instant at which another may have. Local times of one zone compare as texts. */
const covers = (upper: Layer, lower: Layer): boolean =>
  upper.restrictions.length === 0 &&
  upper.start <= lower.start &&
  (upper.end === null || (lower.end !== null && lower.end <= upper.end));

/** A layer under one that always has somebody is never seen. */
export const checkCoveredLayers = ({ schedules }: Policy): Finding[] =>
  Object.values(schedules).flatMap((schedule) =>
    schedule.layers.flatMap((layer, index): Finding[] => {
      const cover = schedule.layers.slice(index + 1).find((upper) => covers(upper, layer));
      if (!cover) return [];
      const message = `nobody of layer ${layer.name} of schedule ${schedule.name} is ever on call: layer ${cover.name} always covers it`;
      const fix = `Give layer ${cover.name} a when:, or move it before layer ${layer.name}.`;
      return [{ level: 'error', at: placeOf(schedule, index), message, fix }];
    }),
  );
