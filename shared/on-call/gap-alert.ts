import type { Labels } from '../alert/labels.ts';
import { ownAlertLabel, scheduleLabel } from '../config/defaults.ts';
import type { Instant } from '../kernel/instant.ts';
import { localDateTimeOf } from '../kernel/local-clock.ts';
import type { Gap } from './coverage-look.ts';
import type { Schedule } from './schedule.ts';

/** Our own alert about a time in which nobody is on call; each schedule has an incident of its own. */
export const gapLabels = (schedule: string): Labels => ({
  alertname: 'OnCallGap',
  [scheduleLabel]: schedule,
  [ownAlertLabel]: 'true',
});

/** What people read of it. */
export const gapAnnotations = ({ name, timeZone }: Schedule, { startsAt, endsAt }: Gap): Labels => ({
  summary: `Nobody is on call in schedule ${name} from ${localText(startsAt, timeZone)}`,
  description:
    `From ${localText(startsAt, timeZone)} ${untilText(endsAt, timeZone)} (${timeZone}), which is from ${startsAt} ` +
    `${endsAt === null ? 'on' : `to ${endsAt}`}, pages to this schedule would go to the next step or to the fallback. ` +
    'Have somebody take the time by an override, or add a layer to the policy file; this ends by itself within an hour.',
});

const untilText = (endsAt: Instant | null, timeZone: string): string =>
  endsAt === null ? 'for as far as can be seen' : `to ${localText(endsAt, timeZone)}`;

/** `2026-03-29 03:00`, as the clocks of the zone show it. */
const localText = (at: Instant, timeZone: string): string => localDateTimeOf(at, timeZone).replace('T', ' ');
