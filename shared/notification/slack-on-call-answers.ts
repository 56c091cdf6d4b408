import type { Instant } from '../kernel/instant.ts';
import { onCallAt } from '../on-call/on-call.ts';
import type { Override } from '../on-call/override.ts';
import type { Schedule } from '../on-call/schedule.ts';
import { nextShiftChange } from '../on-call/shift-change.ts';
import { codeMrkdwn, dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { section, sectionsOf } from './slack-message.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';

/** Who is on call and what overrides there are, for who asked. The bounds hold an answer under Slack's limits. */

const listed = 15;
const name = (text: string): string => escapeMrkdwn(text, 80);

/** Who is on call now in each of these schedules, until when, by which rule, and who is next. */
export function answerOnCall(
  schedules: readonly Schedule[],
  overrides: readonly Override[],
  now: Instant,
): SlackAnswer {
  if (schedules.length === 0) return answer('The policy file has no schedules, so nobody is on call by one.');
  const lines = schedules.slice(0, listed).map((each) => onCallLine(each, overrides, now));
  const rest = schedules.length - lines.length;
  const all = [...lines, ...(rest > 0 ? [`…and ${rest} more: \`GET /v1/on-call\``] : [])];
  return answer(all.length === 1 ? (all[0] ?? '') : `${schedules.length} schedules`, sectionsOf(all));
}

function onCallLine(schedule: Schedule, overrides: readonly Override[], now: Instant): string {
  const onCall = onCallAt(schedule, overrides, now);
  const change = nextShiftChange(schedule, overrides, now);
  const until = change === null ? 'with no change in sight' : `until ${dateMrkdwn(change.at)}`;
  const next = change === null ? '' : change.to === null ? ', then *nobody*' : `, then ${name(change.to.person)}`;
  if (onCall === null) return `*${name(schedule.name)}*: *nobody* is on call ${until}${next}`;
  const { by } = onCall;
  const rule =
    by.kind === 'layer'
      ? `layer ${name(by.layer)}`
      : `override ${codeMrkdwn(by.id)} by ${name(by.madeBy)}${by.replaced === null ? '' : ` instead of ${name(by.replaced)}`}`;
  return `*${name(schedule.name)}*: *${name(onCall.person)}* (${rule}) ${until}${next}`;
}

/** Those that have not ended, the next to end first, each with who made it and how to take it back. */
export function answerOverrides(overrides: readonly Override[]): SlackAnswer {
  const current = overrides.filter(({ cancelledAt }) => cancelledAt === null);
  if (current.length === 0) return answer('There are no overrides. `/incident on-call` shows who is on call.');
  const count = current.length === 1 ? '1 override' : `${current.length} overrides`;
  const rest = current.length - listed;
  return answer(`${count}.`, [
    section(`*${count}*`),
    ...sectionsOf(current.slice(0, listed).map(overrideLine)),
    ...(rest > 0 ? [section(`…and ${rest} more: \`GET /v1/on-call/overrides\``)] : []),
  ]);
}

/** Who takes over when, and who made it. */
export function overrideLine(override: Override): string {
  const { createdBy, createdAt, reason, swapId, id } = override;
  const said = reason === '' ? '' : `: ${escapeMrkdwn(reason, 100)}`;
  const swap = swapId === null ? '' : `, half of swap ${codeMrkdwn(swapId)}`;
  return `${codeMrkdwn(id)} ${whoWhen(override)}, by ${name(createdBy.name)} ${dateMrkdwn(createdAt)}${swap}${said}`;
}

/** `*carol* is on call for *primary* from … until … instead of alice`; `does` may be left out. */
export function whoWhen({ person, schedule, startsAt, endsAt, replaces }: Override, does = ''): string {
  const instead = replaces === null ? '' : ` instead of ${name(replaces)}`;
  return `*${name(person)}*${does} for *${name(schedule)}* from ${dateMrkdwn(startsAt)} until ${dateMrkdwn(endsAt)}${instead}`;
}
